"""A document is replaced under its id (found on a shop's day)."""

from typing import Any

import httpx
import pytest
from onboarding_tests.files import PDF
from onboarding_tests.office import CALLERS, Office
from onboarding_tests.samples import PARTNER
from onboarding_tests.story import welcome

from zugabe_events.contracts.onboarding import DocumentStored
from zugabe_testing.callers import problem_code, signed_in

ALL = f"/partners/{PARTNER}/documents"
NEW = PDF.replace(b"1.7", b"1.4")


@pytest.fixture
async def office() -> Office:
    office = Office()
    await welcome(office)
    return office


async def put(office: Office, content: bytes, who: str = "kim", **about: Any) -> httpx.Response:
    headers = signed_in(CALLERS[who]) | {"Content-Type": "application/octet-stream"}
    params = {"title": "Vertrag", "file_name": "vertrag.pdf", **about}
    return await office.http.put(f"{ALL}/d1", content=content, params=params, headers=headers)


async def test_the_file_that_was_seen_is_replaced(office: Office) -> None:
    """ON-13"""
    first = (await put(office, PDF)).json()
    for _ in range(2):
        replaced = await put(office, NEW, title="Vertrag 2", replaces=first["sha256"])
        assert replaced.status_code == 200, replaced.text
    assert len(office.said(DocumentStored)) == 2
    assert (await office.ask("kim", "GET", f"{ALL}/d1")).content == NEW
    [line] = (await office.ask("kim", "GET", ALL)).json()["items"]
    assert (line["title"], line["sha256"]) == ("Vertrag 2", replaced.json()["sha256"])
    assert len(office.files.uploads) == 1, "the bytes before are gone"


async def test_of_two_who_replace_the_same_file_the_second_is_refused(office: Office) -> None:
    """X-12: nothing is overwritten that was not seen."""
    first = (await put(office, PDF)).json()["sha256"]
    assert (await put(office, NEW, replaces=first)).status_code == 200
    other = PDF.replace(b"1.7", b"1.5")
    late = await put(office, other, replaces=first)
    assert problem_code(late, 409) == "document-exists"
    assert (await office.ask("kim", "GET", f"{ALL}/d1")).content == NEW
    assert problem_code(await put(office, other, replaces="x"), 422) == "invalid"


async def test_a_partner_replaces_only_what_they_stored(office: Office) -> None:
    """X-16"""
    first = (await put(office, PDF, "carla")).json()["sha256"]
    assert (await put(office, NEW, "kim", replaces=first)).status_code == 403
    assert (await put(office, NEW, "carla", replaces=first)).status_code == 200
