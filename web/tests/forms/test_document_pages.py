"""All forms and documents at a glance, uploads and downloads (ON-13)."""

import httpx
import pytest
from web_tests.browser import PORTAL, Browser
from web_tests.forms import Html, prepare, send
from web_tests.onboarding import PARTNER, problem

from zugabe_web.forms.document_pages import name_of

ROOT = f"/partners/{PARTNER}"
DOCUMENT = {
    "document": "d1",
    "brand": "nordkap",
    "title": "Vertrag <1>",
    "file_name": "vertrag.pdf",
    "media_type": "application/pdf",
    "size_bytes": 1_234_567,
    "by": "partner",
    "stored_at": "2026-11-30T09:00:00Z",
    "sha256": "a" * 64,
}
FORM = {
    "form": "lagerbestand",
    "step": "warehouse",
    "title": "Lagerinformationen",
    "status": "sent-back",
    "revision": 2,
    "source": "partner",
    "reason": "Bitte in Stück",
    "changed_at": "2026-11-30T09:00:00Z",
}


@pytest.fixture
async def kim(browser: Browser) -> Browser:
    prepare(browser)
    lists = {
        "forms": [{"brand": "nordkap", "brand_name": "Nordkap", "accepted": 0, "forms": [FORM]}],
        "documents": [DOCUMENT, {**DOCUMENT, "document": "d2", "by": "central", "brand": ""}],
    }
    for name, items in lists.items():
        browser.onboarding.answers[f"GET {ROOT}/{name}"] = {"items": items, "next": None}
    await browser.enter()
    return browser


async def upload(
    kim: Browser, content: bytes = b"%PDF", name: str = "neu.pdf", accept: str = "*/*", **more: str
) -> httpx.Response:
    session = kim.site.sessions.open(kim.http.cookies["__Host-zugabe"], kim.now)
    assert session is not None
    fields = {"csrf": session.csrf, "kennung": "abc123", "titel": "Katalog", "marke": "", **more}
    return await kim.http.post(
        "/unterlagen",
        data=fields,
        files={"datei": (name, content)} if name else None,
        headers={"Origin": PORTAL, "Accept": accept},
    )


def uploads(kim: Browser) -> list[httpx.Request]:
    return [request for request in kim.onboarding.asked if request.method == "PUT"]


async def test_everything_is_at_a_glance(kim: Browser) -> None:
    """ON-13: forms with where they stand, and documents to download"""
    text = (await kim.open("/unterlagen")).text
    assert 'href="/marken/nordkap/formulare/lagerbestand"' in text
    assert "zurückgegeben" in text
    assert "Zurückgegeben, weil: Bitte in Stück" in text
    assert "Vertrag &lt;1&gt;" in text
    assert "1,2 MB" in text
    assert 'action="/unterlagen/d1/entfernen"' in text
    assert 'action="/unterlagen/d2/entfernen"' not in text, "central's stay"


async def test_a_document_is_uploaded_without_a_script(kim: Browser) -> None:
    kim.onboarding.answers[f"PUT {ROOT}/documents/abc123"] = {"document": "abc123"}
    answer = await upload(kim, marke="nordkap")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/unterlagen")
    [request] = uploads(kim)
    assert request.content == b"%PDF"
    assert dict(request.url.params) == {
        "title": "Katalog",
        "file_name": "neu.pdf",
        "brand": "nordkap",
    }


async def test_a_script_is_told_where_to_go_on(kim: Browser) -> None:
    kim.onboarding.answers[f"PUT {ROOT}/documents/abc123"] = {"document": "abc123"}
    answer = await upload(kim, accept="application/json")
    assert answer.json() == {"location": "/unterlagen"}
    assert "ist hochgeladen" in (await kim.open("/unterlagen")).text


async def test_a_document_is_replaced_by_the_file_that_was_seen(kim: Browser) -> None:
    kim.onboarding.answers[f"PUT {ROOT}/documents/d1"] = {"document": "d1"}
    assert (await upload(kim, kennung="d1", ersetzt="a" * 64)).status_code == 303
    [request] = uploads(kim)
    assert request.url.params["replaces"] == "a" * 64


