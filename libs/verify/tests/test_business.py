"""Decisions of the services are falsified one at a time, with the structure intact."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from verify_tests.audited import PREFIX, Audited
from verify_tests.world import Document, World

from zugabe_verify.verify import verify

ANNA, BERTA, CARL, DORA = (f"wallet/musikhaus/{name}" for name in ("anna", "berta", "carl", "dora"))
ANNAS, BERTAS, CARLS = (f"account/musikhaus/{name}" for name in ("anna", "berta", "carl"))
USES = "uses/musikhaus/sommer"

TOMORROW = datetime.now(UTC) + timedelta(days=1)

type Expected = set[tuple[str, str]]
"""Kinds of findings and the streams they name; no others may come."""


def more(field: str, by: int = 1) -> Callable[[Document], None]:
    def change(body: Document) -> None:
        body[field] += by

    return change


def set_to(**fields: Any) -> Callable[[Document], None]:
    def change(body: Document) -> None:
        body.update(fields)

    return change


def an_order_with_another_sum(world: World) -> Expected:
    """X-10."""
    world.change("checkout", "order-placed", more("net_cents"), order_id="a-1")
    return {("order-sums", "order/musikhaus/a-1")}


def a_line_that_took_more_off(world: World) -> Expected:
    def change(body: Document) -> None:
        body["lines"][0]["voucher_cents"] += 1
        body["lines"][1]["voucher_cents"] -= 1

    world.change("checkout", "order-placed", change, order_id="a-3")
    return {("order-sums", "order/musikhaus/a-3")}


def a_line_rounded_down(world: World) -> Expected:
    """X-34: 250 × 3,49 € / 100 are 8,725 €."""

    def change(body: Document) -> None:
        body["lines"][0]["net_cents"] -= 1
        body["goods_cents"] -= 1
        body["net_cents"] -= 1

    world.change("checkout", "order-placed", change, order_id="d-1")
    return {("order-sums", "order/musikhaus/d-1"), ("order-totals", "order/musikhaus/d-1")}


def an_order_without_its_redemption(world: World) -> Expected:
    """VO-39."""
    world.replace("vouchers", "voucher-redeemed", order_id="a-3")
    return {("redemption-missing", ANNA)}


def a_redemption_without_a_hold(world: World) -> Expected:
    world.replace("vouchers", "voucher-held", order_id="a-3")
    return {
        ("redeemed-without-hold", ANNA),
        ("use-miscounted", USES),
        ("use-miscounted", f"{USES}/k1"),
    }


def an_order_with_a_hold_that_was_never_there(world: World) -> Expected:
    world.replace("vouchers", "voucher-held", order_id="a-3")
    world.replace("vouchers", "voucher-redeemed", order_id="a-3")
    return {
        ("order-without-hold", ANNA),
        ("redemption-missing", ANNA),
        ("use-miscounted", USES),
        ("use-miscounted", f"{USES}/k1"),
    }


def a_redemption_of_another_amount(world: World) -> Expected:
    world.change("vouchers", "voucher-redeemed", more("discount_cents"), order_id="a-3")
    return {("redemption-differs", ANNA)}


def a_voucher_redeemed_twice(world: World) -> Expected:
    like = world.commit("vouchers", "voucher-redeemed", order_id="a-3")
    world.append("vouchers", like, "voucher-redeemed", json.loads(like[1]["data"]))
    return {("redeemed-twice", ANNA)}


def a_redemption_that_no_order_caused(world: World) -> Expected:
    commit, _ = world.commit("vouchers", "voucher-redeemed", order_id="a-3")
    commit["causation"] = world.commit("checkout", "order-placed", order_id="a-1")[0]["causation"]
    return {("redemption-unfounded", ANNA)}


def a_hold_that_never_ended(world: World) -> Expected:
    """X-1: a day later; carl's next hold was one too many then."""
    world.replace("vouchers", "voucher-released", order_id="c-2")
    return {
        ("hold-open", CARL),
        ("limit-exceeded", CARL),
        ("use-miscounted", USES),
        ("use-miscounted", f"{USES}/k2"),
    }


