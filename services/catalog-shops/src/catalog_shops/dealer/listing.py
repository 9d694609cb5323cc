"""Query and table of the list of dealers."""

from collections.abc import Mapping
from typing import Literal

from catalog_shops.dealer.view import DEALERS, DealerView
from zugabe_events.contracts.catalog_shops import GiftSource
from zugabe_events.export.table import Column, Table, yes_or_no
from zugabe_events.http.list_query import ListQuery


class DealerQuery(ListQuery):
    has_module: bool | None = None
    own_shops: bool | None = None
    gift_source: GiftSource | None = None
    sort: Literal["name", "-name"] = "name"


SOURCES: Mapping[GiftSource, str] = {
    "central": "zentrale",
    "group": "der Händlergruppe",
    "own": "eigene",
    "none": "keine",
}

TABLE: Table[DealerView] = Table(
    "haendler",
    DEALERS,
    (
        Column("Händler", lambda dealer: dealer.name),
        Column("Name", lambda dealer: dealer.title),
        Column("Modul „Vermarktung“", lambda dealer: yes_or_no(dealer.has_module)),
        Column("Beauftragt am", lambda dealer: dealer.ordered_at, "instant"),
        Column("Gekündigt am", lambda dealer: dealer.cancelled_at, "instant"),
        Column("Eigene Shops freigeschaltet", lambda dealer: yes_or_no(dealer.own_shops)),
        Column(
            "Gratis-Artikel", lambda dealer: SOURCES.get(dealer.gift_source, dealer.gift_source)
        ),
        Column("Händlergruppe", lambda dealer: dealer.group),
    ),
)
