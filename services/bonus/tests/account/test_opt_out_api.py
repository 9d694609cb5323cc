"""Leave the programme and join again over HTTP (BO-43 to BO-47)."""

from collections.abc import AsyncGenerator

import pytest
from bonus_tests.samples import APRIL_1, DEALER, MARCH_1, USER, line, placed
from bonus_tests.shop import ANNA, BERT, MANAGER, PROGRAMME, STAFF, Bonus

from zugabe_testing.callers import problem_code

PARTICIPATION = f"/dealers/{DEALER}/users/{USER}/participation"
TEXTS = {
    "texts": [
        {"kind": "terms", "version": 0},
        {"kind": "privacy", "version": 0},
        {"kind": "participation", "version": 0},
    ]
}


@pytest.fixture
async def bonus() -> AsyncGenerator[Bonus]:
    service = Bonus()
    await service.set_up()
    yield service
    await service.http.aclose()


async def rels(bonus: Bonus) -> list[str]:
    page = (await bonus.ask(ANNA, "GET", f"{PROGRAMME}/page")).json()
    return [link["rel"] for link in page["links"]]


async def test_a_user_is_asked_leaves_and_joins_again(bonus: Bonus) -> None:
    """BO-43, BO-45, BO-46, BO-47"""
    await bonus.deliver(placed("o1", line(6_000), at=MARCH_1), "e1")
    await bonus.deliver(placed("o2", line(3_000), at=APRIL_1), "e2")
    assert (await rels(bonus))[-1] == "opt-out"
    asked = (await bonus.ask(ANNA, "POST", f"{PARTICIPATION}/question")).json()
    assert (asked["points"], asked["active_points"], asked["pending_points"]) == (90, 60, 30)
    assert "werden 90 Punkte gelöscht, davon 60 Punkte einlösbar." in asked["text"]
    assert (await bonus.account())["active_points"] == 60
    confirmed = {"confirmation": asked["confirmation"]}
    left = await bonus.ask(ANNA, "POST", f"{PARTICIPATION}/end", confirmed)
    assert left.status_code == 204
    account = await bonus.account()
    assert (account["active_points"], account["pending_points"], account["has_left"]) == (
        0,
        0,
        True,
    )
    assert (await rels(bonus))[-1] == "rejoin"
    notices = await bonus.ask(ANNA, "GET", f"/dealers/{DEALER}/users/{USER}/notices")
    assert notices.json() == {"notices": [], "must_accept": False}
    await bonus.deliver(placed("o3", line(3_000), at=APRIL_1), "e3")
    assert (await bonus.account())["points_accrued"] == 90
    assert (await bonus.ask(ANNA, "PUT", PARTICIPATION, TEXTS)).status_code == 204
    assert (await rels(bonus))[-1] == "opt-out"
    await bonus.deliver(placed("o4", line(3_000), at=APRIL_1), "e4")
    assert (await bonus.account())["pending_points"] == 30


async def test_the_question_says_what_an_order_under_way_has_reserved(bonus: Bonus) -> None:
    """BO-45"""
    await bonus.deliver(placed("o1", line(5_100), at=MARCH_1), "e1")
    assert (await bonus.hold("o9")).status_code == 200
    asked = (await bonus.ask(ANNA, "POST", f"{PARTICIPATION}/question")).json()
    assert (asked["points"], asked["held_points"]) == (1, 50)
    assert "Dabei wird 1 Punkt gelöscht." in asked["text"]
    assert "50 Punkte sind für eine laufende Bestellung reserviert" in asked["text"]


async def test_a_stray_request_deletes_nothing(bonus: Bonus) -> None:
    """BO-45"""
    await bonus.deliver(placed("o1", line(6_000), at=MARCH_1), "e1")
    for guess in ("0" * 32, "x"):
        answer = await bonus.ask(ANNA, "POST", f"{PARTICIPATION}/end", {"confirmation": guess})
        assert problem_code(answer, 409) == "confirmation-invalid"
    asked = (await bonus.ask(ANNA, "POST", f"{PARTICIPATION}/question")).json()
    again = (await bonus.ask(ANNA, "POST", f"{PARTICIPATION}/question")).json()
    assert asked["confirmation"] != again["confirmation"]
    old = {"confirmation": asked["confirmation"]}
    answer = await bonus.ask(ANNA, "POST", f"{PARTICIPATION}/end", old)
    assert problem_code(answer, 409) == "confirmation-invalid"
    assert (await bonus.account())["active_points"] == 60


@pytest.mark.parametrize("other", [BERT, MANAGER, STAFF])
async def test_nobody_leaves_for_somebody_else(bonus: Bonus, other: object) -> None:
    """BO-44, BO-45"""
    answer = await bonus.ask(other, "POST", f"{PARTICIPATION}/question")  # type: ignore[arg-type]
    assert answer.status_code == 403
    assert not [
        commit for commit, _ in bonus.store.commits if commit.stream.id.startswith("account/")
    ]
