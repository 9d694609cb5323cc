"""The graphic of a newsletter campaign, on the start page of everybody."""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from vouchers.graphic.default import default_graphic
from vouchers.graphic.storage import is_graphic
from zugabe_events.contracts.vouchers import VoucherGraphicRemoved, VoucherGraphicSet
from zugabe_events.files.sweeper import MIN_LOOSE_AGE, sweep
from zugabe_testing.pictures import gif, jpeg, png

PATH = "/campaigns/letter/graphic"
CONTAINER = "https://vouchers.example/dealers/acme/newsletter"


async def upload(shop: Any, content: bytes, who: str = "staff", path: str = PATH) -> httpx.Response:
    headers = {**shop.signed_in(who), "Content-Type": "application/octet-stream"}
    url = f"/dealers/acme{path}"
    answer: httpx.Response = await shop.http.put(url, content=content, headers=headers)
    return answer


async def offers(shop: Any) -> Any:
    answer = await shop.open("GET", CONTAINER)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=60"
    return answer.json()["offers"]


async def test_without_a_graphic_the_start_page_shows_the_default_one(shop: Any) -> None:
    """VO-36, VO-37"""
    await shop.run("letter", kind="newsletter", title="Willkommen", max_per_user=1)
    [offer] = await offers(shop)
    assert (offer["title"], offer["valid_until"]) == ("Willkommen", "2026-05-31")
    assert offer["sentence"] == (
        "Für Ihre Anmeldung zum Newsletter erhalten Sie einen Gutschein. Durch Verwendung des "
        "Gutscheins sparen Sie 10 % bei Ihrem nächsten Einkauf."
    )
    assert offer["graphic"]["is_default"] is True
    shown = await shop.open("GET", offer["graphic"]["url"])
    assert (shown.status_code, shown.content) == (200, default_graphic().content)
    assert shown.headers["content-type"] == "image/png"
    assert "immutable" in shown.headers["cache-control"]


@pytest.mark.parametrize(
    ("content", "media_type"),
    [(png(400, 100), "image/png"), (jpeg(966, 40), "image/jpeg"), (gif(30, 966, 2), "image/gif")],
)
async def test_an_own_graphic_takes_the_place_of_the_default_one(
    shop: Any, content: bytes, media_type: str
) -> None:
    """VO-36, VO-37"""
    await shop.run("letter", kind="newsletter", max_per_user=1)
    stored = await upload(shop, content)
    assert stored.status_code == 200
    [offer] = await offers(shop)
    assert offer["graphic"] == stored.json()
    assert offer["graphic"]["is_default"] is False
    shown = await shop.open("GET", offer["graphic"]["url"])
    assert (shown.content, shown.headers["content-type"]) == (content, media_type)
    head = await shop.open("HEAD", offer["graphic"]["url"])
    assert head.headers["content-length"] == str(len(content))


async def test_a_replaced_graphic_is_swept_and_the_present_one_stays(shop: Any) -> None:
    """VO-37"""
    await shop.run("letter", kind="newsletter", max_per_user=1)
    first = (await upload(shop, png(400, 100))).json()["url"]
    second = (await upload(shop, png(400, 101))).json()["url"]
    assert (await upload(shop, png(400, 101))).json()["url"] == second
    assert len(shop.said(VoucherGraphicSet)) == 2
    await sweep(shop.graphics, is_graphic(shop.store), shop.now + 2 * MIN_LOOSE_AGE)
    assert (await shop.open("GET", first)).status_code == 404
    assert (await shop.open("GET", second)).status_code == 200
    for _ in range(2):
        assert (await shop.ask("staff", "DELETE", PATH)).status_code == 204
    assert len(shop.said(VoucherGraphicRemoved)) == 1
    [offer] = await offers(shop)
    assert offer["graphic"]["is_default"] is True
    await sweep(shop.graphics, is_graphic(shop.store), shop.now + 2 * MIN_LOOSE_AGE)
    assert shop.graphics.names == []


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (png(967, 10), 422, "graphic-size"),
        (png(10, 967), 422, "graphic-size"),
        (b"%PDF-1.7 no picture", 422, "file-type-unknown"),
        (b"GIF89a", 422, "file-type-mismatch"),
    ],
)
async def test_what_is_no_graphic_is_refused(
    shop: Any, content: bytes, status: int, code: str
) -> None:
    """X-7"""
    await shop.run("letter", kind="newsletter", max_per_user=1)
    answer = await upload(shop, content)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert shop.graphics.names == []


async def test_only_newsletter_campaigns_have_graphics(shop: Any) -> None:
    """VO-36: setting the tick shows the option."""
    await shop.run("spring")
    for path, status, code in (
        ("/campaigns/spring/graphic", 409, "graphic-not-wanted"),
        ("/campaigns/nosuch/graphic", 404, "not-found"),
    ):
        answer = await upload(shop, png(400, 100), path=path)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    for who in ("anna", "central", "other-staff"):
        assert (await upload(shop, png(400, 100), who)).status_code == 403


async def test_the_container_shows_offers_in_force_and_the_consent(shop: Any) -> None:
    """VO-37, X-21, X-29"""
    await shop.run("letter", kind="newsletter", code="AAA", max_per_user=1)
    await shop.run("later", kind="newsletter", code="BBB", valid_from="2026-05-10", max_per_user=1)
    await shop.run("short", kind="newsletter", code="CCC", title="Kurz", valid_days=3)
    await shop.run_central(kind="newsletter", title="Zentral", max_per_user=1)
    await shop.run("own", code="DDD")
    assert [offer["title"] for offer in await offers(shop)] == ["Frühling", "Kurz"]
    assert (await offers(shop))[1]["valid_until"] == "2026-05-07"
    await shop.join()
    assert (await shop.ask("staff", "POST", "/campaigns/letter/pause")).status_code == 200
    assert [offer["title"] for offer in await offers(shop)] == ["Kurz", "Zentral"]
    shop.now += timedelta(days=60)
    container = (await shop.open("GET", CONTAINER)).json()
    assert shop.now.date() > date(2026, 5, 31)
    assert container["offers"] == []
    assert container["text_version"] == 1
    assert container["text"].startswith("Ja, ich möchte den Newsletter")
