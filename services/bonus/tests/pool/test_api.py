"""A dealer has a customer's points pooled: managers redeem them, single users see none."""

import asyncio
from typing import Any

import msgspec
import pytest
from bonus_tests.samples import (
    APRIL_1,
    CUSTOMER,
    DEALER,
    MARCH_1,
    USER,
    cancelled,
    line,
    placed,
    rewarded,
)
from bonus_tests.shop import ANNA, BERT, CHEF, MANAGER, PAPER, STAFF, STRANGER, Bonus

from zugabe_events.contracts.bonus import (
    PointsDebited,
    PointsForfeited,
    PointsMovedOut,
    RewardHeld,
    RewardRedeemed,
)
from zugabe_events.http.principal import Principal

OF_CUSTOMER = f"/dealers/{DEALER}/customers/{CUSTOMER}"
POOLING = f"{OF_CUSTOMER}/pooling"
POINTS = f"{OF_CUSTOMER}/points"
CLARA = Principal("clara", "user", DEALER, "c2")


FROZEN = (
    "Bei 1 Kunden kann zurzeit niemand die gemeinsamen Punkte einlösen, da es keinen"
    " Bonuspunkte-Verwalter gibt."
)


def manager(user: str) -> str:
    return f"{OF_CUSTOMER}/points-managers/{user}"


@pytest.fixture
async def bonus() -> Bonus:
    """Anna has 120 points, and Bert 40."""
    service = Bonus(CLARA)
    await service.set_up()
    await service.deliver(placed("o1", line(12_000), at=MARCH_1), "e1")
    of_bert = msgspec.structs.replace(placed("o2", line(4_000), at=MARCH_1), user=BERT.subject)
    await service.deliver(of_bert, "e2")
    await service.carry()
    return service


async def pool(bonus: Bonus, *managers: str) -> None:
    for path in (POOLING, *map(manager, managers)):
        answer = await bonus.ask(STAFF, "PUT", path)
        assert answer.status_code == 204, answer.text
    await bonus.carry()


