"""Stamps: whether what was made of documents is still what they say."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar, Protocol
from uuid import uuid4

import msgspec
import pytest

from zugabe_events.domain.event import Context, Event, EventTypes, Stream
from zugabe_events.domain.event_store import Commit
from zugabe_events.domain.projection import ReadModel, Tallies, tally_key
from zugabe_events.domain.views import StampReader, Views
from zugabe_events.messaging.message import Lane, Message
from zugabe_events.mongo.client import Database, LogIdentity
from zugabe_events.projections.builds import build_of
from zugabe_events.projections.mongo_views import (
    DocumentFold,
    MongoViews,
    ProjectionEffect,
    canonical_hash,
)
from zugabe_events.projections.read_your_writes import LanePosition, ReadYourWrites
from zugabe_events.projections.stamps import MongoStamps
from zugabe_testing.event_store import InMemoryEventStore
from zugabe_testing.views import InMemoryStamps, InMemoryViews

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


class CardWritten(Event, frozen=True):
    stored_as: ClassVar[str] = "card-written"

    model: str
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Card:
    text: str


def project(view: Card | None, event: Event) -> Card | None:
    return Card(event.text) if isinstance(event, CardWritten) else view


def model(name: str) -> ReadModel[Card]:
    def keys(event: Event) -> Sequence[str]:
        return [event.key] if isinstance(event, CardWritten) and event.model == name else []

    def tallies(event: Event) -> Sequence[str]:
        return [key[0] for key in keys(event)]

    counted = Tallies(tallies, by_part=name == "sheets")
    return ReadModel(name, 1, ("desk",), Card, keys, project, tallies=counted)


CARDS, SHEETS = model("cards"), model("sheets")


class Desk(Protocol):
    """Two read models, what writes their documents, and what reads their stamps."""

    cards: Views[Card]
    reader: StampReader

    async def write(self, model: ReadModel[Card], key: str, text: str) -> None: ...


class MongoDesk:
    def __init__(self, db: Database, identity: LogIdentity) -> None:
        self._db = db
        follower = ReadYourWrites(db, identity, {}, nowhere)
        self.cards: Views[Card] = MongoViews(db, CARDS, follower)
        self.reader: StampReader = MongoStamps(db, follower, [CARDS, SHEETS])
        self._pos = 0

    async def write(self, model: ReadModel[Card], key: str, text: str, part: int = 0) -> None:
        """As consumers do: read, fold, and write what has changed."""
        self._pos += 1
        body = msgspec.json.encode(CardWritten(model.name, key, text))
        lane = Lane("desk", "12345678", part)
        written = Message(lane, self._pos, self._pos, CardWritten.stored_as, body, [], 1)
        effect = ProjectionEffect(self._db, model, 1, EventTypes([CardWritten]))
        documents: dict[str, DocumentFold] = {}
        await effect.fold([written], documents)
        await effect.save(documents)


async def nowhere(token: object) -> LanePosition:
    raise AssertionError(token)


class MemoryDesk:
    def __init__(self) -> None:
        self._store = InMemoryEventStore("desk", lambda: NOON)
        cards, sheets = (InMemoryViews(one, [self._store]) for one in (CARDS, SHEETS))
        self.cards: Views[Card] = cards
        self.reader: StampReader = InMemoryStamps(cards, sheets)

    async def write(self, model: ReadModel[Card], key: str, text: str) -> None:
        context = Context("anna", "user", "acme", NOON, "c1")
        written = CardWritten(model.name, key, text)
        stream = Stream(str(uuid4()), "acme")
        await self._store.append([Commit(uuid4(), stream, 1, (written,), context)])


@pytest.fixture
def in_memory() -> Desk:
    return MemoryDesk()


@pytest.fixture
def in_mongo(db: Database, log_identity: LogIdentity) -> Desk:
    return MongoDesk(db, log_identity)


@pytest.fixture(params=["in_memory", pytest.param("in_mongo", marks=pytest.mark.integration)])
def desk(request: pytest.FixtureRequest) -> Desk:
    desk: Desk = request.getfixturevalue(request.param)
    return desk


async def test_a_document_keeps_its_stamp_until_it_changes(desk: Desk) -> None:
    await desk.write(CARDS, "a", "one")
    await desk.write(CARDS, "b", "one")
    found, stamps = await desk.cards.get_stamped(["a", "b", "missing"])
    assert found == {"a": Card("one"), "b": Card("one")}
    assert len(stamps) == 2
    assert await desk.reader.stamps({"cards": ["a", "b", "missing"]}) == stamps

    await desk.write(CARDS, "c", "another")
    assert await desk.reader.stamps({"cards": ["a", "b", "missing"]}) == stamps
    await desk.write(CARDS, "b", "two")
    later = await desk.reader.stamps({"cards": ["a", "b", "missing"]})
    assert [later[one] == stamps[one] for one in sorted(stamps)] == [True, False]


async def test_a_document_that_appears_has_a_stamp_from_then_on(desk: Desk) -> None:
    assert await desk.reader.stamps({"cards": ["a"]}) == {}
    assert await desk.cards.get_stamped(["a"]) == ({}, {})
    await desk.write(CARDS, "a", "one")
    assert len(await desk.reader.stamps({"cards": ["a"]})) == 1


async def test_documents_of_several_read_models_are_told_apart(desk: Desk) -> None:
    await desk.write(CARDS, "a", "one")
    await desk.write(SHEETS, "a", "one")
    both = {"cards": ["a"], "sheets": ["a", "missing"]}
    before = await desk.reader.stamps(both)
    assert len(before) == 2
    await desk.write(SHEETS, "a", "two")
    after = await desk.reader.stamps(both)
    of_cards = await desk.reader.stamps({"cards": ["a"], "sheets": []})
    assert {name for name in before if before[name] == after[name]} == of_cards.keys()


async def test_a_tally_changes_with_each_document_that_it_counts(desk: Desk) -> None:
    tally = {"cards": [tally_key("a")]}
    assert await desk.reader.stamps(tally) == {}
    await desk.write(CARDS, "a1", "one")
    first = await desk.reader.stamps(tally)
    assert await desk.cards.get_stamped([tally_key("a")]) == ({}, first)
    assert first
    await desk.write(CARDS, "b1", "one")
    await desk.write(SHEETS, "a1", "one")
    assert await desk.reader.stamps(tally) == first
    await desk.write(CARDS, "a2", "one")
    assert await desk.reader.stamps(tally) != first


async def test_a_tally_is_in_no_list(desk: Desk) -> None:
    await desk.write(CARDS, "a1", "one")
    await desk.write(CARDS, "a2", "two")
    assert len((await desk.cards.page({"text": "one"})).items) == 1
    assert await desk.cards.pick({"text": "two"}, ["text"], limit=10) == [["two"]]


@pytest.mark.integration
async def test_parts_of_a_log_count_apart(db: Database, log_identity: LogIdentity) -> None:
    """Two processes that consume different parts never wait for the same document."""
    desk = MongoDesk(db, log_identity)
    tally = {"sheets": [tally_key("a")]}
    await desk.write(SHEETS, "a1", "one", part=0)
    [(name, first)] = (await desk.reader.stamps(tally)).items()
    await desk.write(SHEETS, "a2", "one", part=3)
    [(same, both)] = (await desk.reader.stamps(tally)).items()
    assert name == same == ("sheets", tally_key("a"))
    assert both.items() > first.items()
    _, count = await canonical_hash(db, build_of(SHEETS, 1))
    assert count == 4


@pytest.mark.integration
async def test_another_build_has_other_stamps(db: Database, log_identity: LogIdentity) -> None:
    """A build that was rebuilt may say something else of the same events."""
    desk = MongoDesk(db, log_identity)
    await desk.write(CARDS, "a", "one")
    before = await desk.reader.stamps({"cards": ["a"]})
    document = await db[build_of(CARDS, 1)].find_one({"_id": "a"})
    assert document is not None
    await db[build_of(CARDS, 2)].insert_one(document)
    entry = {"_id": "cards.v1", "serving": 2, "highest": 2}
    await db.readmodels.insert_one(entry)
    later = MongoDesk(db, log_identity)
    assert await later.reader.stamps({"cards": ["a"]}) != before


@pytest.mark.integration
async def test_those_who_ask_at_once_share_queries(db: Database, log_identity: LogIdentity) -> None:
    desk = MongoDesk(db, log_identity)
    for number in range(20):
        await desk.write(CARDS, f"a{number}", "one")
    keys = [{"cards": [f"a{number}"]} for number in range(20)]
    await desk.reader.stamps(keys[0])
    await db.command("profile", 2)
    answers = await asyncio.gather(*map(desk.reader.stamps, keys))
    await db.command("profile", 0)
    for number, stamps in enumerate(answers):
        assert stamps["cards", f"a{number}"]["desk:12345678:0"] == number + 1
    asked = await db["system.profile"].count_documents({"op": "query"})
    assert 1 <= asked <= 6


@pytest.mark.integration
async def test_all_stamps_come_in_one_query(db: Database, log_identity: LogIdentity) -> None:
    desk = MongoDesk(db, log_identity)
    await desk.write(CARDS, "a", "one")
    await desk.write(SHEETS, "a", "one")
    await desk.reader.stamps({"cards": ["a"], "sheets": ["a"]})
    await db.command("profile", 2)
    await desk.reader.stamps({"cards": ["a"], "sheets": ["a"]})
    await db.command("profile", 0)
    asked = db["system.profile"].find({"op": {"$in": ["query", "command", "getmore"]}})
    kinds = [one["command"] async for one in asked if "profile" not in one["command"]]
    assert len([one for one in kinds if "aggregate" in one]) == 1
    assert not [one for one in kinds if "find" in one and one["find"] != "readmodels"]
