"""Quotas of campaigns and lists of articles, by tenant and day (S12)."""

from typing import Literal

from zugabe_events.http import quotas
from zugabe_events.http.quotas import Quota
from zugabe_events.http.throttling import Tally

type Kept = Literal["campaigns", "changes", "article-lists"]
type Quotas = quotas.Quotas[Kept]

QUOTAS: dict[Kept, Quota] = {
    "campaigns": Quota(500, "Kampagnen anlegen"),
    "changes": Quota(2_000, "Änderungen an Kampagnen vornehmen"),
    "article-lists": Quota(200, "Artikellisten anlegen"),
}
"""Per tenant and day; an article list has up to 100,000 numbers."""


def quotas_by(tally: Tally) -> Quotas:
    return quotas.Quotas(tally, "day", QUOTAS)
