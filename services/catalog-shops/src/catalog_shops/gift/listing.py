"""Query and table of the gifts that a tenant maintains."""

from collections.abc import Mapping
from typing import Literal

from catalog_shops.gift.view import OWN_GIFTS, GiftStatus, OwnGiftView
from zugabe_events.export.table import Column, Table
from zugabe_events.http.list_query import ListQuery


class OwnGiftQuery(ListQuery):
    status: GiftStatus | None = None
    sort: Literal[
        "number", "-number", "limit_cents", "-limit_cents", "valid_until", "-valid_until"
    ] = "number"


STATUS: Mapping[GiftStatus, str] = {"offered": "wird angeboten", "withdrawn": "zurückgezogen"}

TABLE: Table[OwnGiftView] = Table(
    "gratis-artikel",
    OWN_GIFTS,
    (
        Column("Artikelnummer", lambda gift: gift.number),
        Column("Bezeichnung", lambda gift: gift.name),
        Column("Auftragswertgrenze (EUR netto)", lambda gift: gift.limit_cents, "hundredths"),
        Column("Gültig von", lambda gift: gift.valid_from),
        Column("Gültig bis", lambda gift: gift.valid_until),
        Column("Status", lambda gift: STATUS.get(gift.status, gift.status)),
        Column("Kennung", lambda gift: gift.gift),
    ),
)
