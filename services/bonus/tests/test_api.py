"""The whole service over in-memory parts: HTTP and events in, HTTP out."""

import csv
from collections.abc import AsyncGenerator
from datetime import timedelta
from io import StringIO

import httpx
import msgspec
import pytest
from bonus_tests.samples import (
    APRIL_1,
    DEALER,
    MARCH_1,
    USER,
    cancelled,
    line,
    placed,
    returned,
)
from bonus_tests.shop import (
    ANNA,
    BERT,
    MANAGER,
    PAPER,
    PROGRAMME,
    REWARD,
    STAFF,
    STRANGER,
    TERMS,
    Bonus,
)

from zugabe_events.contracts.checkout import OrderConfirmed, OrderShipped, RewardApplied
from zugabe_events.domain.consistency_token import Token
from zugabe_events.http.principal import Principal
from zugabe_testing.routes import routes_without_right


@pytest.fixture
async def bonus() -> AsyncGenerator[Bonus]:
    service = Bonus()
    yield service
    await service.http.aclose()


@pytest.fixture
async def earning(bonus: Bonus) -> Bonus:
    """A programme that runs, and a user with 60 points."""
    await bonus.set_up()
    await bonus.deliver(placed("o1", line(6_000), at=MARCH_1), "e1")
    return bonus


async def test_points_pay_for_a_reward_and_come_back_with_a_cancellation(earning: Bonus) -> None:
    """BO-1, X-2"""
    held = msgspec.convert((await earning.hold("o9")).json(), RewardApplied)
    assert (held.hold_id, held.points, held.discount_cents) == ("o9/1", 50, 500)
    assert held.streams == (f"account/{DEALER}/{USER}",)
    await earning.deliver(placed("o9", line(9_000), reward=held, at=APRIL_1), "e2")
    account = await earning.account()
    assert (account["active_points"], account["pending_points"]) == (10, 90)
    assert account["points_redeemed"] == 50
    for name in ("e3", "e4"):
        await earning.deliver(cancelled("o9").order, name)
    account = await earning.account()
    assert (account["active_points"], account["pending_points"]) == (60, 0)


async def test_a_hold_asked_again_is_the_same_hold(earning: Bonus) -> None:
    """X-1"""
    first, again = await earning.hold("o9"), await earning.hold("o9")
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    newer = await earning.hold("o9", 2)
    assert newer.json()["hold_id"] == "o9/2"
    late = await earning.hold("o9", 1)
    assert (late.status_code, late.json()["code"]) == (409, "attempt-over")


async def test_a_refusal_says_how_many_points_are_missing(earning: Bonus) -> None:
    """X-7"""
    await earning.hold("o8")
    refused = (await earning.hold("o9")).json()
    assert (refused["status"], refused["code"]) == (409, "points-missing")
    assert (refused["missing_points"], refused["available_points"]) == (40, 10)
    assert refused["detail"] == (
        "Für die Prämie „5 € Rabatt“ fehlen 40 Punkte: Sie kostet 50, einlösbar sind 10."
    )


async def check(
    bonus: Bonus, caller: Principal = ANNA, tokens: str = "", **changes: object
) -> httpx.Response:
    body = {"customer": "c1", "user": USER, "lines": [PAPER], "reward_id": "five"} | changes
    return await bonus.ask(caller, "POST", f"/dealers/{DEALER}/reward-checks", body, tokens=tokens)


async def test_the_cart_shows_points_at_hand_points_to_come_and_the_reward(
    earning: Bonus,
) -> None:
    """CH-5, X-6"""
    commits = len(earning.store.commits)
    told = (await check(earning)).json()
    assert (told["usable"], told["reasons"]) == (True, [])
    assert (told["available_points"], told["points_this_order"]) == (60, 90)
    assert told["reward"]["shares"] == [500]
    assert len(earning.store.commits) == commits
    assert (await check(earning, reward_id=None)).json()["points_this_order"] == 90


async def test_the_cart_shows_the_rewards_even_if_none_is_chosen(earning: Bonus) -> None:
    """CH-6, X-33"""
    small = {"number": 1, "net_cents": 400, "voucher_cents": 100}
    [choice] = (await check(earning, reward_id=None, lines=[small])).json()["rewards"]
    assert choice == {
        "reward_id": "five",
        "title": "5 € Rabatt",
        "points": 50,
        "discount_cents": 300,
        "wasted_cents": 200,
        "missing_points": 0,
        "sentence": "5,00 € Rabatt für 50 Punkte."
        " Auf diesen Warenkorb nur 3,00 €; 2,00 € verfallen.",
        "short_text": "",
        "missing_cents": 0,
    }


