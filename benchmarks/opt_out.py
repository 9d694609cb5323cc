"""A user with 10,000 lots leaves the programme, against a bare insert of what that stores."""

import time
from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

from benchmarks.measuring import Result, in_turns
from benchmarks.samples import NOON, fresh_log
from bonus.account.decider import account_history
from bonus.account.opening import OpenBalance, OpeningLot
from bonus.account.opt_out import AskToLeave, Leave
from zugabe.testing import Parts
from zugabe_events.contracts.bonus import BonusEvent, PointsForfeited
from zugabe_events.domain.event import Context, EventTypes
from zugabe_events.domain.event_store import state_of
from zugabe_events.eventstore.command_handler import handle
from zugabe_events.eventstore.mongo_store import MongoEventStore
from zugabe_events.mongo.client import Document

LOTS, AT_ONCE, ROUNDS = 10_000, 5_000, 5
TYPES = EventTypes.of(BonusEvent)
WHO = ("d1", "c1", "u1")
CONTEXT = Context("u1", "user", "d1", NOON, "correlation")
BAR = 0.05
"""The whole opt-out: read the account, decide, encode, store in one commit."""


async def run(parts: Parts) -> list[Result]:
    history = account_history("d1", "u1")

    async def ours() -> float:
        async with fresh_log(parts.mongo) as (db, identity):
            store = MongoEventStore(db, identity, TYPES)
            for first in range(0, LOTS, AT_ONCE):
                opening = OpenBalance(*WHO, lots(first), None, "chef", NOON)
                await handle(store, history, opening, CONTEXT, attempt=uuid4())
            await handle(store, history, AskToLeave(*WHO, "c", NOON), CONTEXT, attempt=uuid4())
            before = await db.commits.count_documents({})
            began = time.perf_counter()
            handled = await handle(store, history, Leave(*WHO, "c", NOON), CONTEXT, attempt=uuid4())
            seconds = time.perf_counter() - began
            assert handled.of(PointsForfeited) is not None
            assert await db.commits.count_documents({}) == before + 1
            assert (await state_of(store, history)).lots.points == 0
            return LOTS / seconds

    async def raw() -> float:
        async with fresh_log(parts.mongo) as (db, _):
            document = bare()
            began = time.perf_counter()
            await db["bare"].insert_one(document)
            return LOTS / (time.perf_counter() - began)

    return [await in_turns("opt-out of 10,000 lots", ours, raw, bar=BAR, rounds=ROUNDS)]


def lots(first: int) -> tuple[OpeningLot, ...]:
    """Each of a day of its own."""
    day = NOON.date()
    return tuple(
        OpeningLot(10, day + timedelta(days=number), None)
        for number in range(first, first + AT_ONCE)
    )


def bare() -> Document:
    """Of the size of the commit."""
    text: Sequence[str] = ["x" * 120] * LOTS
    return {"_id": uuid4().hex, "events": "".join(text)}
