"""Documents over HTTP: in as bytes, out as files to be saved, and gone when they are removed."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

import httpx
import pytest
from onboarding_tests.files import CSV, EXE, PAGE, PDF
from onboarding_tests.office import CALLERS, Office
from onboarding_tests.samples import BRAND, CONTACT, NOON, PARTNER, brand_added, welcomed

from onboarding.app import create_app
from onboarding.document import storage
from onboarding.document.storage import is_document, name_of
from onboarding.partner.decider import partner_history
from zugabe_events.contracts.onboarding import DocumentRemoved, DocumentStored, OnboardingOpened
from zugabe_events.domain.event import Context, derived_id
from zugabe_events.domain.event_store import Commit
from zugabe_events.files.kinds import MAX_BYTES
from zugabe_events.files.refusals import InfectedError, ScannerAwayError
from zugabe_events.files.sweeper import sweep
from zugabe_testing.callers import signed_in
from zugabe_testing.pictures import chunk, gif, jpeg, png, segment

ALL = f"/partners/{PARTNER}/documents"
ABOUT = {"title": "Vertrag", "file_name": "Vertrag „Größen“.pdf"}


@pytest.fixture
async def office() -> Office:
    office = Office()
    context = Context("carla", "central", PARTNER, NOON, "correlation")
    opened = OnboardingOpened(PARTNER, "Nordwind GmbH", CONTACT)
    stream = partner_history(PARTNER).stream
    commit = Commit(derived_id("opened"), stream, 1, (opened, brand_added, welcomed), context)
    await office.store.append([commit])
    return office


async def put(
    office: Office, content: bytes = PDF, document: str = "d1", who: str = "kim", **about: Any
) -> httpx.Response:
    headers = signed_in(CALLERS[who]) | {"Content-Type": "application/octet-stream"}
    return await office.http.put(
        f"{ALL}/{document}", content=content, params={**ABOUT, **about}, headers=headers
    )


async def test_a_document_comes_back_as_it_was_to_be_saved(office: Office) -> None:
    """ON-13"""
    answer = await put(office)
    assert answer.status_code == 200, answer.text
    assert answer.json()["media_type"] == "application/pdf"
    for who in ("kim", "carla"):
        file = await office.ask(who, "GET", f"{ALL}/d1")
        assert file.content == PDF
        assert file.headers["content-type"] == "application/pdf"
        assert file.headers["x-content-type-options"] == "nosniff"
        assert file.headers["cache-control"] == "private, no-store"
        assert "sandbox" in file.headers["content-security-policy"]
        assert file.headers["content-disposition"] == (
            "attachment; filename*=UTF-8''Vertrag%20%E2%80%9EGr%C3%B6%C3%9Fen%E2%80%9C.pdf"
        )


async def test_the_same_upload_again_is_a_repeat_and_another_is_none(office: Office) -> None:
    """X-12"""
    first, again = await put(office), await put(office)
    assert (again.status_code, again.json()) == (200, first.json())
    assert len(office.said(DocumentStored)) == len(office.files.uploads) == 1
    other = await put(office, PDF.replace(b"1.7", b"1.4"))
    assert (other.status_code, other.json()["code"]) == (409, "document-exists")
    assert (await put(office, title="Anderer")).json()["code"] == "document-exists"


async def test_texts_that_differ_in_blanks_only_are_two(office: Office) -> None:
    """JSON of another spacing is the same request elsewhere; a file is its bytes."""
    about = {"file_name": "zahlen.txt"}
    assert (await put(office, b"[1, 2]", **about)).status_code == 200
    other = await put(office, b"[1,2]", **about)
    assert other.json()["code"] == "document-exists"


async def test_documents_are_listed_until_they_are_removed(office: Office) -> None:
    await put(office)
    await put(office, CSV, "d2", "carla", title="Liste", file_name="liste.csv", brand=BRAND)
    page = (await office.ask("kim", "GET", ALL)).json()
    assert {(one["document"], one["brand"], one["by"]) for one in page["items"]} == {
        ("d1", "", "partner"),
        ("d2", BRAND, "central"),
    }
    of_brand = (await office.ask("kim", "GET", f"{ALL}?brand={BRAND}")).json()
    assert [one["document"] for one in of_brand["items"]] == ["d2"]
    assert (await office.ask("kim", "DELETE", f"{ALL}/d2")).status_code == 403
    for _ in range(2):
        assert (await office.ask("kim", "DELETE", f"{ALL}/d1")).status_code == 204
    assert len(office.said(DocumentRemoved)) == 1
    assert (await office.ask("kim", "GET", f"{ALL}/d1")).status_code == 404
    left = (await office.ask("kim", "GET", ALL)).json()
    assert [one["document"] for one in left["items"]] == ["d2"]
    assert len(office.files.uploads) == 1
    assert (await put(office)).json()["code"] == "document-removed"


@pytest.mark.parametrize("what", ["PUT", "GET", "DELETE"])
async def test_another_partner_reaches_nothing(office: Office, what: str) -> None:
    """X-16"""
    await put(office)
    assert (await office.ask("olga", what, f"{ALL}/d1")).status_code == 403
    assert (await office.ask("olga", "GET", ALL)).status_code == 403
    assert len(office.files.uploads) == 1


@pytest.mark.parametrize(
    ("content", "about", "status", "code"),
    [
        (EXE, {}, 422, "file-type-mismatch"),
        (PAGE, {}, 422, "file-type-mismatch"),
        (PDF, {"file_name": "vertrag.exe"}, 422, "file-type-unknown"),
        (PDF, {"file_name": "../vertrag.pdf"}, 422, "invalid"),
        (PDF, {"file_name": "a\r\nSet-Cookie: b.pdf"}, 422, "invalid"),
        (PDF, {"title": ""}, 422, "invalid"),
        (PDF, {"brand": "theirs"}, 404, "brand-not-found"),
        (PDF, {"more": "1"}, 422, "invalid"),
        (b"", {}, 422, "invalid"),
    ],
)
async def test_what_is_no_document_leaves_nothing_behind(
    office: Office, content: bytes, about: dict[str, str], status: int, code: str
) -> None:
    """X-10"""
    answer = await put(office, content, **about)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert office.said(DocumentStored) == []
    assert office.files.uploads == {}


async def test_only_documents_may_be_large(office: Office) -> None:
    large = b"x" * (MAX_BYTES - 1) + b"\n"
    assert (await put(office, large, file_name="lang.txt")).status_code == 200
    assert (await put(office, large + b"x", "d2", file_name="lang.txt")).status_code == 413
    path = f"/partners/{PARTNER}/forms/ansprechpartner/draft"
    headers = signed_in(CALLERS["kim"])
    assert (await office.http.put(path, content=large, headers=headers)).status_code == 413


@pytest.mark.parametrize(
    ("says", "status", "code"),
    [(InfectedError(), 422, "file-infected"), (ScannerAwayError(), 503, "scanner-away")],
)
async def test_what_the_scanner_does_not_let_in_is_not_stored(
    office: Office, says: Exception, status: int, code: str
) -> None:
    class Says:
        async def check(self, content: bytes) -> None:
            raise says

    app = create_app(*office.parts[:-1], Says())
    office.http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://o")
    answer = await put(office)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert office.files.uploads == {}


async def test_nobody_fills_the_disk(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "MAX_DOCUMENTS", 2)
    for number in range(2):
        assert (await put(office, document=f"d{number}")).status_code == 200
    assert (await put(office, document="d3")).json()["code"] == "too-many-documents"
    assert (await put(office, document="d1")).status_code == 200, "a repeat needs no room"


async def test_the_documents_of_a_partner_have_so_many_bytes_together(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S24"""
    first = (await put(office, document="d1")).json()["size_bytes"]
    monkeypatch.setattr(storage, "MAX_BYTES", 2 * first)
    assert (await put(office, document="d2")).status_code == 200
    refused = await put(office, document="d3")
    assert (refused.status_code, refused.json()["code"]) == (409, "documents-too-large")
    assert "höchstens 0 MB" in refused.json()["detail"]
    assert (await put(office, document="d1")).status_code == 200, "a repeat needs no room"
    await office.ask("kim", "DELETE", f"{ALL}/d1")
    assert (await put(office, document="d3")).status_code == 200