async def test_points_wait_for_the_shipment_and_follow_a_return(earning: Bonus) -> None:
    """S6, X-3: told by checkout's events alone."""
    order = placed("o9", line(1_000, quantity=9), at=MARCH_1, points_on="shipped")
    await earning.deliver(order, "e2")
    account = await earning.account()
    assert (account["active_points"], account["pending_points"]) == (60, 90)
    assert [lot["points"] for lot in account["waiting"]] == [90]
    for name in ("e3", "e4"):
        await earning.deliver(returned(order, "r1", {1: 3}).returned, name)
    confirmed = OrderConfirmed("o9", "n-o9", DEALER, "c1", USER, APRIL_1)
    await earning.deliver(confirmed, "e5")
    account = await earning.account()
    assert (account["active_points"], account["points_waiting"]) == (60, 60)
    shipped = OrderShipped("o9", "n-o9", DEALER, "c1", USER, "s1", (), True, APRIL_1)
    await earning.deliver(shipped, "e6")
    account = await earning.account()
    assert (account["active_points"], account["points_waiting"]) == (120, 0)
    await earning.deliver(returned(order, "r2", {1: 6}, {1: 3}).returned, "e7")
    account = await earning.account()
    assert (account["active_points"], account["pending_points"]) == (60, 0)


async def test_a_rate_that_changes_after_the_order_does_not_change_its_points(
    earning: Bonus,
) -> None:
    """X-40: quote and booking agree, whenever the order is heard of."""
    quoted = (await check(earning, reward_id=None)).json()["points_this_order"]
    earning.now += timedelta(minutes=5)
    await earning.ask(STAFF, "PUT", PROGRAMME, TERMS | {"points_per_euro": 3})
    dearer = REWARD | {"points": 60}
    await earning.ask(STAFF, "PUT", f"{PROGRAMME}/rewards/five", dearer)
    assert (await check(earning, reward_id=None)).json()["points_this_order"] == 3 * quoted
    then = (await check(earning, placed_at=APRIL_1.isoformat())).json()
    assert (then["points_this_order"], then["reward"]["points"]) == (quoted, 50)
    assert (await earning.hold("o8")).json()["points"] == 50
    await earning.deliver(placed("o9", line(9_000), at=APRIL_1), "e9")
    assert (await earning.account())["pending_points"] == quoted


async def test_a_check_names_every_reason_at_once(earning: Bonus) -> None:
    """X-6"""
    await earning.hold("o9")
    told = (await check(earning, lines=[PAPER | {"voucher_cents": 9_000}])).json()
    assert [reason["code"] for reason in told["reasons"]] == ["points-missing", "nothing-to-pay"]
    assert told["reasons"][0]["missing_points"] == 40
    assert (told["usable"], told["reward"]) == (False, None)


async def test_a_reward_pays_for_no_line_that_has_no_part_in_rewards(earning: Bonus) -> None:
    """X-24, X-25: neither in a check nor in a hold is such a line in the base."""
    stamps = {"number": 2, "net_cents": 50_000, "excluded": ["rewards", "points"]}
    told = (await check(earning, lines=[stamps, PAPER])).json()
    assert (told["reward"]["base_cents"], told["reward"]["shares"]) == (9_000, [0, 500])
    assert told["points_this_order"] == 90
    held = (await earning.hold("o9", lines=[stamps, PAPER])).json()
    assert (held["base_cents"], held["shares"]) == (9_000, [0, 500])
    refused = (await check(earning, lines=[stamps])).json()
    assert refused["reasons"][-1]["code"] == "nothing-to-pay"


async def test_a_cart_below_the_minimum_is_told_that_it_earns_nothing(earning: Bonus) -> None:
    """CH-5, S6"""
    assert (await check(earning, earning_minimum_cents=9_000)).json()["points_this_order"] == 90
    assert (await check(earning, earning_minimum_cents=9_001)).json()["points_this_order"] == 0


async def test_a_check_does_not_stumble_over_the_own_hold(earning: Bonus) -> None:
    """Lesson 8"""
    await earning.hold("o9")
    assert (await check(earning, order_id="o9")).json()["usable"]


async def test_a_programme_is_visible_once_it_is_complete_and_activated(bonus: Bonus) -> None:
    """BO-7, BO-10"""
    set_up = await bonus.ask(STAFF, "PUT", PROGRAMME, TERMS)
    assert set_up.headers["Zugabe-Token"]
    refused = (await bonus.ask(STAFF, "POST", f"{PROGRAMME}/activation")).json()
    assert (refused["code"], refused["missing"]) == ("programme-incomplete", "rewards")
    assert not (await bonus.ask(STAFF, "GET", PROGRAMME)).json()["active"]
    await bonus.set_up()
    promotion = {"title": "2 x Punkte", "factor": 2, "brands": ["Soennecken"]}
    await bonus.ask(STAFF, "PUT", f"{PROGRAMME}/promotions/p", promotion)
    shown = (await bonus.ask(STAFF, "GET", PROGRAMME)).json()
    assert (shown["active"], shown["version"]) == (True, 4)
    terms = shown["general"]["terms"]
    assert terms["points_per_euro"] == terms["point_value_cents"] == 1  # BO-2
    assert shown["promotions"][0]["factor"] == 2


