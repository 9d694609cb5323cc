"""Graphics over HTTP: uploaded once, shown to everybody under the hash of their bytes."""

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from hashlib import sha256
from struct import pack
from zlib import compress

import httpx
import pytest
from catalog_shops_tests.service import EDITOR, NOON, InMemoryService

from catalog_shops.graphic.storage import is_graphic, name_of
from zugabe_events.contracts.catalog_shops import GraphicStored
from zugabe_events.files.refusals import InfectedError, ScannerAwayError
from zugabe_events.files.sweeper import sweep
from zugabe_testing.examples import bearer
from zugabe_testing.pictures import chunk, gif, jpeg, png

BANNER = png(690, 40)
FILE = sha256(BANNER).hexdigest()
SHOWN = f"/graphics/acme/{FILE}"


@pytest.fixture
def service() -> InMemoryService:
    return InMemoryService()


async def upload(
    service: InMemoryService,
    content: bytes = BANNER,
    purpose: str = "banner",
    caller: str = EDITOR,
    dealer: str = "acme",
) -> httpx.Response:
    return await send(service, content, {"purpose": purpose}, caller, dealer)


async def send(
    service: InMemoryService,
    content: bytes,
    query: Mapping[str, str],
    caller: str = EDITOR,
    dealer: str = "acme",
) -> httpx.Response:
    headers = {**bearer(caller), b"Content-Type": b"image/png"}
    url = f"/dealers/{dealer}/graphics"
    return await service.http.post(url, content=content, params=query, headers=headers)


async def show(service: InMemoryService, path: str = SHOWN, **headers: str) -> httpx.Response:
    """Without a token."""
    return await service.http.get(path, headers=headers)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [(BANNER, "image/png"), (jpeg(690, 40), "image/jpeg"), (gif(690, 40, 3), "image/gif")],
)
async def test_a_graphic_is_shown_to_everybody_as_it_was_stored(
    service: InMemoryService, content: bytes, media_type: str
) -> None:
    """CS-28, CS-41, Q23"""
    answer = await upload(service, content)
    assert answer.status_code == 200, answer.text
    file = sha256(content).hexdigest()
    assert answer.json() == {
        "file": file,
        "media_type": media_type,
        "width": 690,
        "height": 40,
        "size_bytes": len(content),
    }
    shown = await show(service, f"/graphics/acme/{file}")
    assert (shown.status_code, shown.content) == (200, content)
    assert shown.headers["content-type"] == media_type
    assert shown.headers["content-length"] == str(len(content))
    assert shown.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert shown.headers["etag"] == f'"{file}"'
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in shown.headers["content-security-policy"]
    assert service.said(GraphicStored) == [
        GraphicStored("acme", file, "banner", media_type, 690, 40, len(content), NOON)
    ]


@pytest.mark.parametrize("content", [png(966, 40), jpeg(966, 40), gif(966, 40, 3)])
async def test_a_banner_of_the_bonus_programme_is_966_pixels_wide(
    service: InMemoryService, content: bytes
) -> None:
    """BO-26: stored as a banner, which it is."""
    answer = await upload(service, content, "bonus-banner")
    assert (answer.status_code, answer.json()["width"]) == (200, 966)
    [stored] = service.said(GraphicStored)
    assert stored.purpose == "banner"
    assert (await upload(service, content, "banner")).json()["code"] == "graphic-width"


async def test_the_same_graphic_twice_is_one(service: InMemoryService) -> None:
    """X-12"""
    first, again = await upload(service), await upload(service)
    as_logo = await upload(service, purpose="logo")
    assert first.json() == again.json() == as_logo.json()
    assert len(service.said(GraphicStored)) == len(service.graphics.uploads) == 1
    assert "zugabe-token" in first.headers
    assert "zugabe-token" not in as_logo.headers


async def test_what_lies_behind_a_picture_changes_nothing(service: InMemoryService) -> None:
    """The hash is of what is stored."""
    assert (await upload(service, BANNER + bytes(50))).json()["file"] == FILE
    assert (await upload(service)).json()["file"] == FILE
    assert [upload.content for upload in service.graphics.uploads.values()] == [BANNER]


async def test_each_tenant_has_graphics_of_its_own(service: InMemoryService) -> None:
    """X-16"""
    of_central = f"/graphics/central/{FILE}"
    assert (await upload(service)).status_code == 200
    assert (await show(service, of_central)).status_code == 404
    assert (await upload(service, caller="central", dealer="central")).status_code == 200
    assert (await show(service, of_central)).content == BANNER
    assert [event.dealer for event in service.said(GraphicStored)] == ["acme", "central"]
    for caller in (
        "central",
        "dealer-staff-elsewhere+edit-shops",
        "user",
        "service",
        "dealer-staff",
    ):
        assert (await upload(service, caller=caller)).status_code == 403
    assert (await upload(service, dealer="central")).status_code == 403
    assert len(service.graphics.uploads) == 2


@pytest.mark.parametrize(
    "known", [f'"{FILE}"', f'W/"{FILE}"', f'"other", "{FILE}"', "*", f'"other",W/"{FILE}"']
)
async def test_who_has_a_graphic_is_not_sent_it_again(service: InMemoryService, known: str) -> None:
    await upload(service)
    answer = await show(service, **{"If-None-Match": known})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == f'"{FILE}"'
    assert "immutable" in answer.headers["cache-control"]


async def test_another_version_does_not_count_as_this_one(service: InMemoryService) -> None:
    await upload(service)
    for other in ('"other"', FILE, f'"{FILE[:-1]}"', ""):
        answer = await show(service, **{"If-None-Match": other})
        assert (answer.status_code, answer.content) == (200, BANNER)


