"""Filters and columns of the list of documents."""

from collections.abc import Mapping
from typing import Literal

from onboarding.document.view import DOCUMENTS
from zugabe_events.contracts.onboarding import Side
from zugabe_events.export.table import Column, Table
from zugabe_events.files.kinds import SHEET
from zugabe_events.http.fields import Id
from zugabe_events.http.list_query import ListQuery


class DocumentQuery(ListQuery):
    brand: Id | None = None
    sort: Literal["stored_at", "-stored_at"] = "-stored_at"


BY: Mapping[Side, str] = {"partner": "Partner", "central": "Customer Success"}

MEDIA_TYPES: Mapping[str, str] = {
    "application/pdf": "PDF",
    "image/gif": "GIF-Bild",
    "image/jpeg": "JPEG-Bild",
    "image/png": "PNG-Bild",
    "text/csv": "CSV-Tabelle",
    "text/plain": "Text",
    SHEET: "Excel-Tabelle",
}

TABLE = Table(
    "dokumente",
    DOCUMENTS,
    (
        Column("Dokument", lambda view: view.document),
        Column("Titel", lambda view: view.title),
        Column("Datei", lambda view: view.file_name),
        Column("Marke", lambda view: view.brand),
        Column("Art", lambda view: MEDIA_TYPES.get(view.media_type, view.media_type)),
        Column("Größe (Byte)", lambda view: view.size_bytes),
        Column("Hinterlegt von", lambda view: BY.get(view.by, view.by)),
        Column("Hinterlegt am", lambda view: view.stored_at, "instant"),
    ),
)
