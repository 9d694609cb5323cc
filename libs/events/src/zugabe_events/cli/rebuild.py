"""The command `rebuild`: rebuild read models from the logs, show the progress, and report whether
the result equals what was served before (N-7)."""

import sys
import time
from collections.abc import Sequence
from functools import partial

from zugabe_events.domain.event import EventTypes
from zugabe_events.domain.projection import AnyReadModel
from zugabe_events.mongo.client import Database, LogIdentity
from zugabe_events.projections.audit import Comparison, compare
from zugabe_events.projections.build_lease import ReplacedError
from zugabe_events.projections.builds import build_of, builds, family_of, has_served
from zugabe_events.projections.mongo_views import canonical_hash
from zugabe_events.projections.rebuild import Progress, Rebuild

PROGRESS_INTERVAL_SECONDS = 0.5


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
    """Read models whose present version does not exist or does not answer yet."""
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
        rebuild = Rebuild(db, identity, bootstrap, model, types, ProgressLine(model.name))
        try:
            async with rebuild.builder:
                all_equal &= await _rebuild(db, model, rebuild)
        except ReplacedError as error:
            sys.stderr.write(
                f"{error}: another process has begun to build it; nothing is switched\n"
            )
            all_equal = False
    return all_equal


async def _rebuild(db: Database, model: AnyReadModel, rebuild: Rebuild) -> bool:
    before = build_of(model, (await builds(db, model))["serving"])
    number = await rebuild.build()
    after = build_of(model, number)
    why, found = await incomparable(db, before, after), Comparison((), 0)
    if not why:
        found = await compare(db, before, after, partial(rebuild.catch_up, number))
        why = f"events keep coming for {found.moving:,} documents" if found.moving else ""
    digest, count = await canonical_hash(db, after)
    if found.unequal:
        await rebuild.abandon()
        result = f"DIFFERENT FROM {before}, which goes on serving"
    else:
        await rebuild.switch(number)
        result = f"not compared with {before}: {why}" if why else f"equal to {before}"
    sys.stdout.write(f"{after}: {count:,} documents, {digest}, {result}\n")
    return not found.unequal


async def incomparable(db: Database, before: str, after: str) -> str:
    """The reason why two builds cannot be compared, or an empty text."""
    parked = {"consumer": {"$in": [before, after]}}
    if await db.parked_keys.count_documents(parked, limit=1):
        return "it lacks events that are parked"
    if await db[before].find_one({}) is None and await db[after].find_one({}) is not None:
        return "its documents are gone"
    return ""