async def test_the_head_of_a_graphic_says_the_same_without_it(service: InMemoryService) -> None:
    await upload(service)
    head = await service.http.head(SHOWN)
    whole = await show(service)
    assert (head.status_code, head.content) == (200, b"")
    for name in whole.headers.keys() - {"x-correlation-id"}:
        assert head.headers[name] == whole.headers[name]
    assert (await service.http.head(SHOWN[:-1] + "x")).status_code == 422
    unknown = f"/graphics/acme/{FILE[::-1]}"
    assert (await service.http.head(unknown)).status_code == 404


async def test_an_unknown_graphic_is_a_problem_that_no_cache_keeps(
    service: InMemoryService,
) -> None:
    answer = await show(service, **{"If-None-Match": f'"{FILE}"'})
    assert (answer.status_code, answer.json()["code"]) == (404, "graphic-not-found")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    for path in (f"/graphics/acme/{FILE.upper()}", "/graphics/acme/abc"):
        assert (await show(service, path)).status_code == 422


async def test_a_public_route_takes_no_body(service: InMemoryService) -> None:
    """Nothing is read from strangers."""
    await upload(service)

    async def in_pieces() -> AsyncIterator[bytes]:
        yield b"x"
        yield b"x" * 100_000

    for content in (b"x", b"{}", in_pieces()):
        answer = await service.http.request("GET", SHOWN, content=content)
        assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


async def test_the_document_says_that_a_graphic_needs_no_token(service: InMemoryService) -> None:
    document = (await service.http.get("/openapi.json")).json()
    for method in ("get", "head"):
        operation = document["paths"]["/graphics/{dealer}/{file}"][method]
        assert operation["security"] == []
        assert not {"401", "403"} & operation["responses"].keys()
    assert document["paths"]["/dealers/{dealer}/graphics"]["post"]["security"] == [{"bearer": []}]


def animation(width: int, height: int, frames: int = 1) -> bytes:
    """A GIF whose frames are a pixel each."""
    screen = pack("<HH", width, height)
    return gif(1, 1, frames).replace(b"GIF89a\1\0\1\0", b"GIF89a" + screen, 1)


EXPLODING = png(690, 10)[:33] + chunk(b"IDAT", compress(bytes(50_000_000), 9)) + chunk(b"IEND", b"")
"""A banner ten pixels high, behind whose pixels are fifty megabytes."""


@pytest.mark.parametrize(
    ("content", "query", "status", "code"),
    [
        (png(689), {"purpose": "banner"}, 422, "graphic-width"),
        (png(691), {"purpose": "logo"}, 422, "graphic-width"),
        (png(965), {"purpose": "bonus-banner"}, 422, "graphic-width"),
        (png(967), {"purpose": "bonus-banner"}, 422, "graphic-width"),
        (png(10, 4_001), {"purpose": "article"}, 422, "graphic-height"),
        (BANNER + bytes(204_801 - len(BANNER)), {"purpose": "banner"}, 422, "graphic-too-large"),
        (BANNER[:-9], {"purpose": "banner"}, 422, "file-type-mismatch"),
        (b"%PDF-1.4\n%%EOF\n", {"purpose": "banner"}, 422, "file-type-unknown"),
        (b"<svg/>", {"purpose": "logo"}, 422, "file-type-unknown"),
        (BANNER + b"<script>alert(1)</script>", {"purpose": "logo"}, 422, "file-type-mismatch"),
        (animation(690, 65_535), {"purpose": "banner"}, 422, "graphic-height"),
        (animation(690, 8_001), {"purpose": "logo"}, 422, "graphic-height"),
        (animation(690, 8_000, 200), {"purpose": "banner"}, 422, "file-too-complex"),
        (EXPLODING, {"purpose": "banner"}, 422, "file-too-complex"),
        (png(60_000), {"purpose": "article"}, 422, "graphic-width"),
        (BANNER, {"purpose": "teaser"}, 422, "invalid"),
        (BANNER, {}, 422, "invalid"),
        (b"", {"purpose": "banner"}, 422, "invalid"),
        (bytes(2 * 1_024 * 1_024 + 1), {"purpose": "article"}, 413, "too-large"),
    ],
)
async def test_what_does_not_fit_leaves_nothing_behind(
    service: InMemoryService, content: bytes, query: Mapping[str, str], status: int, code: str
) -> None:
    """CS-28, CS-41, X-10: also pictures that would fill the memory of every browser."""
    answer = await send(service, content, query)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert service.said(GraphicStored) == []
    assert service.graphics.uploads == {}


@pytest.mark.parametrize(
    ("says", "status", "code"),
    [(InfectedError(), 422, "file-infected"), (ScannerAwayError(), 503, "scanner-away")],
)
async def test_what_the_scanner_does_not_let_in_is_not_stored(
    service: InMemoryService, says: Exception, status: int, code: str
) -> None:
    class Says:
        async def check(self, content: bytes) -> None:
            assert content == BANNER
            raise says

    service.scanner = Says()
    answer = await upload(service)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert service.graphics.uploads == {}


async def test_a_graphic_stays_and_an_upload_that_was_interrupted_does_not(
    service: InMemoryService,
) -> None:
    """Also one that is used nowhere, and one whose bytes could not be claimed."""
    await upload(service)
    await service.graphics.loosen(name_of("acme", FILE))
    await service.graphics.put(name_of("acme", "e" * 64), b"never announced")
    wanted = is_graphic(service.store)
    assert await sweep(service.graphics, wanted, NOON + timedelta(minutes=59)) == 0
    assert await sweep(service.graphics, wanted, NOON + timedelta(hours=2)) == 2
    assert service.graphics.names == [name_of("acme", FILE)]
    assert await sweep(service.graphics, wanted, NOON + timedelta(hours=2)) == 0
    assert (await show(service)).content == BANNER
