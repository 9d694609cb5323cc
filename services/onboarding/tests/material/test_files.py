"""ON-3: material is files, too, uploaded once by central and downloaded by partners."""

from typing import Any

import httpx
import pytest
from onboarding_tests.files import EXE, PDF
from onboarding_tests.office import CALLERS, Office
from onboarding_tests.samples import BRAND, PARTNER
from onboarding_tests.story import prepare, welcome

from onboarding.document.storage import is_document
from onboarding.material.storage import is_material_or
from zugabe_events.contracts.onboarding import MaterialRemoved, MaterialStored
from zugabe_testing.callers import problem_code, signed_in

OWN = f"/partners/{PARTNER}/material"
ABOUT = {
    "title": "Platform Insights",
    "file_name": "insights.pdf",
    "kind": "document",
    "phase": "organisation",
    "step": "releases",
}
NEW = PDF.replace(b"1.7", b"1.4")


@pytest.fixture
async def office() -> Office:
    office = Office()
    await welcome(office)
    return office


async def put(
    office: Office, content: bytes = PDF, who: str = "carla", item: str = "insights", **about: Any
) -> httpx.Response:
    headers = signed_in(CALLERS[who]) | {"Content-Type": "application/octet-stream"}
    params = {**ABOUT, **about}
    return await office.http.put(
        f"/material/{item}", content=content, params=params, headers=headers
    )


async def test_a_file_is_uploaded_once_and_downloaded_by_partners(office: Office) -> None:
    """ON-3, ON-19"""
    for _ in range(2):
        stored = await put(office)
        assert stored.status_code == 200, stored.text
    assert len(office.said(MaterialStored)) == len(office.files.uploads) == 1
    [file] = (await office.ask("kim", "GET", OWN)).json()["files"]
    assert (file["id"], file["step"], file["file_name"]) == (
        "insights", "releases", "insights.pdf",
    )  # fmt: skip
    found = await office.ask("kim", "GET", f"{OWN}/insights")
    assert found.content == PDF
    assert found.headers["content-type"] == "application/pdf"
    assert found.headers["x-content-type-options"] == "nosniff"
    assert found.headers["content-disposition"].startswith("attachment")


async def test_before_the_welcome_and_before_its_phase_nothing_is_there(office: Office) -> None:
    """ON-2, ON-11, ON-31"""
    await prepare(office, "other")
    await put(office)
    await put(office, NEW, item="lieferung", phase="logistics", step="warehouse")
    assert (await office.ask("olga", "GET", "/partners/other/material")).json()["files"] == []
    early = await office.ask("olga", "GET", "/partners/other/material/insights")
    assert problem_code(early, 404) == "material-not-found"
    assert [file["id"] for file in (await office.ask("kim", "GET", OWN)).json()["files"]] == [
        "insights"
    ]
    later = await office.ask("kim", "GET", f"{OWN}/lieferung")
    assert problem_code(later, 404) == "material-not-found"
    assert (await office.ask("carla", "GET", f"{OWN}/lieferung")).content == NEW


async def test_what_is_about_a_platform_is_for_those_who_may_go_there(office: Office) -> None:
    """ON-20"""
    await put(office, platform="otto")
    assert len((await office.ask("kim", "GET", OWN)).json()["files"]) == 1
    path = f"/partners/{PARTNER}/brands/{BRAND}/forms/plattformauswahl/carry-over"
    body = {"revision": 0, "answers": {"plattformen": ["ebay"]}}
    assert (await office.ask("carla", "PUT", path, body)).status_code == 200
    assert (await office.ask("kim", "GET", OWN)).json()["files"] == []


async def test_a_file_is_replaced_and_removed(office: Office) -> None:
    """ON-3"""
    await put(office)
    assert (await put(office, NEW, title="Insights 2027")).status_code == 200
    assert (await office.ask("kim", "GET", f"{OWN}/insights")).content == NEW
    assert len(office.files.uploads) == 1
    listed = (await office.ask("carla", "GET", "/material")).json()["items"]
    assert [each["title"] for each in listed] == ["Insights 2027"]
    is_wanted = is_material_or(office.store, is_document(office.store))
    [name] = [upload.name for upload in office.files.uploads.values()]
    assert await is_wanted(name)
    assert (await office.ask("carla", "DELETE", "/material/insights")).status_code == 204
    assert not await is_wanted(name)
    gone = await office.ask("carla", "DELETE", "/material/insights")
    assert problem_code(gone, 404) == "material-not-found"
    assert len(office.said(MaterialRemoved)) == 1
    assert office.files.uploads == {}
    assert (await office.ask("kim", "GET", OWN)).json()["files"] == []
    assert (await put(office)).status_code == 200, "and stored again"


async def test_what_is_no_file_for_partners_is_refused(office: Office) -> None:
    """ON-3: checked by content, by central only, and never shown too late"""
    assert problem_code(await put(office, EXE), 422) == "file-type-mismatch"
    assert (await put(office, who="kim")).status_code == 403
    assert (await office.ask("kim", "GET", "/material")).status_code == 403
    assert (await office.ask("kim", "DELETE", "/material/insights")).status_code == 403
    late = await put(office, phase="organisation", shown_from="live")
    assert problem_code(late, 422) == "material-too-late"
    assert (await put(office, kind="poster")).status_code == 422
    assert office.said(MaterialStored) == []
