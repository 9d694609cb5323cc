"""The command `rebuild`: rebuild read models from the logs, show the progress, and report whether
the result equals what was served before (N-7)."""

import asyncio
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from zugabe_events.consumer.checkpoints import RETIRED
from zugabe_events.domain.event import EventTypes
from zugabe_events.domain.projection import AnyReadModel
from zugabe_events.mongo.client import Database, LogIdentity
from zugabe_events.projections.build_lease import ReplacedError
from zugabe_events.projections.builds import Places, build_of, builds, family_of, has_served, places
from zugabe_events.projections.mongo_views import canonical_hash
from zugabe_events.projections.rebuild import Progress, Rebuild

PROGRESS_INTERVAL_SECONDS = 0.5
COMPARE_TIMEOUT_SECONDS = 5.0
COMPARE_INTERVAL_SECONDS = 0.25


class ProgressLine:
    """The progress of one read model, rewritten in place on a terminal."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._written_at = 0.0

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        if now - self._written_at < PROGRESS_INTERVAL_SECONDS and progress.done < progress.total:
            return
        self._written_at = now
        end = "\r" if sys.stderr.isatty() else "\n"
        sys.stderr.write(
            f"{self._name}: {progress.done:,} of {progress.total:,} events, "
            f"{progress.rate:,.0f}/s, {progress.remaining:.0f} s left{end}"
        )
        sys.stderr.flush()


async def not_yet_serving(db: Database, models: Sequence[AnyReadModel]) -> list[AnyReadModel]:
    """Those whose version is not there, or does not answer yet."""
    found = []
    for model in models:
        known = await db.readmodels.find_one({"_id": family_of(model)})
        if known.get("filling") if known else not await has_served(db, family_of(model)):
            found.append(model)
    return found


async def rebuild(
    db: Database,
    identity: LogIdentity,
    bootstrap: str,
    models: Sequence[AnyReadModel],
    types: EventTypes,
) -> bool:
    """False: a build differs from the one it was to replace, although both folded the same events.

    Such a build does not serve.
    """
    all_equal = True
    for model in models:
        one = Rebuild(db, identity, bootstrap, model, types, ProgressLine(model.name))
        try:
            async with one.builder:
                all_equal &= await _rebuild(db, model, one)
        except ReplacedError as error:
            sys.stderr.write(
                f"{error}: another process has begun to build it; nothing is switched\n"
            )
            all_equal = False
    return all_equal


async def _rebuild(db: Database, model: AnyReadModel, one: Rebuild) -> bool:
    before = build_of(model, (await builds(db, model))["serving"])
    generation = await one.build()
    after = build_of(model, generation)
    found = await compared(db, before, after)
    until = time.monotonic() + COMPARE_TIMEOUT_SECONDS
    while found.later and time.monotonic() < until:
        await asyncio.sleep(COMPARE_INTERVAL_SECONDS)
        await one.catch_up(generation)
        found = await compared(db, before, after)
    digest, count = await canonical_hash(db, after)
    if found.same is False:
        await one.give_up()
    else:
        await one.switch(generation)
    sys.stdout.write(f"{after}: {count:,} documents, {digest}, {found.told(before)}\n")
    return found.same is not False


@dataclass(frozen=True, slots=True)
class Compared:
    """Whether two builds hold the same; `same` of None: that cannot be said, and why.

    `later`: it can perhaps be said when one of them has caught up with the other.
    """

    same: bool | None
    why: str = ""
    later: bool = False

    def told(self, before: str) -> str:
        if self.same is None:
            return f"not compared with {before}: {self.why}"
        return (
            f"equal to {before}" if self.same else f"DIFFERENT FROM {before}, which goes on serving"
        )


async def compared(db: Database, one: str, other: str) -> Compared:
    """By canonical hash, where both have folded the same events all the while."""
    if await db.parked_keys.count_documents({"consumer": {"$in": [one, other]}}, limit=1):
        return Compared(None, "it lacks events that are parked")
    if await db[one].find_one({}) is None and await db[other].find_one({}) is not None:
        return Compared(None, "its documents are gone")
    before = await followed(db, one)
    if apart := lanes_apart(before, await followed(db, other)):
        return Compared(None, f"it has folded other events: {apart}", later=True)
    same = (await canonical_hash(db, one))[0] == (await canonical_hash(db, other))[0]
    if await followed(db, one) != before:
        return Compared(None, "events keep coming", later=True)
    return Compared(same)


def lanes_apart(one: Places, other: Places) -> str:
    """The first lane in which they are at other positions, and how many there are; or nothing."""
    lanes = sorted(lane for lane in {*one, *other} if one.get(lane) != other.get(lane))
    if not lanes:
        return ""
    lane, more = lanes[0], len(lanes) - 1
    named = "/".join(map(str, lane))
    here = f"{named} up to {one.get(lane, 0)}, not {other.get(lane, 0)}"
    return here + (f", and {more} more lanes" if more else "")


async def followed(db: Database, build: str) -> Places:
    """Its positions in the lanes that go on."""
    found = await places(db, build)
    return {lane: pos for lane, pos in found.items() if pos != RETIRED}
