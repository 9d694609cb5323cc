"""Commands that decide on what policies make of another service's events."""

import asyncio
import time
from collections.abc import Sequence
from uuid import uuid4

import pytest
from bson.timestamp import Timestamp
from kernel_tests.loans import LOANS

from zugabe_events.consumer.checkpoints import position_id
from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.errors import InvalidError, UnavailableError
from zugabe_events.messaging.message import Lane
from zugabe_events.mongo.client import Database, LogIdentity
from zugabe_events.projections import read_your_writes
from zugabe_events.projections.read_your_writes import (
    LanePosition,
    PolicyProgress,
    ReadYourWrites,
)

LANE = Lane("orders", str(uuid4()), 3)
TOKEN = Token("orders", 3, 7, 1)


class Owner:
    """The service of the other log; `asked` are the tokens that it was asked for."""

    def __init__(self) -> None:
        self.asked: list[Token] = []

    async def position(self, token: Token) -> LanePosition:
        self.asked.append(token)
        return LanePosition(LANE, 7)


async def reach(db: Database, policy: str, pos: int) -> None:
    await db.positions.update_one(
        {"_id": position_id(policy, LANE)}, {"$set": {"pos": pos}}, upsert=True
    )


async def test_a_command_waits_until_all_policies_have_reacted(
    db: Database, log_identity: LogIdentity
) -> None:
    """X-30; those that wait for one token ask its owner once."""
    owner = Owner()
    policies: dict[str, Sequence[str]] = {
        "orders": ("own.book", "own.thank"),
        "others": ("own.else",),
    }
    following = ReadYourWrites(db, log_identity, policies, owner.position)
    progress = PolicyProgress(following)
    reached: list[tuple[str, int]] = []
    seen: list[list[tuple[str, int]]] = []

    async def wait() -> None:
        await progress.caught_up([TOKEN, Token("unknown", 0, 1, 1)])
        seen.append(list(reached))

    waiting = [asyncio.create_task(wait()) for _ in range(5)]
    steps = [("own.book", 6), ("own.thank", 8), ("own.book", 7)]
    for step in steps:
        reached.append(step)
        await reach(db, *step)
    async with asyncio.timeout(30):
        await asyncio.gather(*waiting)
    assert seen == [steps] * 5
    assert owner.asked == [TOKEN]


async def test_a_command_does_not_wait_forever(
    db: Database, log_identity: LogIdentity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_your_writes, "WAIT_TIMEOUT_SECONDS", 0.05)
    await reach(db, "own.book", 6)
    following = ReadYourWrites(db, log_identity, {"orders": ("own.book",)}, Owner().position)
    with pytest.raises(UnavailableError) as refusal:
        await PolicyProgress(following).caught_up([TOKEN])
    assert refusal.value.code == "not-caught-up"


async def test_a_command_may_wait_for_what_policies_do_about_each_others_events(
    db: Database, log_identity: LogIdentity
) -> None:
    """The events that `own.book` appended up to the token's are at position 9 of the own log."""
    own = Lane(log_identity.name, str(log_identity.id), 0)
    written = {"pos": 7, "time_pos": 7, "time": Timestamp(50, 1)}
    await db.positions.insert_one({"_id": position_id("own.book", LANE), **written})
    await db.sequencers.insert_one({"_id": "lease", "through": Timestamp(50, 1), "last": {"0": 9}})
    policies = {"orders": ("own.book",), log_identity.name: ("own.count",)}
    following = ReadYourWrites(db, log_identity, policies, Owner().position)
    await PolicyProgress(following).caught_up([TOKEN])
    waiting = asyncio.create_task(PolicyProgress(following, in_turn=True).caught_up([TOKEN]))
    for pos in (8, 9):
        assert not (await asyncio.wait([waiting], timeout=0.1))[0]
        await db.positions.update_one(
            {"_id": position_id("own.count", own)}, {"$set": {"pos": pos}}, upsert=True
        )
    async with asyncio.timeout(30):
        await waiting


async def test_a_token_of_the_future_is_refused_at_once(
    db: Database, log_identity: LogIdentity
) -> None:
    """S8: a query would hold its place until it gives up."""
    following = ReadYourWrites(db, log_identity, {"orders": ("own.book",)}, Owner().position)
    future = Token("orders", 0, 99_999_999_999, 1)
    own = Token(log_identity.name, 0, int(time.time()) + 3_600, 1)
    for token in (future, own):
        for wait in (
            following.reacted([token]),
            following.settled([token]),
            following.position_soon(token),
            following.caught_up(LOANS, [token]),
        ):
            with pytest.raises(InvalidError) as refusal:
                await wait
            assert refusal.value.code == "token-invalid"
