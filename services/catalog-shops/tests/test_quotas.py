"""Commands whose results are kept for good are limited by tenant and hour (S12)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args

import httpx
import pytest
from catalog_shops_tests.graphic_examples import BANNER
from catalog_shops_tests.service import EDITOR
from catalog_shops_tests.shops import Shops

from catalog_shops.quotas import QUOTAS, Kept
from zugabe_testing.callers import problem_code
from zugabe_testing.examples import bearer

EVERYTHING = "dealer-staff+edit-articles+edit-prices+edit-customers+edit-gifts+import-articles"


@pytest.fixture
async def shops() -> Shops:
    shops = Shops()
    await shops.unlock_own_shops()
    return shops


def allow(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    for kept, quota in QUOTAS.items():
        monkeypatch.setitem(QUOTAS, kept, replace(quota, most=most))


def test_everything_kept_has_a_quota() -> None:
    assert set(QUOTAS) == set(get_args(Kept.__value__))


ROUTES: list[tuple[str, str, str, Any]] = [
    (EVERYTHING, "PUT", "/articles/4711", {"name": "Locher"}),
    (EVERYTHING, "PUT", "/articles/4711/prices", {"prices": []}),
    (EVERYTHING, "PUT", "/product-groups/ordnen", {"name": "Ordnen"}),
    (EVERYTHING, "POST", "/brands", {"name": "Leitz"}),
    (EVERYTHING, "PUT", "/brands/leitz", {"name": "LEITZ"}),
    (EVERYTHING, "PUT", "/customers/muster/exclusions", {"excluded": ["gifts"]}),
    (EVERYTHING, "PUT", "/customers/muster/prices/4711", {"prices": []}),
    (EVERYTHING, "PUT", "/gift-mode", {"mode": "from"}),
    (EDITOR, "PUT", "/theme-shops/overview", {"text": "Hallo"}),
    (EDITOR, "PUT", "/theme-shops/advent", {"name": "Advent", "url_name": "advent"}),
    (EDITOR, "POST", "/theme-shops/advent/review", None),
    (EDITOR, "PUT", "/theme-shops/advent/top-articles/4711", None),
    (EDITOR, "PUT", "/theme-shops/advent/top-article-prices", {"prices": []}),
    (EDITOR, "PUT", "/theme-shops/advent/graphics", {"places": {"content-banner": None}}),
    (EDITOR, "PUT", "/theme-shop-placement/adoption", None),
    (EDITOR, "PUT", "/front-visibility", {"visibility": "public"}),
]


@pytest.mark.parametrize(("who", "method", "path", "body"), ROUTES)
async def test_a_dealer_stores_so_much_an_hour(
    shops: Shops, monkeypatch: pytest.MonkeyPatch, who: str, method: str, path: str, body: Any
) -> None:
    """S12: whether it was refused or not, it counts; nothing is written once the quota is used."""
    allow(monkeypatch, 1)
    first = await shops.ask(who, method, path, body)
    assert first.status_code != 429, first.text
    commits = len(shops.store.commits)
    refused = await shops.ask(who, method, path, body)
    assert problem_code(refused, 429) == "too-many-attempts"
    assert len(shops.store.commits) == commits


async def test_a_quota_says_what_to_do_and_ends_with_its_hour(
    shops: Shops, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S12: each tenant has its own; a repeat with the same key counts once."""
    allow(monkeypatch, 2)

    async def put(number: str, key: str = "", dealer: str = "acme") -> httpx.Response:
        return await shops.http.put(
            f"/dealers/{dealer}/articles/{number}",
            json={"name": "Locher"},
            headers={
                **bearer(EVERYTHING if dealer == "acme" else "central"),
                **({b"Idempotency-Key": key.encode()} if key else {}),
            },
        )

    for _ in range(3):
        assert (await put("1", "k1")).status_code == 200
    assert (await put("2")).status_code == 200
    refused = await put("3")
    assert problem_code(refused, 429) == "too-many-attempts"
    assert refused.json()["detail"] == (
        "In einer Stunde können Sie nicht mehr als 2 Artikel einzeln speichern. "
        "Viele auf einmal bringt ein Katalogimport."
    )
    assert 0 < int(refused.headers["Retry-After"]) <= 3_601
    assert (await put("4", dealer="central")).status_code == 200, "central has its own quota"
    shops.now += timedelta(hours=1, seconds=1)
    assert (await put("3")).status_code == 200


async def test_uploads_have_quotas(shops: Shops, monkeypatch: pytest.MonkeyPatch) -> None:
    """S12: catalogues and graphics, by what they are; the dry run of an assortment is free."""
    allow(monkeypatch, 1)

    async def graphic() -> httpx.Response:
        return await shops.http.post(
            "/dealers/acme/graphics?purpose=banner",
            content=BANNER,
            headers={**bearer(EDITOR), b"Content-Type": b"image/jpeg"},
        )

    async def assortment(dry_run: str) -> httpx.Response:
        return await shops.http.put(
            "/dealers/acme/theme-shops/advent/assortment",
            params={"file_name": "a.csv", "dry_run": dry_run},
            content=b"Artikelnummer;Topartikel;Streichpreis;G\xfcltig von;G\xfcltig bis\n1;;;;\n",
            headers={**bearer(EDITOR), b"Content-Type": b"application/octet-stream"},
        )

    csv = b"Artikelnummer;Bezeichnung\n1;Locher\n"
    assert (await graphic()).status_code == 200
    assert (await graphic()).status_code == 429
    for _ in range(2):
        assert (await assortment("true")).status_code != 429
    assert (await assortment("false")).status_code != 429
    assert (await assortment("false")).status_code == 429
    assert (await shops.upload_catalogue(csv)).status_code != 429
    assert (await shops.upload_catalogue(csv)).status_code == 429
