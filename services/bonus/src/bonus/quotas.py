"""Quotas of what a programme keeps for good, by tenant and day (S12)."""

from typing import Literal

from zugabe_events.http import quotas
from zugabe_events.http.quotas import Quota
from zugabe_events.http.throttling import Tally

type Kept = Literal["texts"]
type Quotas = quotas.Quotas[Kept]

QUOTAS: dict[Kept, Quota] = {"texts": Quota(100, "Texte des Bonusprogramms veröffentlichen")}
"""Per tenant and day; a text has up to 100,000 characters."""


def quotas_by(tally: Tally) -> Quotas:
    return quotas.Quotas(tally, "day", QUOTAS)
