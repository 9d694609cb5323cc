"""Failures count for all replicas; the tallies in memory and in MongoDB keep the same promises."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from zugabe_events.domain.errors import ThrottledError
from zugabe_events.http.throttling import (
    MAX_TRIED,
    InMemoryTally,
    MongoTally,
    Tally,
    Throttle,
    deploy_failures,
    hashed,
)
from zugabe_events.mongo.client import Database, connect, database

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
WINDOW = timedelta(minutes=15)
THREE = {"user/acme/anna": 3}


@pytest.fixture
async def db(mongo_url: str) -> AsyncGenerator[Database]:
    client = connect(mongo_url)
    name = f"t{uuid4().hex[:12]}"
    yield database(client, name)
    await client.drop_database(name)
    await client.close()


@pytest.fixture(params=["memory", "mongo"])
async def tally(request: pytest.FixtureRequest, db: Database) -> Tally:
    if request.param == "memory":
        return InMemoryTally()
    await deploy_failures(db)
    return MongoTally(db)


async def guess(throttle: Throttle, what: str, now: datetime = NOON) -> None:
    async with throttle.attempt(what, THREE, now) as attempt:
        await asyncio.sleep(0)
        await attempt.count()


async def guesses(throttle: Throttle, *words: str, now: datetime = NOON) -> int:
    """The number of guesses let through."""
    answers = await asyncio.gather(
        *(guess(throttle, word, now) for word in words), return_exceptions=True
    )
    assert all(answer is None or isinstance(answer, ThrottledError) for answer in answers)
    return answers.count(None)


async def test_after_some_failures_one_has_to_wait(tally: Tally) -> None:
    """X-29"""
    throttle = Throttle(tally, WINDOW)
    for word in "abc":
        await guess(throttle, word)
    later = NOON + timedelta(minutes=5)
    with pytest.raises(ThrottledError) as refused:
        async with throttle.attempt("the right one", THREE, later):
            raise AssertionError("no attempt is allowed")
    assert refused.value.retry_after == 10 * 60 + 1
    async with throttle.attempt("d", {"user/acme/bert": 3}, later):
        """Somebody else may."""
    assert await guesses(throttle, "d", now=NOON + WINDOW) == 1


async def test_the_same_mistake_again_is_no_other_guess(tally: Tally) -> None:
    throttle = Throttle(tally, WINDOW)
    for _ in range(10):
        await guess(throttle, "typo")
    assert await guesses(throttle, "b", "c", "d", "e") <= 2


async def test_guesses_sent_all_at_once_are_no_way_around(tally: Tally) -> None:
    """At most three are tried before the first has failed."""
    assert await guesses(Throttle(tally, WINDOW), *map(str, range(60))) <= 3


async def test_a_replica_learns_what_another_has_seen(tally: Tally) -> None:
    one, other = Throttle(tally, WINDOW), Throttle(tally, WINDOW)
    assert await guesses(one, "a", "b", "c") == 3
    assert await guesses(other, "d") == 0
    with pytest.raises(ThrottledError):
        async with other.attempt("e", THREE, NOON):
            raise AssertionError


async def test_nothing_is_asked_or_written_for_those_who_do_not_fail() -> None:
    class Untouched:
        def __getattr__(self, name: str) -> Callable[..., Any]:
            raise AssertionError(name)

    throttle = Throttle(Untouched(), WINDOW)
    for number in range(20):
        async with throttle.attempt(str(number), THREE, NOON):
            pass


async def test_what_is_kept_of_many_attempts_stays_small(db: Database) -> None:
    """S12: a limit of thousands is counted right, also where a count from before has no number."""
    await deploy_failures(db)
    tally = MongoTally(db)
    for number in range(MAX_TRIED + 20):
        last = await tally.count("user/acme/anna", str(number), NOON, WINDOW)
    assert last.times == MAX_TRIED + 20
    assert (await tally.count("user/acme/anna", str(number), NOON, WINDOW)).times == last.times
    [kept] = await db.failures.find().to_list()
    assert len(kept["tried"]) == MAX_TRIED
    await db.failures.update_one({}, {"$unset": {"times": 1}, "$set": {"tried": ["a", "b"]}})
    assert (await tally.count("user/acme/anna", "c", NOON, WINDOW)).times == 3
    assert (await tally.count("user/acme/anna", "c", NOON + WINDOW, WINDOW)).times == 1


async def test_what_is_kept_names_nobody_and_goes_away(db: Database) -> None:
    await deploy_failures(db)
    await MongoTally(db).count("user/acme/anna", hashed("SECRET"), NOON, WINDOW)
    [kept] = await db.failures.find().to_list()
    assert "anna" not in str(kept)
    assert "SECRET" not in str(kept)
    assert kept["until"] == NOON + WINDOW
    indexes = await db.failures.index_information()
    assert indexes["until_1"]["expireAfterSeconds"] == 0
