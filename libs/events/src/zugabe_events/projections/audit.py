"""Comparison of builds document by document, and audits of what serves by folding it again (N-7).

Documents are compared where both builds have folded the same events, so events may keep coming.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import batched

from pymongo import ASCENDING

from zugabe_events.domain.projection import AnyReadModel
from zugabe_events.mongo.client import Database, Document
from zugabe_events.projections.builds import Positions, build_of, builds, position_at, positions_of
from zugabe_events.projections.mongo_views import canonical_hash, deploy_views, seen_lane
from zugabe_events.projections.rebuild import Rebuild
from zugabe_events.projections.tallies import SEEN

AUDIT = 0
"""The number of a build that never serves."""

MAX_ROUNDS = 20
ROUND_INTERVAL_SECONDS = 0.25
CHUNK_SIZE = 1_000


@dataclass(frozen=True, slots=True)
class Comparison:
    """Keys of `unequal` documents, and the number of those that could not be compared.

    `moving` documents are ones for which events keep coming or are parked.
    """

    unequal: Sequence[str]
    moving: int


@dataclass(frozen=True, slots=True)
class Audit(Comparison):
    """`digest` is the canonical hash of `build`, if it equals the audit as a whole."""

    build: str
    documents: int
    digest: str | None


async def audit_build(db: Database, model: AnyReadModel, rebuild: Rebuild) -> Audit:
    """Fold a read model beside the build that serves and compare both; nothing is switched.

    Raises BeingBuiltError and ReplacedError.
    """
    async with rebuild.builder:
        build = build_of(model, (await builds(db, model))["serving"])
        audit = build_of(model, AUDIT)
        await drop(db, audit)
        try:
            await deploy_views(db, model, AUDIT)
            await rebuild.catch_up(AUDIT)
            count = await db[build].estimated_document_count()
            found = await compare(
                db, build, audit, partial(rebuild.catch_up, AUDIT), with_seen=True
            )
            digest = None
            if not found.unequal and await positions_of(db, build) == await positions_of(db, audit):
                digests = [await canonical_hash(db, name) for name in (build, audit)]
                digest = digests[0][0] if digests[0] == digests[1] else None
            return Audit(found.unequal, found.moving, build, count, digest)
        finally:
            await drop(db, audit)


async def drop(db: Database, audit: str) -> None:
    await db.drop_collection(audit)
    await db.positions.delete_many({"consumer": audit})


async def compare(
    db: Database,
    build: str,
    other: str,
    catch_up: Callable[[], Awaitable[None]],
    *,
    with_seen: bool = False,
) -> Comparison:
    """Compare all documents of two builds; `catch_up` brings the second one up to date.

    `with_seen` also compares the positions up to which documents say that they are folded.
    """
    unequal, moving = await differing(db, build, other, {}, with_seen=with_seen)
    for _ in range(MAX_ROUNDS):
        if not moving:
            break
        await asyncio.sleep(ROUND_INTERVAL_SECONDS)
        await catch_up()
        keys, moving = moving, []
        for chunk in batched(keys, CHUNK_SIZE):
            found, still_moving = await differing(
                db, build, other, {"_id": {"$in": chunk}}, with_seen=with_seen
            )
            unequal += found
            moving += still_moving
    return Comparison(sorted(unequal), len(moving))


async def differing(
    db: Database, build: str, other: str, query: Document, *, with_seen: bool
) -> tuple[list[str], list[str]]:
    """Keys of documents that differ although both builds have folded the same events, and of those
    for which one has folded more, or may lack parked events."""
    unequal: list[str] = []
    moving: list[str] = []
    # Read before any document, so that documents include all events up to these positions.
    parked = await db.parked_keys.find_one({"consumer": build}) is not None
    positions = [by_lane(await positions_of(db, name)) for name in (build, other)]
    async for key, first, second in pairs(db, build, other, query):
        if first == second or (not with_seen and content_of(first) == content_of(second)):
            continue
        same = seen_of(first) == seen_of(second) or (
            includes(positions[1], seen_of(first))
            and includes(positions[0], seen_of(second))
            and not parked
        )
        (unequal if same else moving).append(key)
    return unequal, moving


async def pairs(
    db: Database, build: str, other: str, query: Document
) -> AsyncGenerator[tuple[str, Document | None, Document | None]]:
    """Documents of two builds in the order of their keys; both are read in batches."""
    async with (
        db[build].find(query).sort("_id", ASCENDING).batch_size(CHUNK_SIZE) as firsts,
        db[other].find(query).sort("_id", ASCENDING).batch_size(CHUNK_SIZE) as seconds,
    ):
        first, second = await anext(firsts, None), await anext(seconds, None)
        while first or second:
            if first and (second is None or first["_id"] < second["_id"]):
                yield first["_id"], first, None
                first = await anext(firsts, None)
            elif second and (first is None or second["_id"] < first["_id"]):
                yield second["_id"], None, second
                second = await anext(seconds, None)
            elif first and second:
                yield first["_id"], first, second
                first, second = await anext(firsts, None), await anext(seconds, None)


def content_of(document: Document | None) -> Document | None:
    """The view's fields: equal builds may have seen the lanes' events in different orders."""
    return document and {name: value for name, value in document.items() if name != SEEN}


def seen_of(document: Document | None) -> dict[str, int]:
    return document[SEEN] if document else {}


def by_lane(positions: Positions) -> dict[str, int]:
    """Positions of a build by lane, as documents name it."""
    return {seen_lane(*lane): position_at(positions, lane) for lane in positions}


def includes(positions: dict[str, int], seen: dict[str, int]) -> bool:
    """True if a build has folded everything that a document of another build has seen."""
    return all(positions.get(lane, 0) >= pos for lane, pos in seen.items())
