"""Files that are damaged, huge, or meant to do harm."""

import io
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from catalog_shops_tests.bmecat import Dialect, bmecat_file
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_shops.catalogue_import.bmecat.damage import DamagedFileError
from catalog_shops.catalogue_import.bmecat.elements import (
    MAX_DEPTH,
    MAX_ELEMENT_SIZE,
    MAX_NAMES,
    MAX_TOKEN_BYTES,
)
from catalog_shops.catalogue_import.bmecat.reader import outline_of, records_of
from catalog_shops.catalogue_import.records import CatalogueArticle, Record, WrongRecord

HEAD = b"<BMECAT version='1.2'><T_NEW_CATALOG>"
ONE = (
    b"<ARTICLE><SUPPLIER_AID>1</SUPPLIER_AID><ARTICLE_DETAILS>"
    b"<DESCRIPTION_SHORT>Ordner</DESCRIPTION_SHORT></ARTICLE_DETAILS></ARTICLE>"
)
END = b"</T_NEW_CATALOG></BMECAT>"


def read_until_damage(content: bytes) -> tuple[Sequence[Record], DamagedFileError]:
    """The articles before the damage, and the damage, as both runs see it."""
    file = io.BytesIO(content)
    outline = outline_of(file)
    file.seek(0)
    found: list[Record] = []
    with pytest.raises(DamagedFileError) as damaged:
        found += records_of(file, outline)  # extends article by article
    outline.close()
    assert outline.damage is not None
    assert outline.articles == len(found)
    assert outline.damage.detail == damaged.value.detail
    return found, damaged.value


def test_a_truncated_file_is_known_up_to_its_damage() -> None:
    """X-39"""
    found, damage = read_until_damage(HEAD + b"\n" + ONE + b"\n" + ONE[:60])
    assert [record.number for record in found] == ["1"]
    assert damage.detail == (
        "Die Datei ist in Zeile 3, Spalte 57 nicht mehr lesbar: sie endet zu früh."
    )
    assert damage.facts == {"line": 3, "column": 57}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "endet zu früh"),
        (b"GIF89a", "kein gültiges XML"),
        (b"<BMECAT><T_NEW_CATALOG></BMECAT>", "falsch geschlossen"),
        (b"<OPENTRANS/>", "beginnt mit „OPENTRANS“"),
        (b"<?xml version='1.0' encoding='klingon'?><BMECAT/>", "Zeichenkodierung"),
        (b"<BMECAT>\xfc</BMECAT>", "Zeichen"),
        (b"<!DOCTYPE BMECAT [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><BMECAT/>", "„&x;“"),
        (b"<!DOCTYPE BMECAT [<!ENTITY x 'aaaaaaaaaaaaaaaaa'>]><BMECAT/>", "„&x;“"),
        (b"<!DOCTYPE BMECAT [<!ENTITY a 'a'><!ENTITY b '&a;&a;'>]><BMECAT/>", "„&b;“"),
    ],
)
def test_what_is_no_catalogue_is_refused_with_a_reason(content: bytes, reason: str) -> None:
    """X-39"""
    found, damage = read_until_damage(content)
    assert found == []
    assert damage.code == "catalogue-damaged"
    assert reason in damage.detail


def test_nothing_outside_the_file_is_read(tmp_path: Path) -> None:
    """X-39: an external DTD is not opened, and the entities of HTML are known without it."""
    dtd = tmp_path / "catalogue.dtd"
    dtd.write_text('<!ENTITY shy "geheim">')
    doctype = (
        f'<!DOCTYPE BMECAT SYSTEM "{dtd.as_uri()}" [<!ENTITY % more "(A?)">'
        '<!ELEMENT UDX.A (#PCDATA)><!ENTITY uuml "&#252;">]>'
    )
    body = ONE.replace(b"Ordner", b"B&uuml;ro&nbsp;Ordner &frac12; &shy;&x;")
    file = io.BytesIO(doctype.encode() + HEAD + body + END)
    [record] = records_of(file, outline_of(io.BytesIO()))
    assert isinstance(record, CatalogueArticle)
    assert record.name == "Büro Ordner ½ \xad&x;"


def test_deep_nesting_ends_the_file() -> None:
    """X-39"""
    inside = b"<A>" * MAX_DEPTH
    for place in (HEAD + inside, HEAD + b"<ARTICLE><FEATURE>" + inside):
        found, damage = read_until_damage(place)
        assert found == []
        assert "zu tief" in damage.detail


