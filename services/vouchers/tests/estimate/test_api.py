"""N-3: a draft is tried on the orders of the last year, in the background."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from vouchers.assortment.article_lists import ArticleLists
from vouchers.assortment.catalogue import Catalogue
from vouchers.assortment.restrictions import Restrictions
from vouchers.estimate import worker as worker_module
from vouchers.estimate.estimation import Estimate
from vouchers.estimate.jobs import EstimateJob
from vouchers.estimate.sentence import done
from vouchers.estimate.worker import MAX_FAILURES, EstimateWorker
from zugabe_events.contracts.checkout import OrderLine, OrderPlaced
from zugabe_events.contracts.vouchers import CampaignTerms
from zugabe_events.domain.views import Page
from zugabe_testing.callers import signed_in

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
PATH = "/campaigns/spring/estimate"


def worker_of(shop: Any) -> EstimateWorker:
    restrictions = Restrictions(ArticleLists(shop.store), Catalogue(shop.catalogue))
    return EstimateWorker(shop.estimates, shop.past_orders, restrictions, lambda: shop.now)


@pytest.fixture
def sold(shop: Any, placed: Callable[..., OrderPlaced]) -> Callable[..., None]:
    """Remember an order of 100,00 €."""

    def sell(order_id: str, at: datetime = NOON - timedelta(days=1), **fields: Any) -> None:
        lines = (OrderLine(1, "4711", "g1", "b1", 1, 10_000, 10_000),)
        shop.past_orders.fold(placed(order_id, at, lines=lines, **fields))

    return sell


async def draft(shop: Any, new: Callable[..., Any], **changes: Any) -> None:
    drawn = await shop.ask("staff", "PUT", "/campaigns/spring", new(**changes))
    assert drawn.status_code == 200, drawn.text


async def estimate(shop: Any) -> Any:
    answer = await shop.ask("staff", "GET", PATH)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_draft_is_tried_on_the_orders_of_the_last_year(
    shop: Any, sold: Callable[..., None], new: Callable[..., Any]
) -> None:
    sold("now", NOON)
    sold("latest", NOON - timedelta(seconds=1))
    sold("oldest", NOON - timedelta(days=365))
    sold("before", NOON - timedelta(days=365, seconds=1))
    sold("elsewhere", dealer="other")
    await draft(shop, new)
    asked = await shop.ask("staff", "POST", PATH)
    assert asked.status_code == 202
    assert (asked.json()["status"], asked.json()["sentence"]) == (
        "waiting",
        "Die Schätzung beginnt gleich.",
    )
    await worker_of(shop).run_due()
    found = await estimate(shop)
    assert (found["status"], found["version"], found["read"], found["total"]) == ("done", 1, 2, 2)
    assert (found["orders"], found["qualified"], found["uses"]) == (2, 2, 2)
    assert (found["goods_cents"], found["discount_cents"]) == (20_000, 2_000)
    assert found["sentence"] == (
        "Von 2 Bestellungen der letzten 365 Tage hätten 2 die Bedingungen der Kampagne erfüllt. "
        "Das hätte 20,00 € an Rabatten gekostet."
    )
    assert (await shop.ask("staff", "GET", "/campaigns/spring")).json()["status"] == "draft"


async def test_an_interrupted_estimate_goes_on_where_it_was(
    shop: Any,
    sold: Callable[..., None],
    new: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Another process goes on; no order counts twice, and limits count what was before."""
    monkeypatch.setattr(worker_module, "BATCH_SIZE", 2)
    for number in range(7):
        sold(f"o{number}", NOON - timedelta(days=9 - number), user=f"u{number % 2}")
    await draft(shop, new, max_per_user=3)
    await shop.ask("staff", "POST", PATH)
    pages = shop.past_orders.page
    read = 0

    async def broken(*args: Any, **named: Any) -> Page[Any]:
        nonlocal read
        read += 1
        if read == 3:
            raise TimeoutError
        found: Page[Any] = await pages(*args, **named)
        shop.now += timedelta(seconds=2)
        return found

    shop.past_orders.page = broken
    await worker_of(shop).run_due()
    halfway = await estimate(shop)
    assert (halfway["status"], halfway["read"], halfway["total"]) == ("running", 4, 7)
    assert halfway["sentence"] == "Gelesen: 4 von 7 Bestellungen."
    assert halfway["uses"] == 4
    shop.now += timedelta(minutes=2)
    await worker_of(shop).run_due()
    found = await estimate(shop)
    assert (found["status"], found["read"], found["uses"]) == ("done", 7, 6)
    assert found["refused"] == {"user-limit": 1}


