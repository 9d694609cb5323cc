"""A dealer enables customers: their users earn and redeem, and those of others do not."""

from datetime import UTC, datetime, timedelta

import pytest
from bonus_tests.samples import APRIL_1, CUSTOMER, DEALER, MARCH_1, line, placed
from bonus_tests.shop import ANNA, PROGRAMME, REWARD, STAFF, TERMS, Bonus

from zugabe_events.contracts.bonus import CustomerEnabled, PointsAccrued

PATH = f"/dealers/{DEALER}/customers/{CUSTOMER}/programme"


@pytest.fixture
async def bonus() -> Bonus:
    return Bonus()


async def test_nobody_is_enabled_before_the_programme_runs(bonus: Bonus) -> None:
    """BO-28"""
    answer = await bonus.ask(STAFF, "PUT", PATH)
    assert (answer.status_code, answer.json()["code"]) == (409, "programme-not-active")
    assert (await bonus.ask(STAFF, "GET", PATH)).status_code == 404


async def test_the_switch_at_the_customer_appears_once_the_programme_runs(bonus: Bonus) -> None:
    """BO-30: off, for a customer who never took part."""
    for method, path, body in (
        ("PUT", PROGRAMME, TERMS),
        ("PUT", f"{PROGRAMME}/rewards/five", REWARD),
        ("POST", f"{PROGRAMME}/activation", None),
    ):
        assert (await bonus.ask(STAFF, "GET", PATH)).status_code == 404
        assert (await bonus.ask(STAFF, method, path, body)).status_code == 204
    shown = await bonus.ask(STAFF, "GET", PATH)
    assert (shown.status_code, shown.json()["enabled"]) == (200, False)
    assert (await bonus.ask(STAFF, "PUT", PATH)).status_code == 204
    assert (await bonus.ask(STAFF, "GET", PATH)).json()["enabled"] is True


async def test_only_users_of_enabled_customers_earn_and_redeem(bonus: Bonus) -> None:
    """BO-11"""
    for method, path, body in (
        ("PUT", PROGRAMME, TERMS),
        ("PUT", f"{PROGRAMME}/rewards/five", REWARD),
        ("POST", f"{PROGRAMME}/activation", None),
    ):
        assert (await bonus.ask(STAFF, method, path, body)).status_code == 204
    await bonus.deliver(placed("o1", line(10_000), at=APRIL_1), "e1")
    assert not bonus.said(PointsAccrued)
    body = {"customer": CUSTOMER, "user": ANNA.subject, "reward_id": "five"}
    lines = [{"number": 1, "net_cents": 9_000}]
    check = await bonus.ask(
        ANNA, "POST", f"/dealers/{DEALER}/reward-checks", {**body, "lines": lines}
    )
    codes = [reason["code"] for reason in check.json()["reasons"]]
    assert codes == ["customer-not-enabled", "points-missing"]
    assert check.json()["points_this_order"] == 0
    assert check.json()["rewards"] == []
    assert (await bonus.ask(STAFF, "PUT", PATH)).status_code == 204
    assert (await bonus.ask(STAFF, "PUT", PATH)).status_code == 204
    assert bonus.said(CustomerEnabled) == [CustomerEnabled(DEALER, CUSTOMER, APRIL_1)]
    await bonus.deliver(placed("o2", line(10_000), at=APRIL_1), "e2")
    [accrued] = bonus.said(PointsAccrued)
    assert (accrued.order_id, accrued.points) == ("o2", 100)


async def test_disabling_tells_until_when_points_can_be_redeemed(bonus: Bonus) -> None:
    """BO-12: and what was ordered before still earns, whenever it is heard of."""
    await bonus.set_up()
    assert (await bonus.ask(STAFF, "DELETE", PATH)).status_code == 204
    view = (await bonus.ask(STAFF, "GET", PATH)).json()
    assert (view["enabled"], view["run_off_until"]) == (False, "2027-12-31")
    await bonus.deliver(placed("o1", line(10_000), at=MARCH_1), "e1")
    await bonus.deliver(placed("o2", line(10_000), at=APRIL_1 + timedelta(seconds=1)), "e2")
    assert [accrued.order_id for accrued in bonus.said(PointsAccrued)] == ["o1"]
    listed = (await bonus.ask(STAFF, "GET", f"/dealers/{DEALER}/customers")).json()
    assert [(one["customer"], one["enabled"]) for one in listed["items"]] == [
        ("c1", False),
        ("c2", True),
    ]


async def test_who_was_switched_off_sees_the_page_until_points_end(bonus: Bonus) -> None:
    """BO-13, BO-49: with the date of the run-off, while there are points to redeem."""
    await bonus.set_up()
    page = f"{PROGRAMME}/page"
    await bonus.deliver(placed("o1", line(10_000), at=MARCH_1), "e1")
    assert (await bonus.ask(STAFF, "DELETE", PATH)).status_code == 204
    bonus.now += timedelta(seconds=1)
    told = (await bonus.ask(ANNA, "GET", page)).json()
    assert "bis zum 31.12.2027" in told["notice"]
    bonus.now = datetime(2027, 12, 31, 23, tzinfo=UTC)
    assert (await bonus.ask(ANNA, "GET", page)).status_code == 404
    assert (await bonus.ask(STAFF, "GET", page)).status_code == 200
