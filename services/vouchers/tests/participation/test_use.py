"""A dealer's users use central campaigns while the dealer takes part."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from vouchers.budget.decider import budget_history
from vouchers.campaign.register import Offers
from vouchers.limit.decider import Limit, limit_history
from vouchers.participation.decider import Participation, Participations
from vouchers.participation.terms import DealersOffers
from zugabe_events.contracts.vouchers import (
    SecondPurchaseOffered,
    UseCounted,
    UseReturned,
    VoucherIssued,
    VoucherRedeemed,
)
from zugabe_events.domain.event_store import state_of

START = datetime(2026, 5, 4, 12, tzinfo=UTC)
TOTAL = Limit("central", "central-spring", "campaign", None)
LINES = [{"number": 1, "net_cents": 10_000}]


async def hold(shop: Any, order_id: str, attempt: int = 1, **changes: Any) -> httpx.Response:
    answer: httpx.Response = await shop.hold(order_id, attempt, **{"codes": ["2026A"], **changes})
    return answer


async def test_only_a_participating_dealer_has_the_code(shop: Any) -> None:
    """VO-28"""
    await shop.run_central()
    assert (await hold(shop, "o1")).json()["code"] == "code-unknown"
    await shop.join()
    held = (await hold(shop, "o2")).json()["vouchers"][0]
    assert (held["campaign_id"], held["discount_cents"]) == ("central-spring", 1_000)


async def test_who_left_keeps_open_holds_and_makes_no_new_ones(shop: Any) -> None:
    """VO-29, Q21"""
    await shop.run_central()
    await shop.join()
    held = await hold(shop, "o1")
    shop.now += timedelta(minutes=1)
    await shop.leave()
    repeated = await hold(shop, "o1", placed_at=(shop.now - timedelta(minutes=1)).isoformat())
    assert repeated.json() == held.json()
    assert (await hold(shop, "o2")).json()["code"] == "participation-ended"
    cart = {"codes": ["2026A"], "customer": "So.COMMERCE", "user": "anna", "lines": LINES}
    check = await shop.ask("anna", "POST", "/voucher-checks", cart)
    assert [reason["code"] for reason in check.json()["reasons"]] == ["participation-ended"]
    await shop.place("o1", held)
    [redeemed] = shop.said(VoucherRedeemed)
    assert (redeemed.dealer, redeemed.campaign_id) == ("acme", "central-spring")
    await shop.join()
    assert (await hold(shop, "o3")).status_code == 200


async def test_what_is_left_of_a_campaign_that_the_dealer_left_is_nothing(shop: Any) -> None:
    """VO-35, Q21"""
    await shop.run_central(max_per_user=3)
    await shop.join()
    await shop.place("o1", await hold(shop, "o1"))
    path = "/users/anna/order-vouchers/o1"
    [left] = (await shop.ask("anna", "GET", path)).json()["remaining"]
    assert left["remaining_uses"] == 2
    await shop.leave()
    [left] = (await shop.ask("anna", "GET", path)).json()["remaining"]
    assert left["remaining_uses"] == 0
    assert left["sentence"] == "Ihr Gutscheincode 2026A gilt nicht mehr."


async def test_a_voucher_of_a_campaign_that_the_dealer_left_works_no_more(shop: Any) -> None:
    """VO-35, Q21: as its user reads it, until the dealer takes part again."""
    await shop.run_central(kind="second-purchase", max_per_user=3)
    await shop.join()
    await shop.place("o1")

    async def read() -> tuple[int, str]:
        answer = await shop.ask("anna", "GET", "/users/anna/vouchers")
        [voucher] = answer.json()["items"]
        return voucher["remaining_uses"], voucher["notice"]

    assert (await read())[0] == 3
    await shop.leave()
    assert await read() == (0, "Ihr Gutscheincode 2026A gilt nicht mehr.")
    await shop.join()
    assert (await read())[0] == 3


async def test_what_is_left_of_a_campaign_that_was_ended_is_nothing(shop: Any) -> None:
    """VO-35"""
    await shop.run(max_per_user=3)
    await shop.place("o1", await hold(shop, "o1", codes=["A12345"]))
    assert (await shop.ask("staff", "POST", "/campaigns/spring/end")).status_code == 200
    [left] = (await shop.ask("anna", "GET", "/users/anna/order-vouchers/o1")).json()["remaining"]
    assert left["remaining_uses"] == 0


async def test_the_participation_at_the_order_counts(shop: Any) -> None:
    """X-17, X-40"""
    await shop.run_central()
    before = shop.now
    shop.now += timedelta(minutes=1)
    await shop.join()
    assert (await hold(shop, "o1", placed_at=before.isoformat())).json()["code"] == "code-unknown"
    joined = shop.now
    shop.now += timedelta(minutes=1)
    await shop.leave()
    assert (await hold(shop, "o2", placed_at=joined.isoformat())).status_code == 200


async def test_a_dealers_own_minimum_counts_from_its_change_on(shop: Any) -> None:
    """VO-27, Q29"""
    await shop.run_central(minimum_cents=2_000)
    await shop.join(minimum_cents=10_001)
    refused = (await hold(shop, "o1")).json()
    assert (refused["code"], refused["missing_cents"]) == ("minimum-not-reached", 1)
    path = "/central-campaigns/central-spring/participation"
    await shop.ask("staff", "PUT", path, {"minimum_cents": 10_000, "version": 1})
    held = await hold(shop, "o1")
    assert held.status_code == 200
    shop.now += timedelta(minutes=1)
    await shop.ask("staff", "PUT", path, {"minimum_cents": 20_000, "version": 2})
    assert (await hold(shop, "o2")).json()["code"] == "minimum-not-reached"
    await shop.place("o1", held)
    assert len(shop.said(VoucherRedeemed)) == 1


async def test_a_quote_keeps_the_minimum_that_it_has_shown(shop: Any) -> None:
    """Q29, X-17"""
    await shop.run_central()
    await shop.join(minimum_cents=10_000)
    shop.now += timedelta(minutes=1)
    path = "/central-campaigns/central-spring/participation"
    await shop.ask("staff", "PUT", path, {"minimum_cents": 20_000, "version": 1})
    quoted: dict[str, Any] = {"quoted": [{"campaign_id": "central-spring", "version": 1}]}
    shop.now += timedelta(minutes=29)
    assert (await hold(shop, "o1")).json()["code"] == "minimum-not-reached"
    assert (await hold(shop, "o2", **quoted)).status_code == 200
    shop.now += timedelta(minutes=1)
    assert (await hold(shop, "o3", **quoted)).json()["code"] == "minimum-not-reached"
    await shop.leave()
    assert (await hold(shop, "o4", **quoted)).json()["code"] == "participation-ended"


async def test_own_and_central_campaigns_do_not_disturb_each_other(shop: Any) -> None:
    """VO-7"""
    await shop.run(combines=True, max_per_user=1)
    await shop.run_central(combines=True, max_per_user=1)
    await shop.join()
    both = await hold(shop, "o1", codes=["A12345", "2026A"])
    ids = [held["campaign_id"] for held in both.json()["vouchers"]]
    assert ids == ["central-spring", "spring"]
    await shop.place("o1", both)
    for code in ("A12345", "2026A"):
        assert (await hold(shop, "o2", codes=[code])).json()["code"] == "user-limit"


async def test_the_total_counts_over_all_dealers(shop: Any) -> None:
    """N-2, VO-11"""
    await shop.run_central(max_uses=2, max_per_customer=1)
    shop.order_module("other")
    await shop.join()
    await shop.join(who="other-staff", dealer="other")
    assert (await hold(shop, "o1")).status_code == 200
    second = await hold(shop, "o2", user="bert")
    assert second.json()["code"] == "customer-limit", "of the same customer"
    elsewhere = await hold(shop, "p1", dealer="other")
    assert elsewhere.status_code == 200, "a customer of the same name elsewhere is another one"
    third = await hold(shop, "o3", user="carl", customer="c2")
    assert third.json()["code"] == "campaign-limit"
    assert (await state_of(shop.store, limit_history(TOTAL))).count == 2
    assert {use.dealer for use in shop.said(UseCounted)} == {"central", "acme", "other"}
    await shop.take_off("o1")
    await shop.deliver_own()
    assert len(shop.said(UseReturned)) == 2
    assert (await hold(shop, "o3", user="carl", customer="c2")).status_code == 200


async def test_orders_of_two_dealers_with_one_id_are_two(shop: Any) -> None:
    """N-2, X-29"""
    await shop.run_central(max_uses=2, budget_cents=2_500)
    shop.order_module("other")
    await shop.join()
    await shop.join(who="other-staff", dealer="other")
    for dealer in ("acme", "other"):
        assert (await hold(shop, "o1", dealer=dealer)).status_code == 200
        assert (await hold(shop, "o1", 2, dealer=dealer)).status_code == 200, "a newer attempt"
    assert (await hold(shop, "o2", user="bert")).json()["code"] == "campaign-limit"
    await shop.take_off("o1", 2)
    await shop.deliver_own()
    held = await hold(shop, "o2", user="bert")
    assert held.status_code == 200, held.text
    total = await state_of(shop.store, limit_history(TOTAL))
    assert {*total.holds.values()} == {"other:o1/2", "acme:o2/1"}
    budget = await state_of(shop.store, budget_history("central", "central-spring"))
    assert budget.spent_cents == 2_000


async def test_a_first_order_earns_a_central_voucher_where_the_dealer_takes_part(shop: Any) -> None:
    """VO-32, VO-27"""
    await shop.run_central(kind="second-purchase")
    await shop.place("o1", user="bert")
    assert shop.said(VoucherIssued) == []
    await shop.join(minimum_cents=5_000)
    await shop.place("o2")
    [issued] = shop.said(VoucherIssued)
    assert (issued.dealer, issued.user, issued.terms.minimum_cents) == ("acme", "anna", 5_000)
    held = await hold(shop, "o3")
    assert held.status_code == 200, held.text
    refused = await hold(shop, "o4", user="bert")
    assert refused.json()["code"] == "not-issued"


async def test_a_central_list_of_articles_restricts_the_dealers_carts(shop: Any) -> None:
    """VO-26, VO-43"""
    text = {"text": "0017\n4711", "dry_run": False}
    listed = await shop.ask("central", "POST", "/article-lists/text", text, dealer="central")
    assert listed.status_code == 200, listed.text
    assortment = {"article_list": listed.json()["article_list"]}
    await shop.run_central(assortment=assortment)
    await shop.join()
    lines = [
        {"number": 1, "net_cents": 4_000, "article": "0017"},
        {"number": 2, "net_cents": 6_000, "article": "17"},
    ]
    held = (await hold(shop, "o1", lines=lines)).json()["vouchers"][0]
    assert (held["base_cents"], held["shares"]) == (4_000, [400, 0])
    refused = await hold(shop, "o2", user="bert", lines=lines[1:])
    assert refused.json()["code"] == "nothing-matches"


AT = st.integers(0, 20)


@settings(max_examples=200)
@given(joined=AT, left=AT, offered=AT, order=AT)
def test_offers_are_those_of_the_instant_of_the_order(
    joined: int, left: int, offered: int, order: int, terms: Callable[..., Any]
) -> None:
    """X-40: heard whenever, the same orders earn the same."""

    def at(minutes: int) -> datetime:
        return START + timedelta(minutes=minutes)

    central = SecondPurchaseOffered("central", "central-again", 1, terms(), at(offered))
    own = SecondPurchaseOffered("acme", "again", 1, terms(), at(offered))
    versions = (
        Participation(1, at(joined), True, 700),
        Participation(2, at(max(joined, left)), False),
    )
    offers = DealersOffers(
        Offers({"again": (own,)}),
        Offers({"central-again": (central,)}),
        Participations({"central-again": versions}),
    )
    found = {offer.campaign_id: offer for offer in offers.at(at(order))}
    assert ("again" in found) == (offered <= order)
    assert ("central-again" in found) == (offered <= order and joined <= order < max(joined, left))
    imported = {offer.campaign_id for offer in offers.at(None)}
    assert imported == {"again", "central-again"}
    if "central-again" in found:
        assert found["central-again"].terms.minimum_cents == 700