def a_hold_that_was_taken_from_its_order(world: World) -> Expected:
    """X-1: only the checkout's own stream decides."""
    body = world.replace("vouchers", "voucher-redeemed", order_id="a-3")
    hold = json.loads(world.commit("vouchers", "voucher-held", order_id="a-3")[1]["data"])
    _, event = world.commit("vouchers", "voucher-attempt-ended", order_id="a-3")
    names = ("campaign_id", "voucher_id", "dealer", "customer", "user", "hold_id", "order_id")
    released = {name: body[name] for name in names} | {
        "attempt": hold["attempt"], "limits": hold["limits"], "deadline": hold["deadline"],
        "ended_at": hold["deadline"], "reason": "expired",
    }  # fmt: skip
    event["name"], event["data"] = "voucher-released", json.dumps(released)
    return {
        ("hold-robbed", ANNA),
        ("redemption-missing", ANNA),
        ("use-miscounted", USES),
        ("use-miscounted", f"{USES}/k1"),
    }


def a_hold_that_nobody_asked_for(world: World) -> Expected:
    world.change("checkout", "holds-asked", set_to(voucher_code=None), order_id="a-3")
    return {("hold-unasked", ANNA)}


def a_hold_that_takes_too_much_off(world: World) -> Expected:
    def change(body: Document) -> None:
        body["discount_cents"] += 1
        body["shares"][0] += 1

    world.change("vouchers", "voucher-held", change, order_id="a-3")
    return {("discount-wrong", ANNA), ("redemption-differs", ANNA)}


def more_uses_than_the_campaign_has(world: World) -> Expected:
    """N-2, VO-11."""

    def fewer(body: Document) -> None:
        body["terms"]["max_uses"] = 1

    world.change("vouchers", "campaign-activated", fewer, campaign_id="sommer")
    return {("limit-exceeded", USES)}


def more_uses_than_a_customer_has(world: World) -> Expected:
    """N-2, VO-12."""

    def fewer(body: Document) -> None:
        body["terms"]["max_per_customer"] = 1

    world.change("vouchers", "campaign-activated", fewer, campaign_id="sommer")
    return {("limit-exceeded", f"{USES}/k1")}


def more_uses_than_a_user_has(world: World) -> Expected:
    """N-2, VO-14."""

    def fewer(body: Document) -> None:
        body["terms"]["max_per_user"] = 0

    world.change("vouchers", "campaign-activated", fewer, campaign_id="sommer")
    return {("limit-exceeded", wallet) for wallet in (ANNA, BERTA, CARL)}


def a_use_that_was_not_given_back(world: World) -> Expected:
    like = world.commit("vouchers", "use-returned", hold_id="b-2/1", limit="campaign")
    like[1]["name"] = "use-counted"
    return {("use-miscounted", USES), ("limit-exceeded", USES)}


def a_cancellation_that_kept_the_voucher(world: World) -> Expected:
    """X-2."""
    world.replace("vouchers", "voucher-returned", order_id="b-2")
    return {
        ("return-missing", BERTA),
        ("use-miscounted", USES),
        ("use-miscounted", f"{USES}/k1"),
    }


def one_of_two_vouchers_that_was_not_redeemed(world: World) -> Expected:
    """X-31."""
    world.replace("vouchers", "voucher-redeemed", order_id="d-2", hold_id="d-2/1/2")
    return {("redemption-missing", DORA)}


def one_of_two_vouchers_that_a_cancellation_kept(world: World) -> Expected:
    """X-2, X-31."""
    world.replace("vouchers", "voucher-returned", order_id="d-3", hold_id="d-3/1/2")
    return {("return-missing", DORA), ("use-miscounted", "uses/musikhaus/fuenf")}


