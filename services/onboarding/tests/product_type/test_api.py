"""Product types over HTTP: what is there, what a brand lacks, and files with many of them."""

import csv
import io
from typing import Any

import httpx
import pytest
from onboarding_tests.office import CALLERS, Office
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from zugabe_events.contracts.onboarding import (
    DataModelAvailable,
    DataModelImplemented,
    DataModelsRequested,
    ProductTypesNeeded,
)
from zugabe_events.domain.formula_text import protected
from zugabe_events.encryption.sealed_text import is_sealed
from zugabe_testing.callers import signed_in

OF_BRAND = "/partners/nordwind/brands/nordkap"
PERSON = {"name": "Kim Kai", "email": "kim@example.org"}
IMPORT = "/product-type-imports"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
async def office() -> Office:
    """A partner with one brand, welcomed."""
    opened = Office()
    for method, path, body in (
        ("PUT", "", {"name": "Nordwind GmbH", "contact": {"contact_id": "kim", **PERSON}}),
        ("PUT", "/manager", {"manager_id": "maxi", "name": "Maxi", "email": "maxi@example.org"}),
        ("PUT", "/brands/nordkap", {"name": "Nordkap"}),
        ("POST", "/welcome", None),
    ):
        answer = await opened.ask("carla", method, f"/partners/nordwind{path}", body)
        assert answer.is_success, answer.text
    await opened.deliver_own()
    return opened


async def implement(office: Office, label: str, name: str) -> None:
    body = {"label": label, "group": "Mode"}
    answer = await office.ask("carla", "PUT", f"/product-types/{name}", body)
    assert answer.status_code == 204, answer.text
    await office.deliver_own()


async def need(office: Office, *labels: str) -> Any:
    body = {"product_types": labels}
    answer = await office.ask("kim", "PUT", f"{OF_BRAND}/product-types", body)
    assert answer.status_code == 200, answer.text
    await office.deliver_own()
    return answer.json()


async def report(office: Office, *product_types: str, **headers: str) -> httpx.Response:
    body = {"product_types": product_types}
    path = f"{OF_BRAND}/data-model-requests"
    answer = await office.ask("kim", "POST", path, body, **headers)
    await office.deliver_own()
    return answer


async def statuses(office: Office, who: str = "kim") -> dict[str, str]:
    answer = await office.ask(who, "GET", f"{OF_BRAND}/product-types")
    return {one["label"]: one["status"] for one in answer.json()["product_types"]}


async def send(
    office: Office, content: bytes, query: str = "", who: str = "carla", **more: str
) -> Any:
    headers = {**signed_in(CALLERS[who]), "Content-Type": "text/csv", **more}
    answer = await office.http.post(IMPORT + query, content=content, headers=headers)
    await office.deliver_own()
    return answer.json() | {"status_code": answer.status_code}


async def test_a_brand_sees_what_it_lacks_and_learns_when_it_is_there(office: Office) -> None:
    """ON-24, ON-25, ON-26, ON-27, ON-28"""
    await implement(office, "Hosen", "hosen")
    said = await need(office, "  hosen", "Mützen", "Schals", "MÜTZEN")
    assert [one["status"] for one in said["product_types"]] == ["available", "missing", "missing"]
    assert (said["price_cents"], said["days"]) == (0, 28)
    assert await statuses(office) == {
        "Hosen": "available",
        "Mützen": "missing",
        "Schals": "missing",
    }
    reported = await report(office, "muetzen")
    assert reported.status_code == 201
    assert reported.json()["due_on"] == "2026-06-01"
    assert reported.json()["price_cents"] == 0
    assert (await statuses(office))["Mützen"] == "reported"
    await implement(office, "Mützen", "muetzen")
    assert (await statuses(office))["Mützen"] == "available"
    assert len(office.said(DataModelAvailable)) == 1


async def test_the_report_goes_to_the_manager_and_names_him_sealed(office: Office) -> None:
    """ON-12, ON-27"""
    await need(office, "Mützen")
    await report(office)
    [requested] = office.said(DataModelsRequested)
    assert requested.recipient.manager_id == "maxi"
    assert is_sealed(requested.recipient.email)
    assert (requested.labels, requested.brand_name) == (("Mützen",), "Nordkap")


async def test_the_accepted_form_says_what_the_brand_needs(office: Office) -> None:
    """ON-24: with what is there found out at once."""
    await implement(office, "Hosen", "hosen")
    path = f"{OF_BRAND}/forms/produkttypen"
    rows = [
        {"row": f"r{number}", "answers": {"produkttyp": label}}
        for number, label in enumerate(("hosen", "Mützen", "HOSEN"))
    ]
    body = {"tables": {"produkttypen": rows}, "revision": 0}
    sent = await office.ask("kim", "PUT", f"{path}/submission", body)
    assert sent.is_success, sent.text
    seen = {"revision": sent.json()["revision"]}
    accepted = await office.ask("carla", "POST", f"{path}/acceptance", seen)
    assert accepted.is_success, accepted.text
    await office.deliver_own()
    assert sorted((await statuses(office)).values()) == ["available", "missing"]


