"""Recognition of an uploaded file and its purpose, by content and never by name (GA-18)."""

import codecs
from collections.abc import Mapping, Sequence
from pathlib import Path

from catalog_shops.catalogue_import.bmecat.header import Transaction
from catalog_shops.catalogue_import.bmecat.reader import beginning_of
from catalog_shops.catalogue_import.table_source import table_of
from zugabe_events.contracts.catalog_shops import ImportFormat, ImportScope
from zugabe_events.domain.errors import InvalidError
from zugabe_events.domain.event import Fact

HEAD_BYTES = 1_024
MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
XML = (b"<?xml", b"<!DOCTYPE BMECAT", b"<BMECAT", b"<!--")

SCOPES: Mapping[Transaction, Sequence[ImportScope]] = {
    "T_NEW_CATALOG": ("whole-catalogue", "some-articles", "prices"),
    "T_UPDATE_PRODUCTS": ("some-articles", "prices"),
    "T_UPDATE_PRICES": ("prices",),
}
"""The purposes of a catalogue's import; the one that it states comes first."""

SCOPES_OF_TABLES: Sequence[ImportScope] = ("some-articles", "whole-catalogue", "prices", "gifts")

TABLE_CATALOGUE = "Tabelle"
"""The catalogue of articles that come with whole tables, unless it is named."""


class Recognised(Fact, frozen=True, tag=True):
    format: ImportFormat
    scope: ImportScope
    catalogue: str


def recognised(path: Path, scope: ImportScope | None, catalogue: str) -> Recognised:
    """Read as much of the file as that takes. Raises InvalidError."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        if not head:
            raise InvalidError("Die Datei ist leer.", code="file-empty")
        if is_xml(head):
            file.seek(0)
            header, transaction = beginning_of(file)
            found = chosen(scope, SCOPES[transaction])
            return Recognised("bmecat", found, catalogue or header.catalogue or "BMEcat")
    found = chosen(scope, SCOPES_OF_TABLES)
    table = table_of(path, found)
    if found == "whole-catalogue":
        catalogue = catalogue or TABLE_CATALOGUE
    return Recognised(table.format, found, catalogue)


def is_xml(head: bytes) -> bool:
    for mark in MARKS:
        head = head.removeprefix(mark)
    text = head.replace(b"\0", b"").lstrip()
    return text.startswith(XML) or (text.startswith(b"<") and b"BMECAT" in text)


def chosen(wanted: ImportScope | None, possible: Sequence[ImportScope]) -> ImportScope:
    if wanted is None:
        return possible[0]
    if wanted not in possible:
        raise InvalidError(
            f"Als Import „{GERMAN_SCOPES[wanted]}“ ist diese Datei nicht möglich, sondern als "
            f"„{GERMAN_SCOPES[possible[0]]}“.",
            code="scope-impossible",
        )
    return wanted


GERMAN_SCOPES: Mapping[ImportScope, str] = {
    "whole-catalogue": "ganzer Katalog",
    "some-articles": "einzelne Artikel",
    "prices": "Preise",
    "gifts": "Dankeschönartikel",
}
