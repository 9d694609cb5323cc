"""Balances of the system before become lots, after a dry run (X-30)."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest
from bonus_tests.samples import APRIL_1, DEALER, USER, line, placed
from bonus_tests.shop import ANNA, CENTRAL, PROGRAMME, STAFF, TERMS, Bonus

from zugabe_events.contracts.bonus import PointsCredited, ProgrammeTextsAccepted
from zugabe_testing.callers import signed_in

TITLES = "Kunde;Benutzer;Punkte;Einlösbar ab;Einlösbar bis;Bedingungen angenommen am\n"


@pytest.fixture
async def bonus() -> AsyncGenerator[Bonus]:
    service = Bonus()
    await service.set_up()
    yield service
    await service.http.aclose()


async def send(bonus: Bonus, *rows: str, dry_run: bool = False, who: Any = CENTRAL) -> Any:
    headers = signed_in(who) | {"content-type": "text/csv"}
    table = TITLES + "\n".join(rows)
    return await bonus.http.post(
        f"/dealers/{DEALER}/opening-balances",
        content=table.encode(),
        params={"dry_run": str(dry_run).lower()},
        headers=headers,
    )


ROWS = (
    "c1;u1;120;;31.12.2026;15.01.2025",
    "c1;u1;30;01.05.2026;;",
    "c1;u2;0;;;03.02.2025",
)


async def test_a_dry_run_says_what_would_happen_and_does_nothing(bonus: Bonus) -> None:
    """X-30"""
    before = len(bonus.store.commits)
    told = (await send(bonus, *ROWS, dry_run=True)).json()
    assert (told["dry_run"], told["rows"], told["points"], told["new"]) == (True, 3, 150, 2)
    assert told["first_rows"][0]["cells"]["Benutzer"] == "u1"
    assert len(bonus.store.commits) == before


async def test_balances_become_lots_once(bonus: Bonus) -> None:
    """X-30"""
    done = (await send(bonus, *ROWS)).json()
    assert (done["new"], done["unchanged"], done["wrong"]) == (2, 0, [])
    again = (await send(bonus, *ROWS)).json()
    assert (again["new"], again["unchanged"]) == (0, 2)
    account = await bonus.account()
    assert (account["active_points"], account["pending_points"]) == (120, 30)
    assert account["expiring"] == [{"day": "2026-12-31", "points": 120}]
    assert [event.origin for event in bonus.said(PointsCredited)] == ["opening-balance"] * 2
    assert (await bonus.hold("o9")).status_code == 200


async def test_terms_that_were_accepted_there_count_here(bonus: Bonus) -> None:
    """X-30, BO-29: from the import on, by the day on which they were accepted."""
    await bonus.ask(STAFF, "PUT", PROGRAMME, TERMS | {"needs_acceptance": True})
    texts = f"/dealers/{DEALER}/users/{USER}/programme-texts"
    assert (await bonus.ask(ANNA, "GET", texts)).json()["must_accept"]
    await send(bonus, *ROWS)
    assert not (await bonus.ask(ANNA, "GET", texts)).json()["must_accept"]
    accepted = bonus.said(ProgrammeTextsAccepted)
    assert {event.user for event in accepted} == {"u1", "u2"}
    assert f"{accepted[0].accepted_at:%d.%m.%Y}" in ("14.01.2025", "02.02.2025")
    await bonus.deliver(placed("o1", line(6_000), at=APRIL_1), "e1")
    assert (await bonus.account())["points_accrued"] == 60


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("c9;u1;5;;;", "Kunde", "nimmt nicht am Bonusprogramm teil"),
        ("c1;u1;-5;;;", "Punkte", ""),
        ("c1;u1;5;;31.03.2026;", "Einlösbar bis", "schon verfallen"),
        ("c1;u1;5;;;02.04.2026", "Bedingungen angenommen am", "Zukunft"),
        (";u1;5;;;", "Kunde", "fehlt"),
    ],
)
async def test_wrong_rows_are_named_and_left_out(
    bonus: Bonus, row: str, column: str, reason: str
) -> None:
    """X-30"""
    done = (await send(bonus, row, "c1;u2;7;;;")).json()
    [wrong] = done["wrong"]
    assert (wrong["line"], wrong["column"]) == (2, column)
    assert reason in wrong["reason"]
    assert (done["new"], done["points"]) == (1, 7)


async def test_rows_that_contradict_are_wrong(bonus: Bonus) -> None:
    """X-30"""
    rows = ("c1;u1;5;;;", "c2;u1;5;01.05.2026;;", "c1;u1;6;;;")
    done = (await send(bonus, *rows)).json()
    assert [(one["line"], one["column"]) for one in done["wrong"]] == [
        (3, "Kunde"),
        (4, "Benutzer"),
    ]
    later = (await send(bonus, "c1;u1;6;;;")).json()
    assert [one["column"] for one in later["wrong"]] == ["Punkte"]
    assert "Übernommen wurden schon 5 Punkte" in later["wrong"][0]["reason"]


async def test_staff_of_a_dealer_import_nothing(bonus: Bonus) -> None:
    """X-30, X-16"""
    assert (await send(bonus, *ROWS, who=STAFF)).status_code == 403