async def test_a_repeated_report_is_answered_and_nothing_is_reported_twice(office: Office) -> None:
    """ON-27, X-12"""
    await need(office, "Mützen")
    first = await report(office, **{"Idempotency-Key": "k1"})
    again = await report(office, **{"Idempotency-Key": "k1"})
    assert again.json() == first.json()
    assert (await report(office)).json()["code"] == "no-product-type-missing"
    wrong = await report(office, "zelte")
    assert (wrong.status_code, wrong.json()["code"]) == (409, "product-types-not-missing")
    assert len(office.said(DataModelsRequested)) == 1


async def test_nothing_is_reported_for_a_partner_that_there_is_not() -> None:
    office = Office()
    answer = await office.ask("carla", "POST", f"{OF_BRAND}/data-model-requests", {})
    assert answer.json()["code"] == "partner-not-found"


async def test_nothing_is_reported_while_the_onboarding_rests(office: Office) -> None:
    await need(office, "Mützen")
    await office.ask("carla", "POST", "/partners/nordwind/pause", {"reason": "Messe"})
    assert (await report(office)).json()["code"] == "onboarding-paused"
    await implement(office, "Mützen", "muetzen")
    assert len(office.said(DataModelAvailable)) == 1, "what central does goes on"


async def test_other_partners_see_and_name_nothing(office: Office) -> None:
    """X-16"""
    await need(office, "Mützen")
    for method, path, body in (
        ("GET", "/product-types", None),
        ("PUT", "/product-types", {"product_types": ["x"]}),
        ("POST", "/data-model-requests", {}),
    ):
        answer = await office.ask("olga", method, OF_BRAND + path, body)
        assert answer.status_code == 403
    assert (await office.ask("kim", "GET", "/product-types")).status_code == 403
    unknown = await office.ask("kim", "GET", "/partners/nordwind/brands/x/product-types")
    assert unknown.json()["code"] == "brand-not-found"


async def test_partners_see_what_is_implemented_and_not_who_waits(office: Office) -> None:
    """ON-26, X-16"""
    await implement(office, "Hosen", "hosen")
    await need(office, "Hosen", "Mützen")
    catalogue = (await office.ask("kim", "GET", "/partners/nordwind/product-types")).json()
    assert [one["label"] for one in catalogue["items"]] == ["Hosen"]
    file = await office.ask("kim", "GET", "/partners/nordwind/product-types.csv")
    assert "nordwind" not in file.text
    assert "Mützen" not in file.text
    awaited = (await office.ask("carla", "GET", "/product-types?status=awaited")).json()
    assert [one["label"] for one in awaited["items"]] == ["Mützen"]
    assert awaited["items"][0]["waiting"] == ["nordwind/nordkap"]


async def test_before_the_welcome_a_partner_sees_no_product_types(office: Office) -> None:
    """ON-2"""
    for suffix in ("", ".csv", ".xlsx"):
        unknown = await office.ask("olga", "GET", f"/partners/other/product-types{suffix}")
        assert unknown.json()["code"] == "partner-not-found", suffix
        prepared = await office.ask("carla", "GET", f"/partners/other/product-types{suffix}")
        assert prepared.status_code == 200


async def test_the_overview_pages_sorts_and_is_a_file(office: Office) -> None:
    """ON-26, X-18"""
    for label, name in (("Hosen", "hosen"), ("Mützen", "muetzen"), ("Blusen", "blusen")):
        await implement(office, label, name)
    path = "/partners/nordwind/product-types"
    page = (await office.ask("kim", "GET", f"{path}?limit=2")).json()
    assert [one["label"] for one in page["items"]] == ["Blusen", "Hosen"]
    rest = (await office.ask("kim", "GET", f"{path}?limit=2&after={page['next']}")).json()
    assert [one["label"] for one in rest["items"]] == ["Mützen"]
    turned = (await office.ask("kim", "GET", f"{path}?sort=-label&group=Mode")).json()
    assert turned["items"][0]["label"] == "Mützen"
    sheet = await office.ask("kim", "GET", f"{path}.xlsx")
    rows = load_workbook(io.BytesIO(sheet.content)).active
    assert isinstance(rows, Worksheet)
    assert [cell.value for cell in rows[1]][:2] == ["Produkttyp", "Gruppe"]


async def test_a_dry_run_says_what_would_happen_and_nothing_does(office: Office) -> None:
    """ON-26"""
    await implement(office, "Hosen", "hosen")
    before = len(office.store.commits)
    told = await send(
        office,
        "Produkttyp;Gruppe\nHosen;Mode\nhosen;Mode\nMützen;Mode\n;Mode\n\u0001;\nBlusen;\n".encode(),
    )
    assert len(office.store.commits) == before
    assert (told["dry_run"], told["rows"]) == (True, 6)
    assert (told["new"], told["changed"], told["unchanged"]) == (1, 0, 1)
    assert [(one["line"], one["column"]) for one in told["wrong"]] == [
        (3, "Produkttyp"),
        (5, "Produkttyp"),
        (6, "Produkttyp"),
        (6, "Gruppe"),
        (7, "Gruppe"),
    ]
    assert "Zeile 2" in told["wrong"][0]["reason"]


