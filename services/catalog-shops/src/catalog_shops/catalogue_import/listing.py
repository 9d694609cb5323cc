"""Tables of a tenant's imports, and of what was wrong in them."""

from collections.abc import Mapping
from typing import Literal

from catalog_shops.catalogue_import.import_errors import Consequence, RowMistake
from catalog_shops.catalogue_import.recognition import GERMAN_SCOPES
from catalog_shops.catalogue_import.view import IMPORTS, ImportStatus, ImportView
from zugabe_events.contracts.catalog_shops import ImportScope
from zugabe_events.export.table import Column, RowTable, Table
from zugabe_events.http.list_query import ListQuery

STATUSES: Mapping[ImportStatus, str] = {
    "waiting": "wartet",
    "running": "läuft",
    "cancelling": "wird abgebrochen",
    "completed": "fertig",
    "damaged": "Datei beschädigt",
    "cancelled": "abgebrochen",
    "failed": "gescheitert",
}


class ImportQuery(ListQuery):
    sort: Literal["started_at", "-started_at"] = "-started_at"
    status: ImportStatus | None = None
    scope: ImportScope | None = None


TABLE: Table[ImportView] = Table(
    "Katalogimporte",
    IMPORTS,
    (
        Column("Beginn", lambda view: view.started_at, "instant"),
        Column("Ende", lambda view: view.ended_at, "instant"),
        Column("Datei", lambda view: view.file_name),
        Column("Umfang", lambda view: GERMAN_SCOPES[view.scope]),
        Column("Probelauf", lambda view: view.dry_run),
        Column("Stand", lambda view: STATUSES[view.status]),
        Column("Artikel gelesen", lambda view: view.done),
        Column("neu", lambda view: view.counts.new),
        Column("geändert", lambda view: view.counts.changed),
        Column("unverändert", lambda view: view.counts.unchanged),
        Column("ausgelistet", lambda view: view.counts.delisted),
        Column("fehlerhaft", lambda view: view.counts.wrong),
        Column("teilweise übernommen", lambda view: view.counts.partly),
        Column("Hinweis", lambda view: view.problem),
    ),
)

CONSEQUENCES: Mapping[Consequence, str] = {
    "left-out": "Artikel nicht übernommen",
    "partly": "Artikel ohne diese Angabe übernommen",
}

MISTAKES: RowTable[RowMistake] = RowTable(
    "Importfehler",
    (
        Column("Zeile", lambda mistake: mistake.line),
        Column("Artikelnummer", lambda mistake: mistake.number),
        Column("Folge", lambda mistake: CONSEQUENCES[mistake.consequence]),
        Column("Grund", lambda mistake: mistake.reason),
    ),
)