def vouchers_that_do_not_combine(world: World) -> Expected:
    """X-31."""

    def alone(body: Document) -> None:
        body["terms"]["combines"] = False

    world.change("vouchers", "campaign-activated", alone, campaign_id="fuenf")
    return {("hold-combined", DORA)}


def a_second_voucher_that_nobody_asked_for(world: World) -> Expected:
    """X-31."""
    world.change("checkout", "holds-asked", set_to(more_codes=[]), order_id="d-2")
    return {("hold-unasked", DORA)}


def a_line_that_lacks_the_share_of_a_second_voucher(world: World) -> Expected:
    """X-10, X-31."""

    def change(body: Document) -> None:
        body["more_vouchers"][0]["shares"][0] += 1
        body["more_vouchers"][0]["shares"][1] -= 1

    world.change("checkout", "order-placed", change, order_id="d-2")
    return {("order-sums", "order/musikhaus/d-2")}


def a_first_order_that_earned_nothing(world: World) -> Expected:
    """VO-31."""
    world.replace("vouchers", "voucher-issued", order_id="c-1")
    return {("voucher-missing", CARL)}


def a_voucher_before_its_order_has_come_far_enough(world: World) -> Expected:
    """VO-32."""
    earning = {"points_on": "placed", "vouchers_on": "shipped", "minimum_cents": 0}
    world.change("checkout", "order-placed", set_to(earning=earning), order_id="a-1")
    return {("voucher-unfounded", ANNA)}


def a_voucher_for_an_order_below_the_minimum(world: World) -> Expected:
    def change(body: Document) -> None:
        body["terms"]["earning_minimum_cents"] = 15_001

    world.change("vouchers", "second-purchase-offered", change)
    return {("voucher-unfounded", wallet) for wallet in (ANNA, CARL, DORA)}


def a_second_voucher_for_one_user(world: World) -> Expected:
    like = world.commit("vouchers", "voucher-issued", order_id="a-1")
    body = json.loads(like[1]["data"]) | {"voucher_id": "zweitkauf/a-3", "order_id": "a-3"}
    world.append("vouchers", like, "voucher-issued", body)
    return {("voucher-twice", ANNA), ("voucher-unfounded", ANNA)}


def points_that_were_not_earned(world: World) -> Expected:
    """BO-14."""

    def change(body: Document) -> None:
        body["points"] += 1
        body["lines"][0]["points"] += 1

    world.change("bonus", "points-accrued", change, order_id="a-3")
    return {("points-wrong", ANNAS)}


def points_that_count_too_early(world: World) -> Expected:
    """BO-41."""
    world.change("bonus", "points-accrued", set_to(active_from="2020-01-01"), order_id="a-3")
    return {("points-wrong", ANNAS)}


def points_earned_twice(world: World) -> Expected:
    like = world.commit("bonus", "points-accrued", order_id="a-3")
    world.append("bonus", like, "points-accrued", json.loads(like[1]["data"]) | {"ordinal": 99})
    return {("points-twice", ANNAS)}


def points_never_earned(world: World) -> Expected:
    world.replace("bonus", "points-accrued", order_id="a-3")
    return {("points-missing", ANNAS)}


def a_balance_that_is_off(world: World) -> Expected:
    world.change("bonus", "points-reversed", more("owed", 5), order_id="c-1")
    return {("balance-wrong", CARLS)}


def a_reward_paid_from_points_that_were_not_there(world: World) -> Expected:
    def change(body: Document) -> None:
        body["lots"][0]["points"] += 100_000

    world.change("bonus", "reward-held", change, order_id="a-2")
    return {("lot-overdrawn", ANNAS), ("balance-wrong", ANNAS)}


def a_reward_from_a_lot_that_nobody_earned(world: World) -> Expected:
    def change(body: Document) -> None:
        body["lots"][0]["ordinal"] = 77

    world.change("bonus", "reward-held", change, order_id="a-2")
    return {("lot-unknown", ANNAS)}