async def test_two_hundred_types_come_in_one_file_and_once(office: Office) -> None:
    """ON-26"""
    book = Workbook()
    assert isinstance(book.active, Worksheet)
    book.active.append(["Produkttyp", "Gruppe"])
    for number in range(250):
        book.active.append([f"Typ {number:03d}", "Mode"])
    content = io.BytesIO()
    book.save(content)
    told = await send(office, content.getvalue(), "?dry_run=false")
    assert (told["new"], told["wrong"]) == (250, [])
    assert len(office.said(DataModelImplemented)) == 250
    again = await send(office, content.getvalue(), "?dry_run=false")
    assert (again["new"], again["unchanged"]) == (0, 250)
    assert len(office.said(DataModelImplemented)) == 250


async def test_a_file_answers_brands_that_wait(office: Office) -> None:
    """ON-24, ON-25"""
    await need(office, "Mützen")
    await send(office, "Gruppe,Produkttyp\nMode,Mützen\n".encode(), "?dry_run=false")
    assert await statuses(office) == {"Mützen": "available"}


async def test_what_was_exported_can_be_imported(office: Office) -> None:
    """X-18: and changes nothing."""
    await implement(office, "Hosen", "hosen")
    file = await office.ask("carla", "GET", "/product-types.csv")
    assert next(csv.reader(io.StringIO(file.text), delimiter=";"))[1] == "Gruppe"
    told = await send(office, file.content, "?dry_run=false")
    assert (told["unchanged"], told["new"], told["wrong"]) == (1, 0, [])


async def test_a_key_belongs_to_one_file_of_product_types(office: Office) -> None:
    """X-12"""
    key = {"Idempotency-Key": "k1"}
    content = b"Produkttyp;Gruppe\nHosen;Mode\n"
    first = await send(office, content, "?dry_run=false", **key)
    assert (first["new"], first["unchanged"]) == (1, 0)
    assert await send(office, content, "?dry_run=false", **key) == first
    other = await send(office, content + b"Blusen;Mode\n", "?dry_run=false", **key)
    assert (other["status_code"], other["code"]) == (422, "idempotency-key-reused")
    assert len(office.said(DataModelImplemented)) == 1


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_labels_that_look_like_formulas_go_there_and_back(office: Office, form: str) -> None:
    """X-18, X-38: T12"""
    labels = ["-Zange", "+Plus-Leiste", "= Waage", "@home Regal", "'=Strich", "'n Regal"]
    content = "\n".join(["Produkttyp;Gruppe", *(f"{protected(label)};Mode" for label in labels)])
    told = await send(office, content.encode(), "?dry_run=false")
    assert (told["new"], told["wrong"]) == (6, [])
    assert {event.label for event in office.said(DataModelImplemented)} == set(labels)
    file = await office.ask("carla", "GET", f"/product-types.{form}")
    again = await send(office, file.content, "?dry_run=false")
    assert (again["unchanged"], again["new"], again["changed"], again["wrong"]) == (6, 0, 0, [])


async def test_the_answer_names_the_sheet_and_a_dry_run_shows_its_first_rows(
    office: Office,
) -> None:
    """X-38: T7 and T9"""
    book = Workbook()
    for name in ("Mode", "Werkzeug"):
        sheet = book.create_sheet(name)
        sheet.append(["Produkttyp", "Gruppe"])
        sheet.append([f"Neu in {name}", name])
    content = io.BytesIO()
    book.save(content)
    told = await send(office, content.getvalue(), "?dry_run=true&sheet=Werkzeug")
    assert (told["sheet"], told["new"]) == ("Werkzeug", 1)
    assert told["first_rows"] == [
        {"line": 2, "cells": {"Produkttyp": "Neu in Werkzeug", "Gruppe": "Werkzeug"}, "wrong": []}
    ]
    did = await send(office, content.getvalue(), "?dry_run=false")
    assert (did["sheet"], did["new"], did["first_rows"]) == ("Mode", 1, [])
    unknown = await send(office, content.getvalue(), "?sheet=Garten")
    assert (unknown["status_code"], unknown["code"]) == (422, "sheet-unknown")


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "table-empty"), (b"Typ;Gruppe\n", "columns-missing"), (b"PK..", "table-unreadable")],
)
async def test_a_file_that_is_none_is_a_problem(office: Office, content: bytes, code: str) -> None:
    """X-10"""
    told = await send(office, content, "?dry_run=false")
    assert (told["status_code"], told["code"]) == (422, code)


async def test_partners_import_nothing(office: Office) -> None:
    """X-16"""
    told = await send(office, b"Produkttyp;Gruppe\nx;y\n", "?dry_run=false", who="kim")
    assert told["status_code"] == 403
    assert not office.said(DataModelImplemented)


async def test_a_list_without_end_is_refused(office: Office) -> None:
    """X-10"""
    for labels in ([], ["x"] * 301, ["x" * 201], [" "], [1]):
        body = {"product_types": labels}
        answer = await office.ask("kim", "PUT", f"{OF_BRAND}/product-types", body)
        assert answer.status_code == 422
    assert not office.said(ProductTypesNeeded)