@pytest.mark.parametrize(
    "endless",
    [b"<ARTICLE mode='" + b"x" * 65_536, b"<!-- " + b"x" * 65_536, b"<" + b"x" * 65_536],
)
def test_an_endless_tag_or_comment_ends_the_file(endless: bytes) -> None:
    """X-39"""
    more = b"x" * (MAX_TOKEN_BYTES + 200_000)
    found, damage = read_until_damage(HEAD + ONE + endless + more + b"x" * 10_000_000)
    assert [record.number for record in found] == ["1"]
    assert "zu lang" in damage.detail


def test_endless_new_names_end_the_file() -> None:
    """X-39"""
    names = b"".join(b"<X%d/>" % number for number in range(MAX_NAMES + 1))
    attributes = b"".join(b"<X a%d=''/>" % number for number in range(MAX_NAMES + 1))
    for endless in (names, attributes):
        _, damage = read_until_damage(HEAD + b"<ARTICLE><FEATURE>" + endless)
        assert "verschiedene" in damage.detail


def test_an_article_that_is_too_large_is_left_out_and_the_next_one_is_read() -> None:
    """X-39"""
    many = b"<KEYWORD>x</KEYWORD>" * (MAX_ELEMENT_SIZE // 20)
    long = b"<REMARKS>" + b"x" * (MAX_ELEMENT_SIZE + 1) + b"</REMARKS>"
    for large in (many, long):
        body = b"<ARTICLE><SUPPLIER_AID>0</SUPPLIER_AID>" + large + b"</ARTICLE>"
        file = io.BytesIO(HEAD + body + ONE + END)
        wrong, right = records_of(file, outline_of(io.BytesIO()))
        assert wrong == WrongRecord(1, "0", "Der Artikel ist zu groß.")
        assert right.number == "1"


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_a_file_with_a_flipped_byte_is_read_or_refused(data: st.DataObject) -> None:
    """X-39"""
    content = bytearray(bmecat_file([CatalogueArticle(0, "7", name="Heft")] * 3, Dialect("2005")))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    file = io.BytesIO(bytes(content))
    outline = outline_of(file)
    file.seek(0)
    records = records_of(file, outline)
    if outline.damage is None:
        assert len(list(records)) == outline.articles
        return
    with pytest.raises(DamagedFileError) as damaged:
        list(records)
    assert damaged.value.detail == outline.damage.detail


MEASURE = """
import io, resource, sys
from catalog_shops.catalogue_import.bmecat.reader import outline_of, records_of

with open(sys.argv[1], "rb") as file:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    outline = outline_of(file)
    file.seek(0)
    found = sum(record.groups == (("Büro", "Ordnen"),) for record in records_of(file, outline))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(outline.articles, found, grown)
"""


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """X-39: a file of 60 MB is read within 24 MB, its list of articles by group included."""
    path = tmp_path / "large.xml"
    details = (
        "<DESCRIPTION_SHORT>Ordner</DESCRIPTION_SHORT><DESCRIPTION_LONG>"
        + "Hält, was er verspricht. " * 40
        + "</DESCRIPTION_LONG>"
    )
    feature = "<FEATURE><FNAME>Farbe</FNAME><FVALUE>rot</FVALUE></FEATURE>" * 10
    count = 32_000
    with path.open("w", encoding="utf-8") as file:
        file.write("<BMECAT version='1.2'><T_NEW_CATALOG><CATALOG_GROUP_SYSTEM>")
        for group, name, parent in (("2", "Büro", "1"), ("3", "Ordnen", "2")):
            file.write(
                f"<CATALOG_STRUCTURE type='node'><GROUP_ID>{group}</GROUP_ID><GROUP_NAME>{name}"
                f"</GROUP_NAME><PARENT_ID>{parent}</PARENT_ID></CATALOG_STRUCTURE>"
            )
        file.write("</CATALOG_GROUP_SYSTEM>")
        for number in range(count):
            file.write(
                f"<ARTICLE><SUPPLIER_AID>A{number}</SUPPLIER_AID><ARTICLE_DETAILS>{details}"
                f"</ARTICLE_DETAILS><ARTICLE_FEATURES>{feature}</ARTICLE_FEATURES></ARTICLE>\n"
            )
        for number in range(count):
            file.write(
                f"<ARTICLE_TO_CATALOGGROUP_MAP><ART_ID>A{number}</ART_ID>"
                "<CATALOG_GROUP_ID>3</CATALOG_GROUP_ID></ARTICLE_TO_CATALOGGROUP_MAP>\n"
            )
        file.write("</T_NEW_CATALOG></BMECAT>")
    assert path.stat().st_size > 60_000_000
    measured = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, check=True
    )
    articles, found, grown_kib = map(int, measured.stdout.split())
    assert (articles, found) == (count, count)
    assert grown_kib < 24_000