async def test_terms_that_hold_again_after_others_do_so(bonus: Bonus) -> None:
    for days in (14, 30, 14):
        await bonus.ask(STAFF, "PUT", PROGRAMME, TERMS | {"pending_days": days})
    shown = (await bonus.ask(STAFF, "GET", PROGRAMME)).json()
    assert (shown["version"], shown["general"]["terms"]["pending_days"]) == (3, 14)


@pytest.mark.parametrize("points", [0, -1, 1.5, "2", 1_001, 10**12])
async def test_points_per_euro_are_whole_numbers_from_one(bonus: Bonus, points: object) -> None:
    """BO-15, BO-51"""
    answer = await bonus.ask(STAFF, "PUT", PROGRAMME, TERMS | {"points_per_euro": points})
    assert answer.status_code == 422


async def test_nobody_sees_or_does_what_is_not_his(earning: Bonus) -> None:
    """BO-8, X-16"""
    account = f"/dealers/{DEALER}/accounts/{USER}"
    for caller in (BERT, MANAGER, STRANGER):
        assert (await earning.ask(caller, "GET", account)).status_code == 403
    assert (await check(earning, BERT)).status_code == 403
    assert (await earning.ask(ANNA, "PUT", PROGRAMME, TERMS)).status_code == 403
    assert (await earning.ask(ANNA, "GET", f"/dealers/{DEALER}/accounts")).status_code == 403
    hold = f"/dealers/{DEALER}/holds/o9/1"
    assert (await earning.ask(STAFF, "PUT", hold, {})).status_code == 403
    assert routes_without_right(earning.app) == []


async def test_nobody_learns_of_another_customers_part_in_the_programme(earning: Bonus) -> None:
    """X-16"""
    path, body = f"/dealers/{DEALER}/reward-checks", {"customer": "c2", "user": USER}
    assert (await earning.ask(ANNA, "POST", path, body)).status_code == 403
    assert (await earning.ask(ANNA, "POST", path, body | {"customer": "c1"})).status_code == 200


async def test_a_dealer_pages_through_his_accounts(earning: Bonus) -> None:
    other = msgspec.structs.replace(placed("o2", line(100)), user="u2", customer="c2")
    await earning.deliver(other, "e5")
    path = f"/dealers/{DEALER}/accounts"
    first = (await earning.ask(STAFF, "GET", path, limit="1")).json()
    assert [one["user"] for one in first["items"]] == ["u1"]
    second = (await earning.ask(STAFF, "GET", path, limit="1", after=first["next"])).json()
    assert ([one["user"] for one in second["items"]], second["next"]) == (["u2"], None)
    only = (await earning.ask(STAFF, "GET", path, customer="c2")).json()
    assert [one["user"] for one in only["items"]] == ["u2"]


async def test_a_dealer_takes_his_accounts_with_him(earning: Bonus) -> None:
    """X-18"""
    other = msgspec.structs.replace(placed("o2", line(100_000)), user="u2", customer="c2")
    await earning.deliver(other, "e5")
    path = f"/dealers/{DEALER}/accounts"
    answer = await earning.ask(STAFF, "GET", f"{path}.csv", sort="-points_accrued")
    text = answer.content.decode("utf-8-sig")
    most, least = csv.DictReader(StringIO(text, newline=""), delimiter=";")
    assert (most["Benutzer"], most["Punktestand"]) == ("u2", "1000")
    listed = (await earning.ask(STAFF, "GET", path)).json()["items"][0]
    assert (least["Benutzer"], least["Punkte gesammelt"]) == ("u1", f"{listed['points_accrued']}")
    assert (await earning.ask(ANNA, "GET", f"{path}.csv")).status_code == 403
    assert (await earning.ask(STRANGER, "GET", f"{path}.xlsx")).status_code == 403


async def test_an_account_nobody_earned_points_on_is_not_found(bonus: Bonus) -> None:
    answer = await bonus.ask(ANNA, "GET", f"/dealers/{DEALER}/accounts/{USER}")
    assert answer.status_code == 404


async def test_holds_and_checks_wait_for_the_orders_whose_tokens_they_carry(
    earning: Bonus,
) -> None:
    """X-30: an earlier order may have earned the points."""
    await earning.hold("o9", tokens="checkout.3.7.1,checkout.4.7.2")
    assert earning.policies.awaited == [Token("checkout", 3, 7, 1), Token("checkout", 4, 7, 2)]
    await check(earning, tokens="checkout.5.7.1")
    assert earning.policies.awaited[2:] == [Token("checkout", 5, 7, 1)]