async def check(bonus: Bonus, caller: Principal, **more: Any) -> Any:
    body = {"customer": CUSTOMER, "user": caller.subject, "lines": [PAPER], **more}
    answer = await bonus.ask(caller, "POST", f"/dealers/{DEALER}/reward-checks", body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def points(bonus: Bonus, caller: Principal = STAFF) -> int:
    answer = await bonus.ask(caller, "GET", POINTS)
    assert answer.status_code == 200, answer.text
    return int(answer.json()["active_points"])


async def test_only_managers_check_and_redeem_the_points_of_all(bonus: Bonus) -> None:
    """BO-5, BO-33"""
    await pool(bonus, BERT.subject)
    assert await points(bonus, BERT) == 160
    assert (await check(bonus, BERT, reward_id="five"))["available_points"] == 160
    held = await bonus.hold("o3", user=BERT.subject)
    assert held.json()["streams"] == [f"account/{DEALER}/pool:{CUSTOMER}"]
    refused = await bonus.hold("o4", user=ANNA.subject)
    assert (refused.status_code, refused.json()["code"]) == (409, "not-points-manager")
    assert refused.json()["detail"] == (
        "Die Punkte Ihres Unternehmens löst der Bonuspunkte-Verwalter ein."
    )


async def test_single_users_see_nothing_of_points(bonus: Bonus) -> None:
    """BO-33"""
    await pool(bonus, BERT.subject)
    seen = await check(bonus, ANNA)
    assert (seen["available_points"], seen["points_this_order"]) == (0, 0)
    assert (seen["reasons"], seen["rewards"]) == ([], [])
    wanted = await check(bonus, ANNA, reward_id="five")
    assert [reason["code"] for reason in wanted["reasons"]] == ["not-points-manager"]
    notices = f"/dealers/{DEALER}/users/{USER}/notices"
    assert (await bonus.ask(ANNA, "GET", notices)).json()["notices"] == []
    for path in (
        f"/dealers/{DEALER}/accounts/{USER}",
        f"/dealers/{DEALER}/accounts/{USER}/movements",
        POINTS,
        f"{POINTS}/movements",
    ):
        assert (await bonus.ask(ANNA, "GET", path)).status_code == 403, path
    told = f"/dealers/{DEALER}/users/{BERT.subject}/notices"
    assert (await bonus.ask(BERT, "GET", told)).json()["notices"]


async def test_by_default_each_user_collects_for_themselves(bonus: Bonus) -> None:
    """BO-31: users of one customer neither see nor spend the points of each other."""
    for who, own in ((ANNA, 120), (BERT, 40)):
        account = await bonus.ask(who, "GET", f"/dealers/{DEALER}/accounts/{who.subject}")
        assert account.json()["active_points"] == own
        assert (await check(bonus, who, reward_id="five"))["available_points"] == own
    other = f"/dealers/{DEALER}/accounts/{USER}"
    assert (await bonus.ask(BERT, "GET", other)).status_code == 403
    refused = await bonus.hold("o3", user=BERT.subject)
    assert (refused.status_code, refused.json()["code"]) == (409, "points-missing")


async def test_a_manager_counts_only_while_points_are_pooled(bonus: Bonus) -> None:
    """BO-34, BO-35"""
    assert (await bonus.ask(STAFF, "PUT", manager(BERT.subject))).status_code == 204
    assert (await bonus.ask(BERT, "GET", POINTS)).status_code == 403
    assert (await check(bonus, BERT, reward_id="five"))["available_points"] == 40
    assert (await check(bonus, ANNA, reward_id="five"))["available_points"] == 120
    await pool(bonus)
    assert await points(bonus, BERT) == 160


async def test_points_of_the_shared_customer_are_never_pooled(bonus: Bonus) -> None:
    """BO-48"""
    shared = f"/dealers/{DEALER}/customers/So.COMMERCE"
    for path in (f"{shared}/pooling", f"{shared}/points-managers/u1"):
        answer = await bonus.ask(STAFF, "PUT", path)
        assert (answer.status_code, answer.json()["code"]) == (409, "shared-customer")


async def test_points_of_who_never_took_part_are_not_pooled(bonus: Bonus) -> None:
    answer = await bonus.ask(STAFF, "PUT", f"/dealers/{DEALER}/customers/c9/pooling")
    assert (answer.status_code, answer.json()["code"]) == (409, "customer-not-enabled")


async def test_when_the_last_manager_leaves_the_points_are_frozen(bonus: Bonus) -> None:
    """Q12: nobody redeems until another manager is there, and dealer and customer are told."""
    await pool(bonus, BERT.subject, MANAGER.subject)
    frozen = {"frozen": "true"}
    for user, count in ((BERT.subject, 0), (MANAGER.subject, 1)):
        assert (await bonus.ask(STAFF, "DELETE", manager(user))).status_code == 204
        listed = (await bonus.ask(STAFF, "GET", f"/dealers/{DEALER}/pools", **frozen)).json()
        assert len(listed["items"]) == count
        tabs = (await bonus.ask(STAFF, "GET", f"/dealers/{DEALER}/programme")).json()
        told = [warning for warning in tabs["warnings"] if "Bonuspunkte-Verwalter" in warning]
        assert told == [FROZEN] * count
    refused = await bonus.hold("o3", user=BERT.subject)
    assert (refused.status_code, refused.json()["code"]) == (409, "not-points-manager")
    assert refused.json()["detail"] == (
        "Ihr Unternehmen hat zurzeit keinen Bonuspunkte-Verwalter, der Punkte einlösen kann."
    )
    await pool(bonus, ANNA.subject)
    assert (await bonus.hold("o3", user=ANNA.subject)).status_code == 200
    state = (await bonus.ask(STAFF, "GET", POOLING)).json()
    assert (state["pooled"], state["frozen"], state["managers"]) == (True, False, [ANNA.subject])


async def test_a_manager_who_leaves_the_programme_manages_no_points(bonus: Bonus) -> None:
    """Q12: the points stay, since they belong to the company."""
    await pool(bonus, BERT.subject)
    participation = f"/dealers/{DEALER}/users/{BERT.subject}/participation"
    asked = (await bonus.ask(BERT, "POST", f"{participation}/question")).json()
    assert asked["points"] == 0
    assert "Die gemeinsamen Punkte Ihres Unternehmens bleiben diesem erhalten." in asked["text"]
    answer = {"confirmation": asked["confirmation"]}
    left = await bonus.ask(BERT, "POST", f"{participation}/end", answer)
    assert left.is_success, left.text
    await bonus.carry()
    assert (await bonus.ask(STAFF, "GET", POOLING)).json()["frozen"] is True
    assert await points(bonus) == 160
    assert (await bonus.ask(STAFF, "DELETE", POOLING)).status_code == 204
    await bonus.carry()
    assert [gone.points for gone in bonus.said(PointsForfeited)] == [40], "his own (BO-46)"
    assert (await bonus.account())["active_points"] == 120


async def test_a_correction_by_hand_reaches_the_points_that_users_share(bonus: Bonus) -> None:
    """BO-33: what is debited the account of all pays for, and no more than it has."""
    await pool(bonus, BERT.subject)
    path = f"/dealers/{DEALER}/accounts/{USER}/corrections"

    async def correct(name: str, points: int) -> Any:
        body = {"customer": CUSTOMER, "points": points, "reason": "Kulanz"}
        answer = await bonus.ask(CHEF, "PUT", f"{path}/{name}", body)
        await bonus.carry()
        return answer.json()

    assert await correct("k1", -130) == {"booked": True}
    assert await correct("k1", -130) == {"booked": True}
    assert await points(bonus) == 30
    [debited] = bonus.said(PointsDebited)
    assert (debited.points, debited.owed, debited.lots) == (130, 130, ())
    refused = await correct("k2", -31)
    assert (refused["code"], refused["missing_points"]) == ("points-missing", 1)
    assert refused["detail"] == "Es gibt höchstens 30 Punkte, die abgezogen werden können."
    assert await correct("k3", 20) == {"booked": True}
    assert await points(bonus) == 50, "what is credited is shared as well"
    account = f"/dealers/{DEALER}/accounts/{USER}"
    own = (await bonus.ask(STAFF, "GET", account)).json()
    assert (own["active_points"], own["points_owed"]) == (0, 0)


async def test_a_correction_takes_nothing_from_another_company(bonus: Bonus) -> None:
    """X-28: whichever customer it names."""
    await pool(bonus, BERT.subject)
    other = f"/dealers/{DEALER}/accounts/{CLARA.subject}/corrections"
    order = msgspec.structs.replace(
        placed("o5", line(1_000), at=MARCH_1), user=CLARA.subject, customer="c2"
    )
    await bonus.deliver(order, "e5")
    await bonus.carry()
    body = {"customer": CUSTOMER, "points": -30, "reason": "Kulanz"}
    refused = await bonus.ask(CHEF, "PUT", f"{other}/k1", body)
    assert (refused.status_code, refused.json()["available_points"]) == (409, 10)
    await bonus.carry()
    assert await points(bonus) == 160


async def test_of_two_managers_at_once_one_has_the_last_points(bonus: Bonus) -> None:
    """BO-33: 160 points pay for three rewards of 50."""
    await pool(bonus, BERT.subject, MANAGER.subject)
    wishes = [(f"h{n}", (BERT, MANAGER)[n % 2].subject) for n in range(6)]
    answers = await asyncio.gather(*(bonus.hold(order, user=user) for order, user in wishes))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 409, 409, 409]
    codes = {answer.json()["code"] for answer in answers if answer.status_code == 409}
    assert codes == {"points-missing"}
    assert await points(bonus) == 10
    assert {held.pool for held in bonus.said(RewardHeld)} == {CUSTOMER}


