"""A bonus programme needs the module "Vermarktung"; one that runs goes on without it."""

from collections.abc import AsyncGenerator, Sequence

import pytest
from bonus_tests.samples import MARCH_1, line, placed
from bonus_tests.shop import PROGRAMME, REWARD, STAFF, TERMS, Bonus

from zugabe_events.domain.consistency_token import Token
from zugabe_testing.callers import problem_code

CHANGES = {
    "terms": ("PUT", "", TERMS),
    "reward": ("PUT", "/rewards/five", REWARD),
    "promotion": ("PUT", "/promotions/double", {"title": "2 x Punkte", "factor": 2}),
    "activation": ("POST", "/activation", None),
}


@pytest.fixture
async def bonus() -> AsyncGenerator[Bonus]:
    service = Bonus()
    yield service
    await service.http.aclose()


@pytest.mark.parametrize("change", CHANGES)
async def test_without_the_module_nothing_of_a_programme_is_set_up(
    bonus: Bonus, change: str
) -> None:
    """CS-1"""
    await bonus.set_up()
    bonus.cancel_module()
    before = len(bonus.store.commits)
    method, path, body = CHANGES[change]
    answer = await bonus.ask(STAFF, method, f"{PROGRAMME}{path}", body)
    assert problem_code(answer, 409) == "module-missing"
    assert len(bonus.store.commits) == before


async def test_a_programme_that_runs_outlasts_the_module(bonus: Bonus) -> None:
    """CS-1: cancelling stops nothing that was promised."""
    await bonus.set_up()
    bonus.cancel_module()
    await bonus.deliver(placed("o1", line(6_000), at=MARCH_1), "e1")
    account = await bonus.account()
    assert account["active_points"] == 60
    assert (await bonus.hold("o9")).status_code == 200
    seen = await bonus.ask(STAFF, "GET", PROGRAMME)
    assert seen.json()["active"]


async def test_the_check_waits_for_the_order_that_a_token_stands_for(
    bonus: Bonus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CS-1, X-12"""
    bonus.cancel_module()
    refused = await bonus.ask(STAFF, "PUT", PROGRAMME, TERMS)
    assert problem_code(refused, 409) == "module-missing"

    async def arrives(tokens: Sequence[Token]) -> None:
        assert [token.log for token in tokens] == ["catalog-shops"]
        bonus.order_module()

    monkeypatch.setattr(bonus.dealers, "caught_up", arrives)
    token = str(Token("catalog-shops", 3, 1_780_000_000, 1))
    answer = await bonus.ask(STAFF, "PUT", PROGRAMME, TERMS, tokens=token)
    assert answer.status_code == 204
