"""Quotas of what a tenant keeps in catalogue and shops, by hour (S12)."""

from typing import Literal

from zugabe_events.http import quotas
from zugabe_events.http.quotas import Quota
from zugabe_events.http.throttling import Tally

type Kept = Literal[
    "agreed-prices",
    "articles",
    "assortments",
    "banners",
    "brands",
    "customers",
    "gifts",
    "graphics",
    "groups",
    "imports",
    "plan-entries",
    "prices",
    "shop-changes",
    "shops",
]
type Quotas = quotas.Quotas[Kept]

BY_FILE = "Viele auf einmal bringt ein Katalogimport."

QUOTAS: dict[Kept, Quota] = {
    "agreed-prices": Quota(5_000, "Kundenpreise vereinbaren"),
    "articles": Quota(2_000, "Artikel einzeln speichern", BY_FILE),
    "assortments": Quota(200, "Sortimente einlesen"),
    "banners": Quota(500, "Banner speichern"),
    "brands": Quota(1_000, "Marken einzeln speichern", BY_FILE),
    "customers": Quota(2_000, "Kunden von Vorteilen ausnehmen"),
    "gifts": Quota(500, "Gratis-Artikel speichern"),
    "graphics": Quota(1_000, "Grafiken hochladen"),
    "groups": Quota(1_000, "Warengruppen einzeln speichern", BY_FILE),
    "imports": Quota(60, "Kataloge einlesen"),
    "plan-entries": Quota(500, "Einträge des Mediaplans speichern"),
    "prices": Quota(2_000, "Preise einzeln setzen", BY_FILE),
    "shop-changes": Quota(2_000, "Änderungen an Shops vornehmen"),
    "shops": Quota(500, "Shops speichern"),
}
"""Per tenant and hour. The dry run of an assortment keeps nothing and does not count."""


def quotas_by(tally: Tally) -> Quotas:
    return quotas.Quotas(tally, "hour", QUOTAS)
