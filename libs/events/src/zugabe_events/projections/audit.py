"""Comparison of builds document by document, and audits of what serves by folding it again (N-7).

Documents are compared where both builds have folded the same events, so events may keep coming.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from zugabe_events.domain.projection import AnyReadModel
from zugabe_events.mongo.client import Database, Document
from zugabe_events.projections.builds import Places, build_of, builds, known_at, places
from zugabe_events.projections.mongo_views import SEEN, canonical_hash, deploy_views, seen_lane
from zugabe_events.projections.rebuild import Rebuild

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
            found = await compare(db, build, audit, partial(rebuild.catch_up, AUDIT))
            digest = None
            if not found.unequal and await places(db, build) == await places(db, audit):
                digests = [await canonical_hash(db, name) for name in (build, audit)]
                digest = digests[0][0] if digests[0] == digests[1] else None
            return Audit(found.unequal, found.moving, build, count, digest)
        finally:
            await drop(db, audit)


async def drop(db: Database, audit: str) -> None:
    await db.drop_collection(audit)
    await db.positions.delete_many({"consumer": audit})


async def compare(
    db: Database, build: str, other: str, catch_up: Callable[[], Awaitable[None]]
) -> Comparison:
    """Compare all documents of two builds; `catch_up` brings the second one up to date."""
    unequal, moving = await differing(db, build, other, await keys_of(db, build, other))
    for _ in range(MAX_ROUNDS):
        if not moving:
            break
        await asyncio.sleep(ROUND_INTERVAL_SECONDS)
        await catch_up()
        found, moving = await differing(db, build, other, moving)
        unequal += found
    return Comparison(sorted(unequal), len(moving))


async def differing(
    db: Database, build: str, other: str, keys: Sequence[str]
) -> tuple[list[str], list[str]]:
    """Keys of documents that differ although both builds have folded the same events, and of those
    for which one has folded more, or may lack parked events."""
    unequal: list[str] = []
    moving: list[str] = []
    parked = await db.parked_keys.find_one({"consumer": build}) is not None
    for start in range(0, len(keys), CHUNK_SIZE):
        chunk = list(keys[start : start + CHUNK_SIZE])
        reached = [by_lane(await places(db, name)) for name in (build, other)]
        documents = [await documents_of(db, name, chunk) for name in (build, other)]
        for key in chunk:
            one, two = (found.get(key) for found in documents)
            if content_of(one) == content_of(two):
                continue
            same = seen_of(one) == seen_of(two) or (
                includes(reached[1], seen_of(one))
                and includes(reached[0], seen_of(two))
                and not parked
            )
            (unequal if same else moving).append(key)
    return unequal, moving


async def keys_of(db: Database, *names: str) -> list[str]:
    keys: set[str] = set()
    for name in names:
        keys.update([document["_id"] async for document in db[name].find({}, {"_id": 1})])
    return sorted(keys)


async def documents_of(db: Database, build: str, keys: list[str]) -> dict[str, Document]:
    found = db[build].find({"_id": {"$in": keys}})
    return {document["_id"]: document async for document in found}


def content_of(document: Document | None) -> Document | None:
    """The view's fields: equal builds may have seen the lanes' events in different orders."""
    return document and {name: value for name, value in document.items() if name != SEEN}


def seen_of(document: Document | None) -> dict[str, int]:
    return document[SEEN] if document else {}


def by_lane(reached: Places) -> dict[str, int]:
    """Positions of a build by lane, as documents name it."""
    return {seen_lane(*lane): known_at(reached, lane) for lane in reached}


def includes(reached: dict[str, int], seen: dict[str, int]) -> bool:
    """True if a build has folded everything that a document of another build has seen."""
    return all(reached.get(lane, 0) >= pos for lane, pos in seen.items())
