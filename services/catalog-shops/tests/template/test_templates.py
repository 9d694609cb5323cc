"""Templates for people: downloaded, and uploaded again untouched or filled in."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest
import xlrd
import xlwt
from catalog_shops_tests.service import EDITOR, InMemoryService
from catalog_shops_tests.shops import Shops

from catalog_shops.article.decider import article_history
from catalog_shops.catalogue_import.columns import COLUMNS
from catalog_shops.shop.assortment_file import TITLES
from zugabe_events.contracts.catalog_shops import AssortmentImported
from zugabe_events.domain.event_store import state_of
from zugabe_events.tables.table import open_table
from zugabe_testing.callers import problem_code
from zugabe_testing.examples import bearer

CATALOGUE = "Excelvorlage für Datenimport"
FORMS = ("xls", "xlsx")

FILLED: Mapping[str, str] = {
    "Artikelnummer": "0017",
    "Bezeichnung": "Kugelschreiber",
    "Katalogkennzeichen": "1",
    "GTIN": "04006381333931",
}


async def download(service: InMemoryService, name: str) -> bytes:
    answer = await service.http.get(f"/templates/{name}")
    assert answer.status_code == 200, answer.text
    disposition = answer.headers["content-disposition"]
    assert unquote(disposition.rpartition("''")[2]) == name
    return answer.content


def filled(content: bytes, form: str, values: Mapping[str, str]) -> bytes:
    """The template with one row, as Excel writes what is typed into columns of text."""
    file = BytesIO()
    if form == "xlsx":
        workbook = openpyxl.load_workbook(BytesIO(content))
        sheet = workbook.active
        assert sheet is not None
        titles = [cell.value for cell in sheet[1]]
        sheet.append([values.get(str(title)) for title in titles])
        workbook.save(file)
        return file.getvalue()
    titles = xlrd.open_workbook(file_contents=content).sheet_by_index(0).row_values(0)
    book = xlwt.Workbook()
    written = book.add_sheet("Artikel")
    for at, title in enumerate(titles):
        written.write(0, at, title)
        if title in values:
            written.write(1, at, values[title])
    book.save(file)
    return file.getvalue()


async def imported(service: InMemoryService, content: bytes, **about: Any) -> Any:
    answer = await service.upload_catalogue(content, **about)
    assert answer.status_code == 202, answer.text
    await service.import_waiting()
    path = answer.json()["address"].removeprefix("/dealers/central")
    return await service.must("central", "GET", path, dealer="central")


async def test_templates_are_offered_for_download() -> None:
    """CS-47: without a token; the names are those of the manual."""
    service = InMemoryService()
    listed = (await service.http.get("/templates")).json()["items"]
    assert [item["name"] for item in listed] == [
        "Importvorlage_Themen- und Markenshop.xls",
        "Importvorlage_Themen- und Markenshop.xlsx",
        "Excelvorlage für Datenimport.xls",
        "Excelvorlage für Datenimport.xlsx",
        "Importformate.xls",
        "Importformate.xlsx",
    ]
    for item in listed:
        answer = await service.http.get(item["address"])
        assert answer.status_code == 200
        head = b"PK" if item["name"].endswith("xlsx") else b"\xd0\xcf\x11\xe0"
        assert answer.content.startswith(head)
    unknown = await service.http.get("/templates/Gutscheine.xls")
    assert problem_code(unknown, 404) == "template-not-found"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("scope", ["some-articles", "gifts", "prices"])
async def test_an_untouched_template_can_be_imported(form: str, scope: str) -> None:
    """CS-47, GA-9"""
    service = InMemoryService()
    content = await download(service, f"{CATALOGUE}.{form}")
    result = await imported(service, content, scope=scope, file_name="umbenannt.dat")
    assert (result["status"], result["format"], result["done"]) == ("completed", form, 0)


@pytest.mark.parametrize("form", FORMS)
async def test_a_filled_template_can_be_imported(form: str) -> None:
    """CS-26, CS-47, GA-9: numbers keep their zeros, in workbooks of Excel 97 to 2003 too."""
    service = InMemoryService()
    content = filled(await download(service, f"{CATALOGUE}.{form}"), form, FILLED)
    result = await imported(service, content, scope="gifts")
    assert (result["format"], result["counts"]["new"]) == (form, 1)
    state = await state_of(service.store, article_history("central", "0017"))
    assert state.article is not None
    assert (state.article.use, state.article.gtin) == ("gift", "04006381333931")


def rows_of(content: bytes, titles: Sequence[str], folder: Path) -> list[Mapping[str, str]]:
    path = folder / "file"
    path.write_bytes(content)
    return [row.cells for row in open_table(path, titles)]


@pytest.mark.parametrize("form", FORMS)
async def test_the_template_of_shops_is_an_assortment(form: str) -> None:
    """CS-23, CS-26, CS-47: untouched it is an empty one; numbers keep their zeros in it."""
    service = Shops()
    await service.allow_own("theme")
    await service.list_articles("0017", "0018", "0019")
    await service.save("theme", "ostern")
    template = await download(service, f"Importvorlage_Themen- und Markenshop.{form}")
    for content, articles in (
        (template, 0),
        (filled(template, form, {"Artikelnummer": "0017", "Topartikel": "1"}), 1),
    ):
        answer = await service.http.put(
            "/dealers/acme/theme-shops/ostern/assortment",
            params={"file_name": "Ostern.xls", "dry_run": "false"},
            content=content,
            headers={**bearer(EDITOR), b"Content-Type": b"application/octet-stream"},
        )
        assert answer.status_code == 200, answer.text
        report = answer.json()
        assert (report["rows"], report["wrong"]) == (articles, [])
    [*_, imported] = service.said(AssortmentImported)
    assert imported.articles == ("0017",)


@pytest.mark.parametrize("form", FORMS)
async def test_every_column_is_described(form: str, tmp_path: Path) -> None:
    """CS-47, GA-9"""
    service = InMemoryService()
    content = await download(service, f"Importformate.{form}")
    rows = rows_of(content, ["Vorlage", "Spalte", "Pflicht", "Inhalt"], tmp_path)
    described = [(row["Vorlage"], row["Spalte"]) for row in rows]
    assert described == [
        *(("Importvorlage_Themen- und Markenshop", title) for title in TITLES),
        *((CATALOGUE, column.title) for column in COLUMNS),
    ]
    assert all(row["Inhalt"] and row["Pflicht"] for row in rows)
    needed = [row["Spalte"] for row in rows if row["Pflicht"] == "Spalte und Angabe"]
    assert needed == ["Artikelnummer", "Bezeichnung"]
