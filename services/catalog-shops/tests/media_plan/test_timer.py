"""Timers of the media plan: to the moment, late, twice, out of order, and cancelled."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from catalog_shops_tests.service import EDITOR
from catalog_shops_tests.shops import Shops
from catalog_shops_tests.timers import Timers

from catalog_shops.media_plan.timer import PLAN_BEGINS, PLAN_ENDS
from zugabe_events.contracts.catalog_shops import PlanEntryBegan, PlanEntryEnded

ENTRY = "/media-plan/entries/xmas"


@pytest.fixture
async def service() -> Shops:
    """In the spring of 2026; central has a theme shop."""
    service = Shops()
    await service.save("theme", "xmas", dealer="central")
    await service.must(EDITOR, "DELETE", "/theme-shop-placement/adoption")
    return service


def body(first: str, last: str | None, title: str = "Weihnachten") -> dict[str, Any]:
    shop = {"kind": "theme", "shop": {"dealer": "central", "shop": "xmas"}}
    return {"title": title, "first_day": first, "last_day": last, "shops": [shop]}


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("day", "begin", "end"),
    [
        ("2026-05-20", "2026-05-20T00:00:00+02:00", "2026-05-21T00:00:00+02:00"),
        ("2026-10-25", "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00"),
        ("2027-03-28", "2027-03-28T00:00:00+01:00", "2027-03-29T00:00:00+02:00"),
    ],
    ids=["summer", "25 hours", "23 hours"],
)
async def test_an_entry_begins_and_ends_at_the_first_moment_of_a_day_in_berlin(
    service: Shops, day: str, begin: str, end: str
) -> None:
    """CS-44, N-12, X-11"""
    timers = Timers(service, [PLAN_BEGINS, PLAN_ENDS])
    await service.must(EDITOR, "PUT", ENTRY, body(day, day))
    service.now = berlin(begin) - timedelta(milliseconds=1)
    assert await timers.fire() == 0
    service.now = berlin(begin)
    assert await timers.fire(times=2) == 1
    [began] = service.said(PlanEntryBegan)
    assert began.began_at == berlin(begin)
    service.now = berlin(end) - timedelta(milliseconds=1)
    assert await timers.fire() == 0
    service.now = berlin(end)
    assert await timers.fire(times=2) == 1
    [ended] = service.said(PlanEntryEnded)
    assert ended.ended_at == berlin(end)
    assert await timers.fire() == 0


@pytest.mark.parametrize("newest_first", [False, True])
async def test_after_a_long_standstill_all_is_told_once(service: Shops, newest_first: bool) -> None:
    """N-12: in whatever order the timers fire."""
    timers = Timers(service, [PLAN_BEGINS, PLAN_ENDS])
    await service.must(EDITOR, "PUT", ENTRY, body("2026-06-01", "2026-06-30"))
    service.now = berlin("2026-09-01T12:00:00+02:00")
    assert await timers.fire(newest_first=newest_first) == 2
    [began], [ended] = service.said(PlanEntryBegan), service.said(PlanEntryEnded)
    assert began.began_at == berlin("2026-06-01T00:00:00+02:00")
    assert ended.ended_at == berlin("2026-07-01T00:00:00+02:00")


async def test_timers_of_what_was_changed_or_removed_do_nothing(service: Shops) -> None:
    """CS-44"""
    timers = Timers(service, [PLAN_BEGINS, PLAN_ENDS])
    await service.must(EDITOR, "PUT", ENTRY, body("2026-06-01", "2026-06-30"))
    timers.schedule()
    await service.must(EDITOR, "PUT", ENTRY, body("2026-08-01", None))
    service.now = berlin("2026-07-02T12:00:00+02:00")
    await timers.fire()
    assert not service.said(PlanEntryBegan)
    await service.must(EDITOR, "DELETE", ENTRY)
    service.now = berlin("2026-09-02T12:00:00+02:00")
    await timers.fire()
    assert not service.said(PlanEntryBegan)