@pytest.mark.parametrize("accept", ["*/*", "application/json"])
async def test_a_refused_file_says_why_beside_the_field(kim: Browser, accept: str) -> None:
    detail = "Der Inhalt der Datei passt nicht zu ihrem Namen."
    refusal = problem(422, "file-type-mismatch", detail)
    kim.onboarding.answers[f"PUT {ROOT}/documents/abc123"] = refusal
    answer = await upload(kim, accept=accept)
    assert answer.status_code == 422
    if accept == "*/*":
        html = Html(answer.text)
        assert html.by_id("datei")["aria-describedby"] == "datei-hilfe datei-fehler"
        assert html.by_id("titel")["value"] == "Katalog"
        assert detail in answer.text
    else:
        assert answer.json() == {"message": detail}


async def test_no_file_is_told(kim: Browser) -> None:
    answer = await upload(kim, name="")
    assert answer.status_code == 422
    assert "Bitte wählen Sie eine Datei aus." in answer.text
    assert uploads(kim) == []


@pytest.mark.parametrize("document", ["../../x", "a/b", "", "a b"])
async def test_a_strange_id_reaches_no_other_route(kim: Browser, document: str) -> None:
    answer = await upload(kim, kennung=document)
    assert answer.status_code == 422
    assert uploads(kim) == []


@pytest.mark.parametrize("path", ["/unterlagen/d1", "/material/d1"])
async def test_a_download_is_a_file_and_never_a_page_of_ours(kim: Browser, path: str) -> None:
    """ON-3, ON-13"""
    at = path.replace("unterlagen", "documents")
    kim.onboarding.answers[f"GET {ROOT}{at}"] = httpx.Response(
        200,
        content=b"<script>alert(1)</script>",
        headers={
            "Content-Type": "application/pdf",
            "Content-Disposition": "attachment; filename*=UTF-8''x.pdf",
            "Set-Cookie": "x=1",
        },
    )
    answer = await kim.open(path)
    assert answer.content == b"<script>alert(1)</script>"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers
    assert (await kim.open(f"{path}x")).status_code == 404


async def test_a_document_is_removed(kim: Browser) -> None:
    kim.onboarding.answers[f"DELETE {ROOT}/documents/d1"] = httpx.Response(204)
    answer = await send(kim, "/unterlagen/d1/entfernen", {})
    assert answer.status_code == 303
    stale = await send(kim, "/unterlagen/d1/entfernen", {"csrf": "x"})
    assert stale.status_code == 403
    deleted = [request for request in kim.onboarding.asked if request.method == "DELETE"]
    assert len(deleted) == 1


async def test_a_file_that_is_too_large_gives_a_page(kim: Browser) -> None:
    for content in (b"x" * 11_000_000, b"x" * 10_000_001):
        kim.onboarding.answers[f"PUT {ROOT}/documents/abc123"] = problem(
            413, "too-large", "Die Anfrage ist zu groß."
        )
        answer = await upload(kim, content)
        assert answer.status_code == 413
        assert "zu groß" in answer.text
        assert answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("katalog.pdf", "katalog.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Benutzer\\Kim\\katalog.pdf", "katalog.pdf"),
        ("a\r\nX-Evil: 1.pdf", "aX-Evil: 1.pdf"),
        ("a%0D%0Ab%22.pdf", "a b .pdf"),
        ("100%25.pdf", "100%25.pdf"),
        ("foto\u202egpj.pdf", "fotogpj.pdf"),
        ("\x00", "datei"),
        ("ä" * 300 + ".pdf", "ä" * 146 + ".pdf"),
        ("ä" * 300, "ä" * 150),
    ],
)
def test_a_file_has_a_name_that_can_be_seen(sent: str, stored: str) -> None:
    """S17: no folders, no control characters, nothing that turns the ending around"""
    assert name_of(sent) == stored
