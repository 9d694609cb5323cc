"""Filters and columns of the lists of shops."""

from collections.abc import Mapping
from typing import Literal

from catalog_shops.shop.arranged import SHOP_ROWS, Owner, ShopRow
from catalog_shops.shop.proposals import PROPOSED_SHOPS, ProposedShop
from catalog_shops.shop.view import SHOPS, ShopView
from zugabe_events.contracts.catalog_shops import ShopKind
from zugabe_events.export.table import Column, Table, yes_or_no
from zugabe_events.http.list_query import ListQuery

OWNERS: Mapping[Owner, str] = {"own": "eigener", "central": "zentral"}


class ShopQuery(ListQuery):
    """Active shops come in their order, then inactive own ones, then inactive central ones."""

    active: bool | None = None
    owner: Owner | None = None
    sort: Literal["position"] = "position"


class ProposalQuery(ListQuery):
    sort: Literal["name", "-name"] = "name"


class ReviewQuery(ListQuery):
    sort: Literal["review_due_at", "-review_due_at"] = "review_due_at"


def shop_table(kind: ShopKind) -> Table[ShopRow]:
    return Table(
        "markenshops" if kind == "brand" else "themenshops",
        SHOP_ROWS,
        (
            Column("Position", lambda row: row.position),
            Column("Name", lambda row: row.name),
            Column("URL-Name", lambda row: row.url_name),
            Column("Aktiv", lambda row: yes_or_no(row.active)),
            Column("Herkunft", lambda row: OWNERS.get(row.owner, row.owner)),
            Column("Marke", lambda row: row.brand),
            Column("Artikel der Datei", lambda row: row.article_count),
            Column("Datei", lambda row: row.file_name),
            Column("Geändert am", lambda row: row.changed_at, "instant"),
            Column("Prüfung fällig", lambda row: yes_or_no(row.review_due)),
        ),
    )


PROPOSAL_TABLE: Table[ProposedShop] = Table(
    "vorgeschlagene-markenshops",
    PROPOSED_SHOPS,
    (
        Column("Name", lambda row: row.name),
        Column("URL-Name", lambda row: row.url_name),
        Column("Marke", lambda row: row.brand),
        Column("Vorgeschlagen am", lambda row: row.created_at, "instant"),
    ),
)

REVIEW_TABLE: Table[ShopView] = Table(
    "faellige-pruefungen",
    SHOPS,
    (
        Column("Name", lambda view: view.name),
        Column("URL-Name", lambda view: view.url_name),
        Column("Geändert am", lambda view: view.changed_at, "instant"),
        Column("Zuletzt geprüft am", lambda view: view.reviewed_at, "instant"),
        Column("Prüfung fällig seit", lambda view: view.review_due_at, "instant"),
    ),
)