async def test_an_order_of_a_manager_is_paid_once_and_its_return_comes_back(bonus: Bonus) -> None:
    """BO-33, X-2"""
    await pool(bonus, BERT.subject)
    applied = (await bonus.hold("o3", user=BERT.subject)).json()
    reward = msgspec.structs.replace(rewarded("o3"), streams=tuple(applied["streams"]))
    order = placed("o3", line(9_000), reward=reward, at=APRIL_1)
    await bonus.deliver(msgspec.structs.replace(order, user=BERT.subject), "e3")
    await bonus.carry()
    [redeemed] = bonus.said(RewardRedeemed)
    assert (redeemed.pool, redeemed.owed, redeemed.unheld) == (CUSTOMER, 0, ())
    assert await points(bonus) == 110
    undone = msgspec.structs.replace(
        cancelled("o3").order, user=BERT.subject, reward_hold_id="o3/1"
    )
    await bonus.deliver(undone, "e4")
    await bonus.carry()
    assert await points(bonus) == 160


async def test_each_user_has_their_points_back(bonus: Bonus) -> None:
    """BO-33: and every move names its lots."""
    await pool(bonus, BERT.subject)
    moved = (await bonus.ask(BERT, "GET", f"{POINTS}/movements")).json()["items"]
    assert sorted(one["points"] for one in moved) == [40, 120]
    assert {one["text"] for one in moved} == {"Von einem Benutzer übernommen"}
    for _ in range(2):
        assert (await bonus.ask(STAFF, "DELETE", POOLING)).status_code == 204
    await bonus.carry()
    assert await points(bonus) == 0
    assert (await bonus.account())["active_points"] == 120
    assert (await check(bonus, BERT))["available_points"] == 40
    named = [(move.user, [lot.lot_id for lot in move.lots]) for move in bonus.said(PointsMovedOut)]
    assert named == [(USER, ["o1"]), ("u2", ["o2"]), (USER, ["o1"]), ("u2", ["o2"])]