@pytest.mark.parametrize(
    ("content", "file_name"),
    [
        (png(9, 5), "bild.png"),
        (png(9, 5, chunk(b"tEXt", b"Author\0Anna Muster")), "bild.png"),
        (jpeg(9, 5), "foto.jpg"),
        (jpeg(9, 5, segment(0xE1, b"Exif\0\0MM\0*GPS")), "foto.jpg"),
        (gif(9, 5, 2), "film.gif"),
    ],
)
async def test_of_a_picture_the_first_is_stored_without_place_and_names(
    office: Office, content: bytes, file_name: str
) -> None:
    """F1, F2, F5: the hash and the size are of what is stored."""
    behind = bytes(16) + png(2)
    answer = (await put(office, content + behind, file_name=file_name)).json()
    file = (await office.ask("kim", "GET", f"{ALL}/d1")).content
    assert file in (png(9, 5), jpeg(9, 5), gif(9, 5, 2))
    assert (answer["size_bytes"], answer["sha256"]) == (len(file), sha256(file).hexdigest())
    [event] = office.said(DocumentStored)
    assert (event.size_bytes, event.sha256) == (len(file), sha256(file).hexdigest())
    assert (await put(office, file, file_name=file_name)).json() == answer, "a repeat"


@pytest.mark.parametrize(
    ("content", "file_name", "code"),
    [
        (PDF.replace(b"<<>>", b"<</S/JavaScript/JS(x)>>", 1), "a.pdf", "file-active-content"),
        (b"\n" + PDF + b"<script>", "a.pdf", "file-type-mismatch"),
        (png(9, 5) + PAGE, "a.png", "file-type-mismatch"),
        (b"PK\x03\x04" + bytes(100), "a.xlsx", "file-type-mismatch"),
    ],
)
async def test_active_content_and_files_of_two_types_are_refused(
    office: Office, content: bytes, file_name: str, code: str
) -> None:
    """F3, F4"""
    answer = await put(office, content, file_name=file_name)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert office.files.uploads == {}


async def test_a_pdf_is_stored_as_it_was_sent(office: Office) -> None:
    """F3: it may be signed."""
    content = b"\xef\xbb\xbf\r\n" + PDF + b"<!-- generated by erp -->\n"
    assert (await put(office, content)).status_code == 200
    assert (await office.ask("kim", "GET", f"{ALL}/d1")).content == content


async def test_bytes_that_no_document_has_are_swept(office: Office) -> None:
    """An upload whose event never came, and a removal that was interrupted."""
    await put(office)
    [name] = office.files.names
    wanted = is_document(office.store)
    await office.files.put(name_of(PARTNER, "d9", "abc"), b"never announced")
    await office.files.loosen(name)
    assert await sweep(office.files, wanted, NOON) == 0, "it may be on its way"
    assert await sweep(office.files, wanted, NOON + timedelta(hours=2)) == 2
    assert office.files.names == [name]
    assert await sweep(office.files, wanted, NOON + timedelta(hours=2)) == 0
    await office.ask("kim", "DELETE", f"{ALL}/d1")
    await office.files.put(name, PDF)
    assert await sweep(office.files, wanted, NOON + timedelta(hours=2)) == 1
    assert office.files.uploads == {}
