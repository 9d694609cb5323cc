"""A bonus programme from its set-up to its end, while people order."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from stories.catalogue import editor, sell
from stories.dealer import LONG_AGO, SHARED_CUSTOMER, Dealer, Person, cart, line

from zugabe_testing.eventually import eventually

BONUS = "bonus"
COMPANY, STRANGERS = "k-metall", "k-fremd"
TERMS = {"points_per_euro": 2, "pending_days": 0, "starts_on": LONG_AGO, "needs_acceptance": False}
REWARD = {"title": "5 € Rabatt", "points": 100, "discount_cents": 500}
PROMOTION = {"title": "Dreifach", "factor": 3, "brands": ["Soennecken"]}


async def change(staff: Person, method: str, path: str, body: Any = None) -> None:
    """What staff may do to the programme, with the module that they were sold."""
    (await staff.insist(method, BONUS, path, body, tokens=staff.tokens)).of(204)


async def refused(staff: Person, method: str, path: str, code: str) -> Any:
    return (await staff.ask(method, BONUS, path, tokens=staff.tokens)).refused(code)


async def running(dealer: Dealer, **terms: Any) -> Person:
    """Somebody with the single right, and a programme with a reward, for one customer."""
    await dealer.order_module()
    staff = dealer.staff
    staff.saw(dealer.support)
    await change(staff, "PUT", "/programme", TERMS | terms)
    await change(staff, "PUT", "/programme/rewards/fuenf", REWARD)
    await change(staff, "POST", "/programme/activation")
    await change(staff, "PUT", f"/customers/{COMPANY}/programme")
    return staff


async def texts_of(user: Person) -> Any:
    path = f"/users/{user.name}/programme-texts"
    return (await user.ask("GET", BONUS, path)).of(200)


async def shown_to(user: Person) -> dict[str, Any]:
    """The texts as the user read them, to accept them."""
    texts = (await texts_of(user))["texts"]
    return {"texts": [{"kind": one["kind"], "version": one["version"]} for one in texts]}


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


async def test_who_leaves_loses_the_points_that_were_named_and_begins_again_at_zero(
    dealer: Dealer,
) -> None:
    """BO-43 to BO-47, Q12: nothing is lost without the confirmation of exactly these points."""
    await running(dealer, pending_days=14)
    anna = dealer.user("anna", COMPANY, rights=["import-orders"])
    past = {"placed_at": "2025-03-01T12:00:00+01:00"}
    await anna.place("a-1", cart(line(5_000), **past))
    await anna.place("a-2", cart(line(2_000)))
    path = "/users/anna/participation"

    async def asked() -> Any:
        return (await anna.ask("POST", BONUS, f"{path}/question", tokens=anna.tokens)).of(200)

    async def confirm(confirmation: str) -> Any:
        body = {"confirmation": confirmation}
        return await anna.ask("POST", BONUS, f"{path}/end", body, tokens=anna.tokens)

    question = await asked()
    assert (question["points"], question["active_points"], question["pending_points"]) == (
        140,
        100,
        40,
    )
    assert "140 Punkte gelöscht, davon 100 Punkte einlösbar" in question["text"]
    (await confirm("0" * 32)).refused("confirmation-invalid")
    await anna.place("a-3", cart(line(1_000)))
    changed = (await confirm(question["confirmation"])).refused("points-changed")
    assert (changed["points"], changed["asked_points"]) == (160, 140)
    assert (await anna.account())["points_forfeited"] == 0
    (await confirm((await asked())["confirmation"])).of(204)
    account = await anna.account()
    assert (account["points_forfeited"], account["lots"], account["has_left"]) == (160, [], True)
    page = (await anna.ask("GET", BONUS, "/programme/page")).of(200)
    assert page["links"][-1]["rel"] == "rejoin"

    await anna.place("a-4", cart(line(5_000)))
    assert (await anna.account())["points_accrued"] == 160
    (await anna.ask("PUT", BONUS, path, await shown_to(anna))).of(204)
    page = (await anna.ask("GET", BONUS, "/programme/page")).of(200)
    assert page["links"][-1]["rel"] == "opt-out"
    await anna.cancel("a-2")
    await anna.place("a-5", cart(line(1_000)))
    account = await anna.account()
    assert (account["active_points"], account["pending_points"]) == (0, 20)
    assert (account["points_owed"], account["has_left"]) == (0, False)


async def test_a_manager_redeems_the_points_of_the_company(dealer: Dealer) -> None:
    """BO-5, BO-33 to BO-35, BO-48, Q12: of two managers at once one has the points, and none is
    lost; never for the shared customer."""
    staff = await running(dealer)
    anna, bert, carl = (dealer.user(name, COMPANY) for name in ("anna", "bert", "carl"))
    await anna.place("a-1", cart(line(5_000)))
    await bert.place("b-1", cart(line(3_000)))
    company = f"/customers/{COMPANY}"
    shared = f"/customers/{SHARED_CUSTOMER}/pooling"
    await refused(staff, "PUT", shared, "shared-customer")
    for manager in ("bert", "carl"):
        await change(staff, "PUT", f"{company}/points-managers/{manager}")
    (await bert.ask("GET", BONUS, f"{company}/points")).of(403)
    await change(staff, "PUT", f"{company}/pooling")

    async def pooled(points: int) -> Any:
        async def has_come() -> Any:
            found = (await bert.ask("GET", BONUS, f"{company}/points")).of(200)
            assert (found["active_points"], found["points_held"]) == (points, 0)
            return found

        return await eventually(has_come)

    bert.saw(staff)
    await pooled(160)
    (await anna.ask("GET", BONUS, "/accounts/anna")).of(403)
    assert (await anna.ask("GET", BONUS, "/users/anna/notices")).of(200)["notices"] == []
    wanted = cart(line(2_000), reward_id="fuenf")
    no = await anna.ask("PUT", "checkout", "/orders/a-2", wanted)
    no.refused("not-points-manager")
    managers = {"b-2": bert, "c-2": carl}
    racing = [
        manager.insist("PUT", "checkout", f"/orders/{order_id}", wanted)
        for order_id, manager in managers.items()
    ]
    answers = dict(zip(managers, await asyncio.gather(*racing), strict=True))
    [paid] = [order_id for order_id, answer in answers.items() if answer.status == 201]
    [late] = {*managers} - {paid}
    order = answers[paid].body
    assert (order["reward"]["discount_cents"], order["net_cents"]) == (500, 1_500)
    answers[late].refused("points-missing")
    assert (await pooled(160 - 100 + 40))["points_redeemed"] == 100
    await managers[paid].cancel(paid)
    await pooled(160)
    await bert.place("b-3", wanted)
    await pooled(100)

    await change(staff, "DELETE", f"{company}/points-managers/carl")
    await change(staff, "DELETE", f"{company}/points-managers/bert")
    frozen = (await staff.ask("GET", BONUS, "/pools", frozen="true")).of(200)["items"]
    assert [one["customer"] for one in frozen] == [COMPANY]
    (await bert.ask("PUT", "checkout", "/orders/b-4", wanted)).refused("not-points-manager")
    await change(staff, "DELETE", f"{company}/pooling")

    async def has_come_back() -> None:
        staff.saw(anna)
        accounts = await accounts_of(staff)
        points = {name: sum(lot["points"] for lot in one["lots"]) for name, one in accounts.items()}
        assert points[f"pool:{COMPANY}"] == 0
        assert sum(points.values()) == 100

    await eventually(has_come_back)


async def accounts_of(staff: Person) -> dict[str, Any]:
    """By user, as the dealer sees them one by one."""
    page = (await staff.ask("GET", BONUS, "/accounts", limit="500")).of(200)
    return {one["user"]: one for one in page["items"]}


def today() -> date:
    return datetime.now(ZoneInfo("Europe/Berlin")).date()


def owed_on(day: date, accounts: Iterable[Any]) -> Counter[str]:
    """Added up lot by lot, for the end of a day from today on."""
    total: Counter[str] = Counter()
    for account in accounts:
        for lot in account["lots"]:
            is_active = date.fromisoformat(lot["active_from"]) <= day
            total["active_points" if is_active else "pending_points"] += lot["points"]
        total["held_points"] += account["points_held"]
        total["waiting_points"] += account["points_waiting"]
        total["owed_points"] += account["points_owed"]
    return +total


def told(liability: Any) -> Counter[str]:
    kinds = ("active_points", "pending_points", "held_points", "waiting_points", "owed_points")
    return +Counter({kind: liability[kind] for kind in kinds})


async def test_what_a_dealer_owes_is_what_the_accounts_add_up_to(dealer: Dealer) -> None:
    """N-10, BO-14: on every day from now on, by customer, with points held for an approval."""
    staff = await running(dealer, pending_days=14)
    await change(staff, "PUT", "/customers/k-zwei/programme")
    past = {"placed_at": "2025-03-01T12:00:00+01:00"}
    people = [
        dealer.user(name, customer, rights=["import-orders"])
        for name, customer in (("anna", COMPANY), ("bert", COMPANY), ("carl", "k-zwei"))
    ]
    anna, bert, carl = people
    for number, person in enumerate(people):
        await person.place(f"{person.name}-1", cart(line(9_000 + number * 1_000), **past))
        await person.place(f"{person.name}-2", cart(line(1_000 + number * 1_100)))
        await person.account()
    await carl.place("carl-3", cart(line(2_000), reward_id="fuenf"))
    await bert.cancel("bert-2")
    await bert.account()
    await bert.place("bert-3", cart(line(2_000), reward_id="fuenf"))
    await bert.cancel("bert-1")
    rights = ("edit-articles", "edit-prices", "edit-customer-terms")
    seller = editor(dealer, "dealer-staff", dealer.name, *rights)
    await sell(seller, "A", "20.00")
    rule = {"approval": "always"}
    (await seller.ask("PUT", "checkout", f"/customers/{COMPANY}/terms", rule)).of(204)
    wanted = cart({"article": "A", "quantity": 1}, reward_id="fuenf")
    anna.saw(seller)
    # Orders of those who may set prices or import orders need no approval.
    orderer = dealer.shopper("anna", COMPANY)
    held = await orderer.ask("PUT", "checkout", "/orders/anna-3", wanted, tokens=anna.tokens)
    assert held.of(202)["attempt"]
    staff.saw(orderer)

    for person in people:
        staff.saw(person)
    accounts = await accounts_of(staff)
    assert accounts["anna"]["points_held"] == 100
    assert accounts["bert"]["points_owed"] > 0
    await the_days_add_up(staff, accounts)

    boss = dealer.user("boss", COMPANY, rights=["approve-orders"])
    boss.saw(orderer)
    attempt = {"attempt": held.body["attempt"]}
    approved = await boss.ask("POST", "checkout", "/orders/anna-3/approval", attempt)
    assert approved.of(200, 201)["reward"]["points"] == 100
    staff.saw(boss)
    accounts = await accounts_of(staff)
    anna_has = accounts["anna"]
    assert (anna_has["points_held"], anna_has["points_redeemed"]) == (0, 100)
    await the_days_add_up(staff, accounts)


async def the_days_add_up(staff: Person, accounts: Mapping[str, Any]) -> None:
    for days in (0, 1, 13, 14, 15, 400):
        query = {"day": (day := today() + timedelta(days=days)).isoformat()}
        said = (await staff.ask("GET", BONUS, "/liability", **query)).of(200)
        expected = owed_on(day, accounts.values())
        assert told(said) == expected, day
        assert said["points"] == expected.total() - 2 * expected["owed_points"]
        assert said["value_cents"] == said["points"]
        rows = (await staff.ask("GET", BONUS, "/liability/customers", **query)).of(200)["items"]
        assert {row["customer"]: told(row) for row in rows} == {
            customer: owed_on(
                day, [one for one in accounts.values() if one["customer"] == customer]
            )
            for customer in (COMPANY, "k-zwei")
        }


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
    ended = datetime.fromisoformat(general["deactivated_at"]).astimezone(ZoneInfo("Europe/Berlin"))
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
