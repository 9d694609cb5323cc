"""Corrections by hand: with a reason, and with a second person above a limit."""

from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest
from bonus_tests.samples import APRIL_1, CUSTOMER, DEALER, MARCH_1, USER, line, placed
from bonus_tests.shop import ANNA, CHEF, SECOND, STAFF, STRANGER, Bonus

from zugabe_events.contracts.bonus import CorrectionProposed, PointsCredited, PointsDebited
from zugabe_testing.callers import problem_code

ACCOUNT = f"/dealers/{DEALER}/accounts/{USER}"


@pytest.fixture
async def bonus() -> AsyncGenerator[Bonus]:
    service = Bonus()
    await service.set_up()
    yield service
    await service.http.aclose()


def body(points: int) -> dict[str, object]:
    return {"customer": CUSTOMER, "points": points, "reason": "Kulanz"}


def path(correction_id: str, more: str = "") -> str:
    return f"{ACCOUNT}/corrections/{correction_id}{more}"


async def test_one_person_credits_and_debits_a_little(bonus: Bonus) -> None:
    answer = await bonus.ask(CHEF, "PUT", path("k1"), body(1_000))
    assert answer.json() == {"booked": True}
    again = await bonus.ask(CHEF, "PUT", path("k1"), body(1_000))
    assert again.json() == {"booked": True}
    [credited] = bonus.said(PointsCredited)
    assert (credited.credited_by, credited.reason) == ("chef", "Kulanz")
    bonus.now += timedelta(days=30)
    assert (await bonus.ask(CHEF, "PUT", path("k2"), body(-400))).json() == {"booked": True}
    [debited] = bonus.said(PointsDebited)
    assert [(lot.lot_id, lot.points) for lot in debited.lots] == [("credit:k1", 400)]
    account = await bonus.account()
    assert (account["active_points"], account["points_credited"]) == (600, 1_000)
    assert account["lots"][0]["order_id"] == ""


async def test_more_needs_a_second_person(bonus: Bonus) -> None:
    answer = await bonus.ask(CHEF, "PUT", path("k1"), body(1_001))
    assert answer.json() == {"booked": False}
    account = await bonus.account()
    assert account["active_points"] == 0
    assert [one["points"] for one in account["open_corrections"]] == [1_001]
    own = await bonus.ask(CHEF, "POST", path("k1", "/consent"))
    assert problem_code(own, 409) == "same-person"
    for _ in range(2):
        assert (await bonus.ask(SECOND, "POST", path("k1", "/consent"))).status_code == 204
    [credited] = bonus.said(PointsCredited)
    assert (credited.credited_by, credited.consented_by) == ("chef", "second")
    account = await bonus.account()
    assert (account["active_points"], account["open_corrections"]) == (1_001, [])


async def test_many_small_ones_count_as_a_large_one(bonus: Bonus) -> None:
    assert (await bonus.ask(CHEF, "PUT", path("k1"), body(600))).json()["booked"]
    assert (await bonus.ask(SECOND, "PUT", path("k2"), body(-400))).json()["booked"]
    assert not (await bonus.ask(CHEF, "PUT", path("k3"), body(1))).json()["booked"]
    [proposed] = bonus.said(CorrectionProposed)
    assert proposed.points == 1


async def test_a_rejected_correction_is_not_booked(bonus: Bonus) -> None:
    await bonus.ask(CHEF, "PUT", path("k1"), body(5_000))
    for _ in range(2):
        assert (await bonus.ask(SECOND, "DELETE", path("k1"))).status_code == 204
    late = await bonus.ask(SECOND, "POST", path("k1", "/consent"))
    assert problem_code(late, 409) == "correction-rejected"
    unknown = await bonus.ask(SECOND, "POST", path("k9", "/consent"))
    assert problem_code(unknown, 404) == "not-found"
    await bonus.ask(CHEF, "PUT", path("k2"), body(5))
    booked = await bonus.ask(SECOND, "DELETE", path("k2"))
    assert problem_code(booked, 409) == "correction-booked"


async def test_no_more_is_debited_than_there_is(bonus: Bonus) -> None:
    await bonus.deliver(placed("o1", line(6_000), at=MARCH_1), "e1")
    refused = await bonus.ask(CHEF, "PUT", path("k1"), body(-61))
    assert problem_code(refused, 409) == "points-missing"
    assert refused.json()["missing_points"] == 1
    other = await bonus.ask(CHEF, "PUT", path("k2"), body(-60))
    assert other.json() == {"booked": True}
    differs = await bonus.ask(CHEF, "PUT", path("k2"), body(-59))
    assert problem_code(differs, 422) == "correction-differs"


async def test_a_correction_of_nothing_is_refused(bonus: Bonus) -> None:
    assert (await bonus.ask(CHEF, "PUT", path("k1"), body(0))).status_code == 422


@pytest.mark.parametrize("who", [ANNA, STAFF, STRANGER])
async def test_only_staff_with_the_right_corrects(bonus: Bonus, who: object) -> None:
    """X-16"""
    answer = await bonus.ask(who, "PUT", path("k1"), body(5))  # type: ignore[arg-type]
    assert answer.status_code == 403


async def test_the_tab_of_a_user_lists_what_came_and_went(bonus: Bonus) -> None:
    """BO-36"""
    await bonus.deliver(placed("o1", line(6_000), at=MARCH_1), "e1")
    await bonus.deliver(placed("o2", line(3_000), at=APRIL_1 - timedelta(days=1)), "e2")
    await bonus.ask(CHEF, "PUT", path("k1"), body(-10))
    answer = (await bonus.ask(ANNA, "GET", f"{ACCOUNT}/movements")).json()
    assert [(one["kind"], one["points"], one["text"]) for one in answer["items"]] == [
        ("debited", -10, "Abzug: Kulanz"),
        ("earned", 30, "Bestellung n-o2 vom 31.03.2026"),
        ("earned", 60, "Bestellung n-o1 vom 01.03.2026"),
    ]
    account = await bonus.account()
    assert account["pending"] == [{"day": "2026-04-14", "points": 30}]
    assert (account["active_points"], account["pending_points"]) == (50, 30)
    listed = await bonus.ask(ANNA, "GET", f"{ACCOUNT}/movements.csv")
    assert "Bestellung n-o1 vom 01.03.2026" in listed.text
    assert (await bonus.ask(ANNA, "GET", f"{ACCOUNT}/movements.xlsx")).status_code == 200
    one = (await bonus.ask(STAFF, "GET", f"{ACCOUNT}/movements", kind="debited")).json()
    assert [each["points"] for each in one["items"]] == [-10]
    other = f"/dealers/{DEALER}/accounts/u2/movements"
    assert (await bonus.ask(ANNA, "GET", other)).status_code == 403
