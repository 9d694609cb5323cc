"""Documents that requests ask for at once are read by few requests, each gets its own."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from pymongo import AsyncMongoClient

from zugabe.testing import Parts
from zugabe_events.domain.event import Event
from zugabe_events.domain.projection import ReadModel
from zugabe_events.mongo.client import Database, LogIdentity, database
from zugabe_events.projections.builds import build_of
from zugabe_events.projections.mongo_views import MAX_TOGETHER, MongoViews
from zugabe_events.projections.read_your_writes import LanePosition, ReadYourWrites
from zugabe_events.projections.tallies import SEEN
from zugabe_testing.counted_store import Requests


@dataclass(frozen=True, slots=True)
class Card:
    text: str


def no_keys(event: Event) -> Sequence[str]:
    return []


def unchanged(view: Card | None, event: Event) -> Card | None:
    return view


CARDS = ReadModel("cards", 1, ("desk",), Card, no_keys, unchanged)
NUMBER = 2 * MAX_TOGETHER


async def nowhere(token: object) -> LanePosition:
    raise NotImplementedError


@pytest.fixture
def requests() -> Requests:
    return Requests()


@pytest.fixture
async def views(
    db: Database, log_identity: LogIdentity, real_parts: Parts, requests: Requests
) -> AsyncGenerator[MongoViews[Card]]:
    cards = [{"_id": f"c{number}", "text": f"{number}", SEEN: {}} for number in range(NUMBER)]
    await db[build_of(CARDS, 1)].insert_many(cards)
    async with AsyncMongoClient[dict[str, Any]](
        real_parts.mongo, event_listeners=[requests]
    ) as client:
        observed = database(client, db.name)
        follower = ReadYourWrites(observed, log_identity, {}, nowhere)
        found = MongoViews(observed, CARDS, follower)
        assert await found.get("c0") == Card("0")
        yield found


async def test_what_is_asked_at_once_is_read_together(
    views: MongoViews[Card], requests: Requests
) -> None:
    with requests.counted() as counted:
        several = [views.get_many([f"c{n}", f"c{n + 1}", "c7", "missing"]) for n in range(10, 40)]
        answers = await asyncio.gather(*several)
    for n, answer in zip(range(10, 40), answers, strict=True):
        assert answer == {f"c{i}": Card(f"{i}") for i in (n, n + 1, 7)}
    assert counted["find"] <= 4  # two at a time, and one that looks for builds


async def test_single_documents_as_well(views: MongoViews[Card], requests: Requests) -> None:
    with requests.counted() as counted:
        answers = await asyncio.gather(*(views.get(f"c{n}") for n in range(40)), views.get("no"))
    assert answers == [*(Card(f"{n}") for n in range(40)), None]
    assert counted["find"] <= 4


async def test_many_documents_are_read_alone_and_completely(views: MongoViews[Card]) -> None:
    keys = [f"c{n}" for n in range(NUMBER)]
    many, one = await asyncio.gather(views.get_many(keys), views.get_many(["c1"]))
    assert many == {f"c{n}": Card(f"{n}") for n in range(NUMBER)}
    assert one == {"c1": Card("1")}
    assert await views.get_many([]) == {}


async def test_a_query_that_is_cancelled_takes_no_answer_from_others(
    views: MongoViews[Card],
) -> None:
    asked = [asyncio.create_task(views.get("c1")) for _ in range(12)]
    await asyncio.sleep(0)
    asked[0].cancel()
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert isinstance(answers[0], asyncio.CancelledError)
    assert answers[1:] == [Card("1")] * 11
