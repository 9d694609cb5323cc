"""An order and an opt-out at once, over a real log: the order's points are gone, or none are."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
from bonus_tests.samples import DEALER, MARCH_1, USER, line, placed
from bonus_tests.shop import ANNA, Bonus

from bonus.account.decider import account_history
from bonus.main import SERVICE
from zugabe_events.domain.event_store import state_of
from zugabe_testing.callers import problem_code
from zugabe_testing.counted_store import counted_store

PARTICIPATION = f"/dealers/{DEALER}/users/{USER}/participation"


@pytest.fixture
async def bonus(mongo_url: str) -> AsyncGenerator[Bonus]:
    service = Bonus()
    async with counted_store(mongo_url, SERVICE.own) as (store, _):
        service.store = store  # type: ignore[assignment]  # instead of the one in memory
        await service.set_up()
        yield service
    await service.http.aclose()


@pytest.mark.parametrize("rounds", range(5))
async def test_an_order_during_an_opt_out_never_survives_it(bonus: Bonus, rounds: int) -> None:
    """Q12, BO-45: either it is forfeited too, or the user is asked again."""
    await bonus.deliver(placed("o1", line(6_000), at=MARCH_1), "e1")
    asked = (await bonus.ask(ANNA, "POST", f"{PARTICIPATION}/question")).json()
    confirmed = {"confirmation": asked["confirmation"]}
    left, _ = await asyncio.gather(
        bonus.ask(ANNA, "POST", f"{PARTICIPATION}/end", confirmed),
        bonus.deliver(placed("o2", line(3_000), at=MARCH_1), "e2"),
    )
    account = await state_of(bonus.store, account_history(DEALER, USER))
    if left.status_code == 204:
        assert (account.has_left, account.lots.points) == (True, 0)
    else:
        assert problem_code(left, 409) == "points-changed"
        assert (account.has_left, account.lots.points) == (False, 90)


async def test_of_two_confirmations_at_once_one_deletes(bonus: Bonus) -> None:
    """BO-45"""
    await bonus.deliver(placed("o1", line(6_000), at=MARCH_1), "e1")
    asked = (await bonus.ask(ANNA, "POST", f"{PARTICIPATION}/question")).json()
    confirmed = {"confirmation": asked["confirmation"]}
    answers = await asyncio.gather(
        *(bonus.ask(ANNA, "POST", f"{PARTICIPATION}/end", confirmed) for _ in range(3))
    )
    assert {answer.status_code for answer in answers} == {204}
    account = await state_of(bonus.store, account_history(DEALER, USER))
    assert (account.has_left, account.lots.points) == (True, 0)