async def test_points_that_are_earned_later_join_the_others(bonus: Bonus) -> None:
    """BO-33"""
    await pool(bonus, BERT.subject)
    await bonus.deliver(placed("o5", line(3_000), at=MARCH_1), "e5")
    await bonus.carry()
    assert await points(bonus) == 190


async def test_only_staff_with_the_single_right_pool_points(bonus: Bonus) -> None:
    """BO-8, BO-34"""
    plain = Principal("staff2", "dealer-staff", DEALER)
    other = Bonus(plain)
    await other.set_up()
    for caller in (ANNA, MANAGER, STRANGER):
        assert (await bonus.ask(caller, "PUT", POOLING)).status_code == 403
        assert (await bonus.ask(caller, "PUT", manager(ANNA.subject))).status_code == 403
    assert (await other.ask(plain, "PUT", POOLING)).status_code == 403
    assert (await other.ask(plain, "GET", POOLING)).json()["pooled"] is False


async def test_managers_see_no_points_of_other_companies(bonus: Bonus) -> None:
    """X-28"""
    await pool(bonus, BERT.subject)
    assert (await bonus.ask(CLARA, "GET", POINTS)).status_code == 403
    assert (await bonus.ask(STRANGER, "GET", POINTS)).status_code == 403


async def test_a_refusal_says_whose_the_points_are(bonus: Bonus) -> None:
    """X-7, BO-33, Q12: shared points that do not exist, that a manager redeems, or nobody."""

    async def detail() -> Any:
        return (await bonus.ask(BERT, "GET", POINTS)).json()["detail"]

    assert await detail() == "Ihr Unternehmen hat keine gemeinsamen Bonuspunkte."
    await pool(bonus, ANNA.subject)
    assert await detail() == "Die Punkte Ihres Unternehmens löst der Bonuspunkte-Verwalter ein."
    await bonus.ask(STAFF, "DELETE", manager(ANNA.subject))
    assert await detail() == (
        "Ihr Unternehmen hat zurzeit keinen Bonuspunkte-Verwalter, der Punkte einlösen kann."
    )
    stranger = await bonus.ask(STAFF, "PUT", f"/dealers/{DEALER}/customers/c9/pooling")
    assert stranger.json()["detail"] == (
        "Dieser Kunde nimmt nicht am Bonusprogramm teil. Bitte schalten Sie ihn zuerst frei."
    )
