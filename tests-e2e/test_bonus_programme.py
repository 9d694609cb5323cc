"""A bonus programme from its set-up to its end, while people order."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from stories.dealer import Dealer, cart, line
from stories.exports import csv_rows, xlsx_rows
from stories.programme import (
    BERLIN,
    BONUS,
    COMPANY,
    PROMOTION,
    REWARD,
    TERMS,
    change,
    refused,
    running,
    shown_to,
    texts_of,
    today,
)

from bonus.programme.timer import PROGRAMME_CLOSES
from zugabe_events.mongo.client import connect
from zugabe_testing.eventually import eventually

STRANGERS = "k-fremd"


async def test_staff_with_the_single_right_set_a_programme_up_for_some_customers(
    dealer: Dealer,
) -> None:
    """BO-4, BO-8, BO-10, BO-11, BO-28: incomplete it cannot run, and others earn nothing."""
    await dealer.order_module()
    staff, plain = dealer.staff, dealer._person("dealer-staff", "plain")
    staff.saw(dealer.support)
    plain.saw(dealer.support)
    enabling = f"/customers/{COMPANY}/programme"
    for method, path, body in (
        ("PUT", "/programme", TERMS),
        ("PUT", "/programme/rewards/fuenf", REWARD),
        ("POST", "/programme/activation", None),
        ("PUT", enabling, None),
    ):
        (await plain.ask(method, BONUS, path, body)).of(403)

    missing = await refused(staff, "POST", "/programme/activation", "programme-incomplete")
    assert missing["missing"] == "terms,rewards"
    await change(staff, "PUT", "/programme", TERMS)
    missing = await refused(staff, "POST", "/programme/activation", "programme-incomplete")
    assert missing["missing"] == "rewards"
    await change(staff, "PUT", "/programme/rewards/fuenf", REWARD)
    await refused(staff, "PUT", enabling, "programme-not-active")
    await change(staff, "POST", "/programme/activation")
    (await staff.ask("GET", BONUS, "/programme")).of(200)
    (await plain.ask("GET", BONUS, "/programme")).of(403)
    await change(staff, "PUT", enabling)
    page = (await staff.ask("GET", BONUS, "/customers")).of(200)
    assert [(one["customer"], one["enabled"]) for one in page["items"]] == [(COMPANY, True)]

    anna, other = dealer.user("anna", COMPANY), dealer.user("other", STRANGERS)
    await anna.place("a-1", cart(line(5_099)))
    await other.place("o-1", cart(line(5_099)))
    assert (await anna.account())["active_points"] == 100
    account = await other.ask("GET", BONUS, "/accounts/other")
    assert account.status == 404 or account.body["points_accrued"] == 0


async def test_users_accept_before_they_collect_and_are_told_once(dealer: Dealer) -> None:
    """BO-23, BO-29, BO-32, BO-41, X-23: two devices that log in at once show each notice once."""
    staff = await running(dealer, needs_acceptance=True)
    await change(staff, "PUT", "/programme/promotions/drei", PROMOTION)
    anna = dealer.user("anna", COMPANY)
    await anna.place("a-1", cart(line(5_000)))
    found = await texts_of(anna)
    assert found["must_accept"]
    assert "2 Punkte" in found["texts"][-1]["text"]
    stale = {"texts": [{"kind": one["kind"], "version": 7} for one in found["texts"]]}
    accepting = "/users/anna/acceptances"
    (await anna.ask("POST", BONUS, accepting, stale)).refused("texts-changed")
    path = "/users/anna/notices"
    box = (await anna.ask("GET", BONUS, path)).of(200)
    assert box["must_accept"]
    assert [one["kind"] for one in box["notices"]] == ["programme-available", "promotion"]

    seen = {"notices": [one["id"] for one in box["notices"]]}
    logins = [anna.insist("POST", BONUS, f"{path}/seen", seen) for _device in range(2)]
    first_seen = [answer.of(200)["notices"] for answer in await asyncio.gather(*logins)]
    assert sorted(one for shown in first_seen for one in shown) == sorted(seen["notices"])
    assert (await anna.ask("GET", BONUS, path)).of(200)["notices"] == []

    (await anna.ask("POST", BONUS, accepting, await shown_to(anna))).of(204)
    assert not (await texts_of(anna))["must_accept"]
    await anna.place("a-2", cart(line(1_000)))
    assert (await anna.account())["points_accrued"] == 10 * 2 * 3
    new = {"body": "Neu bei {Händler}: {Punkte} je Euro.", "is_material": True}
    await change(staff, "PUT", "/programme/texts/participation", new)
    assert (await texts_of(anna))["must_accept"]
    await anna.place("a-3", cart(line(1_000)))
    assert (await anna.account())["points_accrued"] == 60


def of_brand(unit_cents: int, brand: str, quantity: int = 1) -> dict[str, Any]:
    return {**line(unit_cents, quantity, f"A-{brand}"), "brand": brand}


async def test_points_become_active_pay_for_a_reward_and_go_with_what_comes_back(
    dealer: Dealer,
) -> None:
    """BO-14, BO-16, BO-20, X-3, Q26: a promotion multiplies; a returned line takes its share."""
    staff = await running(dealer, pending_days=14)
    await change(staff, "PUT", "/programme/promotions/drei", PROMOTION)
    anna = dealer.user("anna", COMPANY, rights=["import-orders"])
    goods: Sequence[Any] = (of_brand(1_050, "Soennecken", 2), of_brand(2_599, "Andere"))
    order = cart(*goods, placed_at="2025-03-01T12:00:00+01:00")
    await anna.place("a-1", order)
    for day, active in (("14T23:59:59", 0), ("15T00:00:00", 176)):
        at = f"2025-03-{day}+01:00"
        then = (await anna.ask("GET", BONUS, "/accounts/anna", at=at)).of(200)
        assert (then["active_points"], then["pending_points"]) == (active, 176 - active)

    too_much = cart(line(3_000), reward_id="fuenf", placed_at="2025-03-14T12:00:00+01:00")
    early = await anna.ask("PUT", "checkout", "/orders/a-2", too_much)
    assert early.refused("points-missing")["missing_points"] == 100
    paid = await anna.place("a-3", cart(of_brand(3_000, "Andere"), reward_id="fuenf"))
    assert (paid["reward"]["discount_cents"], paid["net_cents"]) == (500, 2_500)
    account = await anna.account()
    assert (account["points_redeemed"], account["points_held"]) == (100, 0)
    assert (account["active_points"], account["pending_points"]) == (76, 60)

    staff.saw(anna)
    (await staff.ask("PUT", "checkout", "/orders/a-1/shipments/s-1", {})).of(201)
    back = {"lines": [{"number": 1, "quantity": 1}], "reason": "damaged"}
    (await staff.ask("PUT", "checkout", "/orders/a-1/returns/r-1", back)).of(201)
    anna.saw(staff)
    account = await anna.account()
    assert (account["points_reversed"], account["active_points"]) == (63, 13)
    rest = {"lines": [{"number": 1, "quantity": 1}, {"number": 2, "quantity": 1}]}
    (await staff.ask("PUT", "checkout", "/orders/a-1/returns/r-2", back | rest)).of(201)
    anna.saw(staff)
    account = await anna.account()
    assert (account["points_reversed"], account["active_points"]) == (176, 0)
    balance = account["pending_points"] - account["points_owed"]
    assert balance == 176 + 60 - 100 - 176


async def test_a_programme_ends_with_a_run_off_and_closes_when_nobody_has_points(
    dealer: Dealer,
) -> None:
    """BO-12, BO-13, BO-38, BO-49, Q20: the date is shown, points pay until then."""
    staff = await running(dealer)
    anna, bert = dealer.user("anna", COMPANY), dealer.user("bert", COMPANY)
    await anna.place("a-1", cart(line(10_000)))
    await bert.place("b-1", cart(line(1_000)))
    await anna.account()
    await bert.account()
    await refused(staff, "POST", "/programme/closing", "programme-not-deactivated")
    await change(staff, "POST", "/programme/deactivation")
    general = (await staff.ask("GET", BONUS, "/programme")).of(200)["general"]
    ended = datetime.fromisoformat(general["deactivated_at"]).astimezone(BERLIN)
    until = date(ended.year + 1, 12, 31)
    assert general["run_off_until"] == until.isoformat()
    anna.saw(staff)
    page = (await anna.ask("GET", BONUS, "/programme/page")).of(200)
    assert f"{until:%d.%m.%Y}" in page["notice"]
    box = (await anna.ask("GET", BONUS, "/users/anna/notices")).of(200)
    assert [one["kind"] for one in box["notices"]] == ["programme-ended"]

    paid = await anna.place("a-2", cart(line(9_000), reward_id="fuenf"))
    assert paid["reward"]["discount_cents"] == 500
    account = await anna.account()
    assert (account["points_accrued"], account["active_points"]) == (200, 100)
    staff.saw(anna)
    staff.saw(bert)
    left = await refused(staff, "POST", "/programme/closing", "points-left")
    assert (left["holders"], left["run_off_until"]) == (2, until.isoformat())

    await anna.place("a-3", cart(line(9_000), reward_id="fuenf"))
    leaving = "/users/bert/participation"
    question = (await bert.ask("POST", BONUS, f"{leaving}/question", tokens=bert.tokens)).of(200)
    confirmed = {"confirmation": question["confirmation"]}
    (await bert.ask("POST", BONUS, f"{leaving}/end", confirmed)).of(204)
    await anna.account()
    for person in (anna, bert):
        staff.saw(person)
    await change(staff, "POST", "/programme/closing")
    general = (await staff.ask("GET", BONUS, "/programme")).of(200)["general"]
    assert general["state"] == "closed"
    late = await anna.ask("PUT", "checkout", "/orders/a-4", cart(line(9_000), reward_id="fuenf"))
    late.refused("programme-ended")


async def test_one_customer_is_switched_off_while_the_programme_runs_for_others(
    dealer: Dealer,
) -> None:
    """BO-13, BO-49: points pay until the date that is shown; then nothing is shown any more."""
    staff = await running(dealer)
    await change(staff, "PUT", f"/customers/{STRANGERS}/programme")
    anna, other = dealer.user("anna", COMPANY), dealer.user("other", STRANGERS)
    await anna.place("a-1", cart(line(5_000)))
    assert (await anna.account())["active_points"] == 100
    await change(staff, "DELETE", f"/customers/{COMPANY}/programme")
    for person in (anna, other):
        person.saw(staff)
    await anna.place("a-2", cart(line(5_000)))
    await other.place("o-1", cart(line(5_000)))
    assert (await anna.account())["points_accrued"] == 100, "nothing is earned any more"
    assert (await other.account())["active_points"] == 100

    view = (await staff.ask("GET", BONUS, f"/customers/{COMPANY}/programme")).of(200)
    until = date(today().year + 1, 12, 31)
    assert (view["enabled"], view["run_off_until"]) == (False, until.isoformat())
    page = (await anna.ask("GET", BONUS, "/programme/page")).of(200)
    assert f"{until:%d.%m.%Y}" in page["notice"]
    assert (await other.ask("GET", BONUS, "/programme/page")).of(200)["notice"] == ""
    paid = await anna.place("a-3", cart(line(3_000), reward_id="fuenf"))
    assert paid["reward"]["discount_cents"] == 500
    assert (await anna.account())["active_points"] == 0
    notices = (await anna.ask("GET", BONUS, "/users/anna/notices")).of(200)["notices"]
    assert notices == [], "who has no points is not told (BO-13)"
    (await anna.ask("GET", BONUS, "/programme/page")).of(404)

    rows = await csv_rows(staff, BONUS, "/customers.csv")
    assert [(row["Kunde"], row["Bonusprogramm"]) for row in rows] == [
        (STRANGERS, "aktiv"),
        (COMPANY, "beendet"),
    ]
    assert len(await xlsx_rows(staff, BONUS, "/customers.xlsx")) == 2
    moves = await csv_rows(anna, BONUS, "/accounts/anna/movements.csv")
    assert sorted(int(row["Punkte"]) for row in moves) == [-100, 100]


async def test_a_timer_waits_for_the_end_of_the_run_off(dealer: Dealer) -> None:
    """BO-12: for the first moment of the year in Berlin; one that rings too early ends nothing."""
    staff = await running(dealer)
    anna = dealer.user("anna", COMPANY)
    await anna.place("a-1", cart(line(5_000)))
    await anna.account()
    await change(staff, "POST", "/programme/deactivation")
    new_year = datetime(today().year + 2, 1, 1, tzinfo=BERLIN)
    of_dealer = {"rule": PROGRAMME_CLOSES.name, "dealer": dealer.name}
    client = connect(dealer.stack.addresses["mongod"])
    try:
        timers = client["bonus"].timers

        async def is_set() -> None:
            assert await timers.count_documents(of_dealer) == 1

        async def has_rung() -> None:
            assert await timers.count_documents({**of_dealer, "open": True}) == 0

        await eventually(is_set)
        [timer] = await timers.find(of_dealer).to_list()
        assert (timer["open"], timer["at"]) == (True, new_year)
        await timers.update_one(of_dealer, {"$set": {"claimed": datetime.now(BERLIN)}})
        await eventually(has_rung)
    finally:
        await client.close()
    general = (await staff.ask("GET", BONUS, "/programme")).of(200)["general"]
    assert general["state"] == "run-off"
    paid = await anna.place("a-2", cart(line(3_000), reward_id="fuenf"))
    assert paid["reward"]["discount_cents"] == 500