async def test_an_estimate_that_fails_again_and_again_is_given_up(
    shop: Any, new: Callable[..., Any]
) -> None:
    async def broken(*_: Any, **__: Any) -> Page[Any]:
        raise RuntimeError

    await draft(shop, new)
    await shop.ask("staff", "POST", PATH)
    shop.past_orders.page = broken
    for _ in range(MAX_FAILURES):
        await worker_of(shop).run_due()
        shop.now += timedelta(minutes=2)
    found = await estimate(shop)
    assert found["status"] == "failed"
    assert found["sentence"] == "Die Schätzung ist an einem internen Fehler gescheitert."


async def test_an_edited_draft_is_estimated_again(
    shop: Any, sold: Callable[..., None], new: Callable[..., Any]
) -> None:
    """VO-45: the version tells which terms were tried; one that runs is asked for once."""
    sold("o1")
    await draft(shop, new)
    first = (await shop.ask("staff", "POST", PATH)).json()
    assert (await shop.ask("staff", "POST", PATH)).json() == first
    claimed = await shop.estimates.claim(shop.now)
    edited = await shop.ask(
        "staff", "PUT", "/campaigns/spring/terms", {**new(value=2_000), "version": 1}
    )
    assert edited.status_code == 200, edited.text
    assert (await shop.ask("staff", "POST", PATH)).json()["version"] == 2
    assert not await shop.estimates.save(replace(claimed, status="done")), "the former is void"
    await worker_of(shop).run_due()
    assert (await estimate(shop))["discount_cents"] == 2_000


async def test_a_central_campaign_is_tried_on_the_orders_of_all_dealers(
    shop: Any, sold: Callable[..., None], new: Callable[..., Any]
) -> None:
    """X-28: sums, and nothing about users."""
    for dealer in ("acme", "other"):
        sold(dealer, dealer=dealer)
    path = "/dealers/central/campaigns/central-spring"
    signed = signed_in(shop.callers["central"])
    drafted = await shop.http.put(path, json=new(code="1SPRING"), headers=signed)
    assert drafted.status_code == 200, drafted.text
    assert (await shop.http.post(f"{path}/estimate", headers=signed)).status_code == 202
    await worker_of(shop).run_due()
    found = (await shop.http.get(f"{path}/estimate", headers=signed)).json()
    assert (found["orders"], found["users"]) == (2, 2)
    assert (await shop.ask("central", "POST", PATH)).status_code == 403, "of a dealer's campaign"


def job_of(campaign_id: str, terms: CampaignTerms) -> EstimateJob:
    year = timedelta(days=365)
    return EstimateJob("r1", "acme", campaign_id, 1, terms, NOON, NOON - year, NOON, NOON)


async def test_there_is_no_estimate_of_what_does_not_exist(
    shop: Any, new: Callable[..., Any]
) -> None:
    unknown = await shop.ask("staff", "POST", PATH)
    assert unknown.status_code == 404
    await draft(shop, new)
    missing = await shop.ask("staff", "GET", PATH)
    assert (missing.status_code, missing.json()["code"]) == (404, "estimate-not-found")
    assert (await shop.ask("other-staff", "POST", PATH)).status_code == 403
    assert (await shop.ask("anna", "GET", PATH)).status_code == 403


async def test_a_dealer_has_a_limited_number_of_estimates_at_a_time(
    shop: Any, new: Callable[..., Any], terms: Callable[..., Any]
) -> None:
    for number in range(20):
        await shop.estimates.put(job_of(f"c{number}", terms()))
    await draft(shop, new)
    refused = await shop.ask("staff", "POST", PATH)
    assert (refused.status_code, refused.json()["code"]) == (409, "estimates-too-many")


def test_an_estimate_is_a_german_sentence() -> None:
    assert done(Estimate(), is_free=False) == "In den letzten 365 Tagen gab es keine Bestellungen."
    none = Estimate(orders=1)
    assert done(none, is_free=False) == (
        "Von 1 Bestellung der letzten 365 Tage hätte keine die Bedingungen der Kampagne erfüllt."
    )
    some = Estimate(orders=12_345, qualified=1_000, uses=900, shipping_cents=123_456)
    assert done(some, is_free=True) == (
        "Von 12.345 Bestellungen der letzten 365 Tage hätten 1.000 die Bedingungen der Kampagne "
        "erfüllt, 900 davon im Rahmen ihrer Grenzen. Das hätte 1.234,56 € an Versandkosten erspart."
    )
    assert "hätte 1 die" in done(Estimate(orders=2, qualified=1, uses=1), is_free=False)
