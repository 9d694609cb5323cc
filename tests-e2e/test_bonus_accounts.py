"""Points that people leave behind, share, or have: and what their dealer owes by them."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from stories.catalogue import editor, sell
from stories.dealer import SHARED_CUSTOMER, Dealer, Person, cart, line
from stories.programme import (
    BONUS,
    COMPANY,
    accounts_of,
    change,
    owed_on,
    refused,
    running,
    shown_to,
    today,
    told,
)

from zugabe_testing.eventually import eventually


async def ordered_for_approval(dealer: Dealer, buyer: Person, order_id: str) -> tuple[Person, Any]:
    """The buyer as they ordered with a reward, and their attempt, which waits for approval.

    Nobody has to approve orders of those who may set prices or import orders.
    """
    rights = ("edit-articles", "edit-prices", "edit-customer-terms")
    seller = editor(dealer, "dealer-staff", dealer.name, *rights)
    await sell(seller, "A", "20.00")
    rule = {"approval": "always"}
    (await seller.ask("PUT", "checkout", f"/customers/{COMPANY}/terms", rule)).of(204)
    orderer = dealer.shopper(buyer.name, COMPANY)
    for before in (seller, buyer):
        orderer.saw(before)
    wanted = cart({"article": "A", "quantity": 1}, reward_id="fuenf")
    path = f"/orders/{order_id}"
    held = await orderer.ask("PUT", "checkout", path, wanted, tokens=orderer.tokens)
    return orderer, held.of(202)["attempt"]


async def approve(dealer: Dealer, orderer: Person, order_id: str, attempt: Any) -> Person:
    boss = dealer.user("boss", COMPANY, rights=["approve-orders"])
    boss.saw(orderer)
    body = {"attempt": attempt}
    approved = await boss.ask("POST", "checkout", f"/orders/{order_id}/approval", body)
    assert approved.of(200, 201)["reward"]["points"] == 100
    return boss


async def test_an_order_under_way_keeps_its_reward_when_its_user_leaves(dealer: Dealer) -> None:
    """BO-46, Q12: its points still pay for it, and do not come back with it."""
    await running(dealer)
    anna = dealer.user("anna", COMPANY)
    await anna.place("a-1", cart(line(7_000)))
    orderer, attempt = await ordered_for_approval(dealer, anna, "a-2")
    path = "/users/anna/participation"
    question = await orderer.ask("POST", BONUS, f"{path}/question", tokens=orderer.tokens)
    asked = question.of(200)
    assert (asked["points"], asked["held_points"]) == (40, 100)
    confirmed = {"confirmation": asked["confirmation"]}
    (await orderer.ask("POST", BONUS, f"{path}/end", confirmed)).of(204)
    anna.saw(await approve(dealer, orderer, "a-2", attempt))
    account = await anna.account()
    assert (account["points_held"], account["points_redeemed"]) == (0, 100)
    await anna.cancel("a-2")
    await anna.cancel("a-1")
    account = await anna.account()
    assert (account["lots"], account["points_owed"], account["points_returned"]) == ([], 0, 0)


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
    orderer, attempt = await ordered_for_approval(dealer, anna, "anna-3")
    staff.saw(orderer)

    for person in people:
        staff.saw(person)
    accounts = await accounts_of(staff)
    assert accounts["anna"]["points_held"] == 100
    assert accounts["bert"]["points_owed"] > 0
    await the_days_add_up(staff, accounts)

    staff.saw(await approve(dealer, orderer, "anna-3", attempt))
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
