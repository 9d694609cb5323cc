"""What is shown again is what the documents say, and it is made once for many."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar
from uuid import uuid4

import pytest

from catalog_shops.front.page_cache import StampedCache
from catalog_shops.front.reading import Reading, Source
from zugabe_events.domain.event import Context, Event, Stream
from zugabe_events.domain.event_store import Commit
from zugabe_events.domain.projection import ReadModel
from zugabe_testing.event_store import InMemoryEventStore
from zugabe_testing.views import InMemoryStamps, InMemoryViews

NOON = datetime(2026, 5, 4, 10, tzinfo=UTC)
CONTEXT = Context("anna", "user", "acme", NOON, "c1")


class SignPainted(Event, frozen=True):
    stored_as: ClassVar[str] = "sign-painted"

    sign: str
    text: str


@dataclass(frozen=True, slots=True)
class Sign:
    text: str


def keys(event: Event) -> Sequence[str]:
    return [event.sign] if isinstance(event, SignPainted) else []


def project(view: Sign | None, event: Event) -> Sign | None:
    return Sign(event.text) if isinstance(event, SignPainted) else view


SIGNS = ReadModel("signs", 1, ("street",), Sign, keys, project)


class Street:
    """`made` counts how often a page was made of the signs."""

    def __init__(self, most: int = 1_000) -> None:
        self.store = InMemoryEventStore("street", lambda: NOON)
        views = InMemoryViews(SIGNS, [self.store])
        self.source = Source(SIGNS, views)
        self.cache: StampedCache[str] = StampedCache(InMemoryStamps(views), len, most)
        self.made = 0
        self.held = asyncio.Event()
        self.held.set()

    async def paint(self, sign: str, text: str) -> None:
        stream = Stream(str(uuid4()), "acme")
        await self.store.append([Commit(uuid4(), stream, 1, (SignPainted(sign, text),), CONTEXT)])

    async def page(self, sign: str, at: datetime = NOON, until: datetime | None = None) -> str:
        async def make(reading: Reading) -> str:
            self.made += 1
            found = await reading.get_many(self.source, [sign])
            await self.held.wait()
            reading.changes_at(until)
            return found[sign].text if found else ""

        return (await self.cache.get(sign, at, make)).value


async def test_a_page_is_made_again_when_a_document_changed_and_only_then() -> None:
    street = Street()
    assert await street.page("a") == ""
    await street.paint("a", "Bäcker")
    assert [await street.page("a") for _ in range(3)] == ["Bäcker"] * 3
    await street.paint("b", "Metzger")
    assert await street.page("a") == "Bäcker"
    assert street.made == 2
    await street.paint("a", "Bäckerei")
    assert await street.page("a") == "Bäckerei"
    assert street.made == 3


async def test_what_changes_while_a_page_is_made_makes_it_again() -> None:
    street = Street()
    await street.paint("a", "Bäcker")
    street.held.clear()
    early = asyncio.create_task(street.page("a"))
    while not street.made:
        await asyncio.sleep(0)
    await street.paint("a", "Bäckerei")
    street.held.set()
    assert await early == "Bäcker"
    assert await street.page("a") == "Bäckerei"


async def test_what_appears_between_two_looks_makes_a_page_again() -> None:
    """A document that was missing at first counts as missing."""
    street = Street()

    async def make(reading: Reading) -> str:
        first = await reading.get(street.source, "a")
        if not street.made:
            await street.paint("a", "Bäcker")
        street.made += 1
        assert await reading.get(street.source, "a")
        return first.text if first else ""

    pages = [(await street.cache.get("a", NOON, make)).value for _ in range(3)]
    assert pages == ["", "Bäcker", "Bäcker"]
    assert street.made == 2


async def test_many_who_ask_at_once_wait_for_one_page() -> None:
    street = Street()
    await street.paint("a", "Bäcker")
    street.held.clear()
    waiting = [asyncio.create_task(street.page("a")) for _ in range(20)]
    while not street.made:
        await asyncio.sleep(0)
    street.held.set()
    assert await asyncio.gather(*waiting) == ["Bäcker"] * 20
    assert street.made == 1


async def test_who_asked_after_a_change_never_sees_what_was_begun_before() -> None:
    """However many wait, it is made at most once more."""
    street = Street()
    await street.paint("a", "Bäcker")
    street.held.clear()
    early = asyncio.create_task(street.page("a"))
    while not street.made:
        await asyncio.sleep(0)
    await street.paint("a", "Bäckerei")
    late = [asyncio.create_task(street.page("a")) for _ in range(20)]
    await asyncio.sleep(0)
    street.held.set()
    assert await early == "Bäcker"
    assert await asyncio.gather(*late) == ["Bäckerei"] * 20
    assert street.made == 2


@pytest.mark.parametrize(
    ("later", "made"),
    [(timedelta(seconds=9), 1), (timedelta(seconds=10), 2), (timedelta(seconds=-1), 2)],
)
async def test_a_page_is_shown_until_the_next_planned_change(later: timedelta, made: int) -> None:
    street = Street()
    await street.page("a", NOON, NOON + timedelta(seconds=10))
    await street.page("a", NOON + later)
    assert street.made == made


async def test_a_page_ends_with_the_day_in_berlin_and_after_a_minute() -> None:
    """N-12, X-11: on both days on which clocks are changed, too."""
    for end in (
        datetime(2026, 3, 28, 23, tzinfo=UTC),  # before clocks go forward
        datetime(2026, 3, 29, 22, tzinfo=UTC),
        datetime(2026, 10, 24, 22, tzinfo=UTC),  # before clocks go back
        datetime(2026, 10, 25, 23, tzinfo=UTC),
    ):
        assert Reading.as_of(end - timedelta(seconds=5)).until == end
        assert Reading.as_of(end).until > end + timedelta(hours=22)


async def test_memory_is_bounded_and_what_is_too_large_is_shown_all_the_same() -> None:
    street = Street(most=10)
    await street.paint("a", "x" * 6)
    await street.paint("b", "y" * 6)
    await street.paint("c", "z" * 11)
    for sign in ("a", "b", "b", "a"):
        assert await street.page(sign)
    assert street.made == 3
    assert await street.page("c") == await street.page("c") == "z" * 11
    assert street.made == 5
