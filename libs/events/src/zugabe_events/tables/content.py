"""The format of a file, by its content and never by its name."""

from typing import Literal

from zugabe_events.tables.archive import Archive, damage_refused
from zugabe_events.tables.compound_file import SIGNATURE as COMPOUND_FILE
from zugabe_events.tables.errors import TableError
from zugabe_events.tables.limits import Limits
from zugabe_events.tables.source import Source

type Format = Literal["csv", "xlsx", "xls", "ods"]

HEAD_BYTES = 4_096

BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08")

FOREIGN = {
    b"GIF8": "ein Bild (GIF)",
    b"\x89PNG": "ein Bild (PNG)",
    b"\xff\xd8\xff": "ein Bild (JPEG)",
    b"%PDF": "ein PDF",
    b"{\\rtf": "ein Textdokument (RTF)",
    b"\x1f\x8b": "ein gepacktes Archiv (GZIP)",
    b"7z\xbc\xaf": "ein gepacktes Archiv (7z)",
    b"Rar!": "ein gepacktes Archiv (RAR)",
}
MARKS = "ï»¿ÿþ \t\r\n"
"""Byte order marks, as they look in Latin-1, and blanks."""

WEB_PAGES = (
    "<!doctype html",
    "<html",
    "<head",
    "<body",
    "<table",
    "<meta",
    "<style",
    "<script",
    "<div",
    "<!--",
    "mime-version:",
)
OLD_XML = "urn:schemas-microsoft-com:office:spreadsheet"
OTHER_DOCUMENTS = {
    "word/document.xml": "ein Textdokument (Word)",
    "ppt/presentation.xml": "eine Präsentation (PowerPoint)",
    "index/document.iwa": "eine Tabelle von Apple Numbers",
    "xl/workbook.bin": "eine binäre Excel-Arbeitsmappe (XLSB)",
}


def format_of(source: Source, limits: Limits) -> Format:
    """Raise TableError for what cannot be a table, with what it is instead."""
    head = source.head(HEAD_BYTES)
    if head.startswith(b"PK"):
        return format_of_archive(source, limits)
    if head.startswith((COMPOUND_FILE, *BIFF)):
        return "xls"
    for start, what in FOREIGN.items():
        if head.startswith(start):
            raise not_a_table(what)
    text = head.decode("latin-1").replace("\0", "").lstrip(MARKS).lower()
    if text.startswith(WEB_PAGES) or (text.startswith("<?xml") and "<html" in text):
        raise not_a_table("eine Webseite (HTML)")
    if text.startswith("<?xml"):
        raise not_a_table("eine XML-Kalkulationstabelle" if OLD_XML in text else "ein XML-Dokument")
    return "csv"


def format_of_archive(source: Source, limits: Limits) -> Format:
    with damage_refused(), Archive(source, limits.max_unpacked_bytes) as archive:
        parts = archive.parts
        if "_rels/.rels" not in parts and "content.xml" in parts:
            return "ods"
    for part, what in OTHER_DOCUMENTS.items():
        if part in parts:
            raise not_a_table(what)
    if not any(part.startswith("xl/") for part in parts) and "_rels/.rels" not in parts:
        raise not_a_table("ein ZIP-Archiv")
    return "xlsx"


def not_a_table(what: str) -> TableError:
    return TableError(
        f"Die Datei ist {what}, gleich wie sie heißt. Bitte die Tabelle in Excel öffnen und als "
        "Excel-Arbeitsmappe (XLSX) oder als CSV UTF-8 speichern.",
        code="table-foreign",
    )