def a_reward_at_another_price(world: World) -> Expected:
    """BO-1."""
    world.change("bonus", "reward-added", more("points", -10))
    return {("reward-wrong", ANNAS), ("reward-wrong", "account/musikhaus/berta")}


def a_cancellation_that_kept_the_points(world: World) -> Expected:
    """X-2."""
    world.replace("bonus", "points-reversed", order_id="c-1")
    return {("return-missing", CARLS)}


def a_returned_line_that_kept_its_points(world: World) -> Expected:
    """X-3."""
    world.replace("bonus", "points-reversed", order_id="b-4")
    return {("return-missing", BERTAS)}


def a_return_that_took_other_points(world: World) -> Expected:
    """X-3."""
    world.change("bonus", "points-reversed", more("owed"), order_id="b-5")
    world.change("bonus", "points-reversed", more("points"), order_id="b-5")
    return {("return-unfounded", BERTAS), ("points-wrong", BERTAS)}


def points_that_do_not_wait_for_shipping(world: World) -> Expected:
    """S6."""
    world.replace("bonus", "points-scheduled", order_id="b-4")
    kinds = ("points-unscheduled", "points-wrong", "lot-unknown")  # a line came back since
    return {(kind, BERTAS) for kind in kinds}


def a_reward_redeemed_twice(world: World) -> Expected:
    like = world.commit("bonus", "reward-redeemed", order_id="a-2")
    body = json.loads(like[1]["data"]) | {"owed": json.loads(like[1]["data"])["points"]}
    world.append("bonus", like, "reward-redeemed", body)
    return {("redeemed-twice", ANNAS)}


@pytest.mark.parametrize(
    "falsify",
    [
        an_order_with_another_sum,
        a_line_that_took_more_off,
        a_line_rounded_down,
        an_order_without_its_redemption,
        a_redemption_without_a_hold,
        an_order_with_a_hold_that_was_never_there,
        a_redemption_of_another_amount,
        a_voucher_redeemed_twice,
        a_redemption_that_no_order_caused,
        a_hold_that_never_ended,
        a_hold_that_was_taken_from_its_order,
        a_hold_that_nobody_asked_for,
        a_hold_that_takes_too_much_off,
        more_uses_than_the_campaign_has,
        more_uses_than_a_customer_has,
        more_uses_than_a_user_has,
        a_use_that_was_not_given_back,
        a_cancellation_that_kept_the_voucher,
        one_of_two_vouchers_that_was_not_redeemed,
        one_of_two_vouchers_that_a_cancellation_kept,
        vouchers_that_do_not_combine,
        a_second_voucher_that_nobody_asked_for,
        a_line_that_lacks_the_share_of_a_second_voucher,
        a_voucher_before_its_order_has_come_far_enough,
        a_voucher_for_an_order_below_the_minimum,
        a_first_order_that_earned_nothing,
        a_second_voucher_for_one_user,
        points_that_were_not_earned,
        points_that_count_too_early,
        points_earned_twice,
        points_never_earned,
        a_balance_that_is_off,
        a_reward_paid_from_points_that_were_not_there,
        a_reward_from_a_lot_that_nobody_earned,
        a_reward_at_another_price,
        a_cancellation_that_kept_the_points,
        a_returned_line_that_kept_its_points,
        a_return_that_took_other_points,
        points_that_do_not_wait_for_shipping,
        a_reward_redeemed_twice,
    ],
)
async def test_a_falsified_business_is_named(
    audited: Audited, world: World, falsify: Callable[[World], Expected]
) -> None:
    expected = falsify(world)
    world.without_views()
    world.write(audited.client, PREFIX, audited.world)
    now = TOMORROW if falsify is a_hold_that_never_ended else datetime.now(UTC)
    found = await verify(audited.mongo, services=[], business=True, prefix=PREFIX, now=now)
    assert {(finding.kind, finding.where) for finding in found} == expected, found
