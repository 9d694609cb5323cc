"""Whether a read model that serves is what the log says, by the code that folds it (N-7).

It is folded once more, beside it, and nothing is switched. While events keep coming, documents are
compared where both have seen the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from zugabe_events.domain.projection import AnyReadModel
from zugabe_events.mongo.client import Database, Document
from zugabe_events.projections.builds import Places, build_of, builds, known_at, places
from zugabe_events.projections.mongo_views import SEEN, canonical_hash, deploy_views, seen_lane
from zugabe_events.projections.rebuild import Rebuild

AUDIT = 0
"""The number of a build that never serves."""

ROUNDS = 20
CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Refolded:
    """Keys of `unequal` documents; `moving` ones could not be compared, because events kept coming
    or are parked. `digest` is the canonical hash of both, when they are equal as a whole."""

    build: str
    documents: int
    unequal: Sequence[str]
    moving: int
    digest: str | None


async def refold(db: Database, model: AnyReadModel, rebuild: Rebuild) -> Refolded:
    """Raises BeingBuiltError and ReplacedError."""
    async with rebuild.builder:
        build = build_of(model, (await builds(db, model))["serving"])
        audit = build_of(model, AUDIT)
        await forget(db, audit)
        try:
            await deploy_views(db, model, AUDIT)
            await rebuild.catch_up(AUDIT)
            return await _compared(db, build, audit, rebuild)
        finally:
            await forget(db, audit)


async def forget(db: Database, audit: str) -> None:
    await db.drop_collection(audit)
    await db.positions.delete_many({"consumer": audit})


async def _compared(db: Database, build: str, audit: str, rebuild: Rebuild) -> Refolded:
    count = await db[build].estimated_document_count()
    unequal, moving = await differing(db, build, audit, await keys_of(db, build, audit))
    for _ in range(ROUNDS):
        if not moving:
            break
        await rebuild.catch_up(AUDIT)
        found, moving = await differing(db, build, audit, moving)
        unequal += found
    digest = None
    if not unequal and await places(db, build) == await places(db, audit):
        digests = [await canonical_hash(db, one) for one in (build, audit)]
        digest = digests[0][0] if digests[0] == digests[1] else None
    return Refolded(build, count, sorted(unequal), len(moving), digest)


async def differing(
    db: Database, build: str, audit: str, keys: Sequence[str]
) -> tuple[list[str], list[str]]:
    """Documents that differ although both builds know the same of them, and those of which one may
    know more; so may the audit of what is parked."""
    unequal: list[str] = []
    moving: list[str] = []
    parked = await db.parked_keys.find_one({"consumer": build}) is not None
    for start in range(0, len(keys), CHUNK):
        some = list(keys[start : start + CHUNK])
        reached = [by_lane(await places(db, one)) for one in (build, audit)]
        ours, theirs = [await documents_of(db, one, some) for one in (build, audit)]
        for key in some:
            one, other = ours.get(key), theirs.get(key)
            if one == other:
                continue
            same = seen_of(one) == seen_of(other) or (
                knows(reached[1], seen_of(one)) and knows(reached[0], seen_of(other)) and not parked
            )
            (unequal if same else moving).append(key)
    return unequal, moving


async def keys_of(db: Database, *names: str) -> list[str]:
    keys: set[str] = set()
    for name in names:
        keys.update([one["_id"] async for one in db[name].find({}, {"_id": 1})])
    return sorted(keys)


async def documents_of(db: Database, build: str, keys: list[str]) -> dict[str, Document]:
    return {one["_id"]: one async for one in db[build].find({"_id": {"$in": keys}})}


def by_lane(reached: Places) -> dict[str, int]:
    """Named as documents name what they have seen."""
    return {seen_lane(*lane): known_at(reached, lane) for lane in reached}


def seen_of(document: Document | None) -> dict[str, int]:
    return document[SEEN] if document else {}


def knows(reached: dict[str, int], seen: dict[str, int]) -> bool:
    """Whether a build that is so far has folded everything that a document of another has seen."""
    return all(reached.get(lane, 0) >= pos for lane, pos in seen.items())
