"""What caches and visitors may do with pages, over HTTP."""

from datetime import timedelta

import pytest
from catalog_shops_tests.fronts import Fronts
from catalog_shops_tests.service import EDITOR

from zugabe_testing.callers import problem_code

PAGES = (
    "/header",
    "/start",
    "/no-result",
    "/brand-shops",
    "/theme-shops",
    "/shops/leitz",
    "/shops/leitz/articles",
    "/shops/leitz/articles/1",
    "/articles/1",
    "/search?q=Artikel",
)


@pytest.fixture
async def fronts() -> Fronts:
    fronts = Fronts()
    await fronts.name_brand("leitz", "Leitz")
    await fronts.offer("1", "3.49", brand="leitz")
    await fronts.shop("brand", "leitz", brand="leitz")
    fronts.now += timedelta(seconds=1)
    return fronts


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_that_the_client_has_is_not_sent_again(fronts: Fronts, path: str) -> None:
    first = await fronts.visit(path)
    etag = first.headers["etag"]
    assert etag.startswith('"')
    assert first.headers["cache-control"] == "public, max-age=60, stale-while-revalidate=300"
    assert first.headers["vary"] == "Authorization"
    again = await fronts.visit(path, headers={"If-None-Match": f'"other", {etag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    head = await fronts.visit(path, method="HEAD")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == etag
    assert head.headers["content-length"] == str(len(first.content))


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_changes_with_what_it_shows(fronts: Fronts, path: str) -> None:
    """CS-14: at once, and with another ETag."""
    etags = {(await fronts.visit(path)).headers["etag"]}
    await fronts.offer("1", brand="leitz", name="Anderer Artikel")
    await fronts.save("brand", "leitz", dealer="central", name="Leitz & Co", brand="leitz")
    await fronts.shop("theme", "ostern")
    etags.add((await fronts.visit(path)).headers["etag"])
    assert len(etags) == 2


@pytest.mark.parametrize("path", PAGES)
async def test_a_front_for_customers_is_shown_to_who_has_a_token_of_the_dealer(
    fronts: Fronts, path: str
) -> None:
    """X-16: and stored by no cache."""
    await fronts.must(EDITOR, "PUT", "/front-visibility", {"visibility": "customers"})
    nobody = await fronts.visit(path)
    assert problem_code(nobody, 401) == "unauthenticated"
    assert problem_code(await fronts.visit(path, "user-elsewhere"), 403) == "forbidden"
    assert problem_code(await fronts.visit(path, "nonsense"), 401) == "unauthenticated"
    for who in ("user", "dealer-staff", "central", "service"):
        answer = await fronts.visit(path, who)
        assert answer.status_code == 200, who
        assert answer.headers["cache-control"] == "private, no-store"
    assert (await fronts.visit(path, dealer="other")).status_code == 200
    await fronts.must(EDITOR, "PUT", "/front-visibility", {"visibility": "public"})
    assert (await fronts.visit(path)).status_code == 200


async def test_strangers_cannot_tell_which_shops_a_closed_front_has(fronts: Fronts) -> None:
    """X-16"""
    await fronts.must(EDITOR, "PUT", "/front-visibility", {"visibility": "customers"})
    answers = [await fronts.visit(f"/shops/{name}") for name in ("leitz", "unknown")]
    assert [problem_code(answer, 401) for answer in answers] == ["unauthenticated"] * 2


async def test_pages_with_prices_of_a_customer_are_the_customers_alone(fronts: Fronts) -> None:
    """Q34"""
    for path in PAGES[3:]:
        answer = await fronts.visit(path, "user")
        assert answer.headers["cache-control"] == "private, no-store"
    for path in PAGES[:3]:
        answer = await fronts.visit(path, "user")
        assert answer.headers["cache-control"].startswith("public")


async def test_a_token_of_a_write_is_waited_for(fronts: Fronts) -> None:
    answer = await fronts.visit("/header", headers={"Zugabe-Token": "garbage"})
    assert problem_code(answer, 422) == "token-invalid"
    token = str(fronts.store.commits[-1][1].token)
    assert (await fronts.visit("/header", headers={"Zugabe-Token": token})).status_code == 200


async def test_a_page_is_made_once_and_kept(fronts: Fronts) -> None:
    first = await fronts.visit("/shops/leitz")
    kept = len(fronts.front.pages)
    assert (await fronts.visit("/shops/leitz")).content == first.content
    assert len(fronts.front.pages) == kept == 1
    assert problem_code(await fronts.visit("/shops/unknown"), 404)
    assert problem_code(await fronts.visit("/shops/unknown"), 404)
    await fronts.look("/search", q="Artikel")
    await fronts.look("/no-result", q="Artikel")
    assert len(fronts.front.pages) == kept + 1
