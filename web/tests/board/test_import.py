"""Files of partners and product types: tried out first, then imported as they were tried."""

import re

import pytest
from web_tests.browser import PORTAL
from web_tests.onboarding import problem
from web_tests.staff import Staff

from zugabe_web.board.import_page import MAX_CARRIED_BYTES

PAGE = "/board/import/partner"
CONTENT = b"Partner;Firma\nnordwind;<b>Nordwind</b>\n"
ROW = {"line": 2, "cells": {"Partner": "nordwind", "Firma": "<b>Nordwind</b>"}, "wrong": []}
MISTAKE = {"line": 3, "column": "E-Mail", "reason": "Erwartet wird eine E-Mail-Adresse."}
TRIED = {
    "dry_run": True,
    "rows": 2,
    "new": 1,
    "changed": 0,
    "unchanged": 0,
    "wrong": [MISTAKE],
    "sheet": "Tabelle1",
    "first_rows": [ROW],
}
DONE = TRIED | {"dry_run": False, "first_rows": []}


async def choose(staff: Staff, content: bytes, path: str = PAGE, **fields: str) -> str:
    sent = await staff.http.post(
        path,
        data={"csrf": staff.csrf, **fields},
        files={"file": ("partner.csv", content)},
        headers={"Origin": PORTAL},
    )
    assert sent.status_code == 200, sent.text
    return sent.text


def fields_of(page: str) -> dict[str, str]:
    form = page[page.index('action="/board/import/partner/jetzt"') :].partition("</form>")[0]
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))


async def test_a_dry_run_shows_rows_and_mistakes_and_imports_nothing(manager: Staff) -> None:
    """X-18: first rows as they were read, and every mistake with its row and column."""
    manager.onboarding.answers["POST /partner-imports"] = TRIED
    page = await choose(manager, CONTENT, sheet="Tabelle1")
    for words in ("2 Zeilen gelesen", "aus dem Blatt „Tabelle1“", "1 neu", MISTAKE["reason"]):
        assert str(words) in page
    assert "&lt;b&gt;Nordwind&lt;/b&gt;" in page
    request = manager.onboarding.asked[-1]
    assert request.content == CONTENT
    assert dict(request.url.params) == {"dry_run": "true", "sheet": "Tabelle1"}


async def test_the_same_file_is_then_imported_without_choosing_it_again(manager: Staff) -> None:
    manager.onboarding.answers["POST /partner-imports"] = TRIED
    fields = fields_of(await choose(manager, CONTENT))
    manager.onboarding.answers["POST /partner-imports"] = DONE
    page = await manager.submit(f"{PAGE}/jetzt", **fields)
    assert "Importiert: 1 neu" in page.text
    request = manager.onboarding.asked[-1]
    assert request.content == CONTENT
    assert request.url.params["dry_run"] == "false"
    assert request.headers["Idempotency-Key"] == fields["key"]


async def test_a_large_file_is_chosen_again_and_must_be_the_same(manager: Staff) -> None:
    large = b"x" * (MAX_CARRIED_BYTES + 1)
    manager.onboarding.answers["POST /partner-imports"] = TRIED
    page = await choose(manager, large)
    fields = fields_of(page)
    assert "carried" not in fields
    assert "Dieselbe Datei noch einmal" in page
    other = await manager.http.post(
        f"{PAGE}/jetzt",
        data=fields,
        files={"file": ("partner.csv", b"another")},
        headers={"Origin": PORTAL},
    )
    assert other.status_code == 422
    assert "eine andere Datei" in other.text
    manager.onboarding.answers["POST /partner-imports"] = DONE
    assert "Importiert: 1 neu" in await choose(manager, large, f"{PAGE}/jetzt", **fields)


async def test_a_file_that_cannot_be_read_is_told(manager: Staff) -> None:
    refused = problem(422, "table-unreadable", "Die Datei ist keine Tabelle.")
    manager.onboarding.answers["POST /product-type-imports"] = refused
    sent = await manager.http.post(
        "/board/import/produkttypen",
        data={"csrf": manager.csrf},
        files={"file": ("x.xlsx", b"no")},
        headers={"Origin": PORTAL},
    )
    assert sent.status_code == 422
    assert "Die Datei ist keine Tabelle." in sent.text


async def test_without_a_file_the_page_says_so(manager: Staff) -> None:
    sent = await manager.submit(PAGE)
    assert sent.status_code == 422
    assert "Bitte wählen Sie eine Datei." in sent.text


@pytest.mark.parametrize("path", ["/board/import/geheim", "/board/import/geheim/jetzt"])
async def test_there_are_imports_of_two_kinds(manager: Staff, path: str) -> None:
    assert (await manager.open(path)).status_code == 404
