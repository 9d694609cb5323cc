"""Columns of the list of what was unlocked when."""

from collections.abc import Iterable, Mapping
from typing import Literal

from catalog_shops.media_plan.unlocking import UNLOCKINGS, Cause, SwitchedShop, UnlockingView
from zugabe_events.export.table import Column, Table
from zugabe_events.http.list_query import ListQuery


class UnlockingQuery(ListQuery):
    sort: Literal["at", "-at"] = "at"


CAUSES: Mapping[Cause, str] = {
    "arranged": "Shopverwaltung",
    "central-adopted": "Zentrale Shops übernommen",
    "central-left": "Zentrale Shops nicht mehr übernommen",
    "entry-began": "Mediaplan: Beginn",
    "entry-ended": "Mediaplan: Ende",
}


def names_of(shops: Iterable[SwitchedShop]) -> str:
    return ", ".join(one.name or one.shop for one in shops)


TABLE: Table[UnlockingView] = Table(
    "freischaltungen",
    UNLOCKINGS,
    (
        Column("Zeitpunkt", lambda view: view.at, "instant"),
        Column("Anlass", lambda view: CAUSES.get(view.cause, view.cause)),
        Column("Eintrag", lambda view: view.title),
        Column("Durch", lambda view: view.by),
        Column("Freigeschaltet", lambda view: names_of(view.unlocked)),
        Column("Entfernt", lambda view: names_of(view.removed)),
    ),
)
