"""X-38: what is no table is told apart by its content, whatever its name."""

import pytest
from kernel_tests.workbooks import archive

from zugabe_events.tables.errors import TableError
from zugabe_events.tables.table import open_table

OLD_XML = (
    b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'
)
MANIFEST = {"_rels__.rels": b"<x/>"}


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"GIF89a\x01\0\x01\0", "ein Bild (GIF)"),
        (b"\x89PNG\r\n\x1a\n", "ein Bild (PNG)"),
        (b"\xff\xd8\xff\xe0", "ein Bild (JPEG)"),
        (b"%PDF-1.7", "ein PDF"),
        (b"{\\rtf1", "ein Textdokument (RTF)"),
        (b"\x1f\x8b\x08", "ein gepacktes Archiv (GZIP)"),
        (b"\r\n <HTML><table><tr><td>Partner</td></tr></table>", "eine Webseite (HTML)"),
        (b"\xef\xbb\xbf<!DOCTYPE html>", "eine Webseite (HTML)"),
        ("\ufeff<table><tr>".encode("utf-16-le"), "eine Webseite (HTML)"),
        (b"<?xml version='1.0'?><html xmlns='x'>", "eine Webseite (HTML)"),
        (b"MIME-Version: 1.0\r\n", "eine Webseite (HTML)"),
        (OLD_XML, "eine XML-Kalkulationstabelle"),
        (b"<?xml version='1.0'?><BMECAT>", "ein XML-Dokument"),
        (archive(readme="x"), "ein ZIP-Archiv"),
        (archive(word__document="<x/>"), "ein Textdokument (Word)"),
        (archive(ppt__presentation="<x/>"), "eine Präsentation (PowerPoint)"),
    ],
)
def test_the_refusal_says_what_the_file_is(content: bytes, what: str) -> None:
    """X-38: T14"""
    with pytest.raises(TableError) as caught:
        open_table(content, ("Partner",))
    assert caught.value.code == "table-foreign"
    assert caught.value.detail.startswith(f"Die Datei ist {what}, gleich wie sie heißt.")


def test_a_text_in_four_bytes_per_character_says_how_to_save_it() -> None:
    """X-38: T9"""
    with pytest.raises(TableError, match="UTF-32"):
        open_table("\ufeffPartner".encode("utf-32-le"), ("Partner",))


def test_a_binary_file_is_no_text() -> None:
    with pytest.raises(TableError, match="weder eine Textdatei"):
        open_table(b"Partner;Marke\n\0\0\0", ("Partner",))
