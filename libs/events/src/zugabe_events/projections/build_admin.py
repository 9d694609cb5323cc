"""The builds of read models that lie in a database: what they are, and taking one away."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self

from zugabe_events.consumer.checkpoints import RETIRED
from zugabe_events.mongo.client import Database, Document
from zugabe_events.projections.build_lease import BuildLease
from zugabe_events.projections.builds import places

BUILD = re.compile(r"(?P<model>.+)\.v(?P<version>\d+)\.(?P<number>\d+)")

type Status = Literal["serves", "fills", "is being built", "is unfinished", "is kept"]


@dataclass(frozen=True, slots=True, order=True)
class Build:
    model: str
    version: int
    number: int

    @classmethod
    def named(cls, name: str) -> Self | None:
        """None for what is no build."""
        found = BUILD.fullmatch(name)
        return found and cls(found["model"], int(found["version"]), int(found["number"]))

    @property
    def family(self) -> str:
        return f"{self.model}.v{self.version}"

    def __str__(self) -> str:
        return f"{self.family}.{self.number}"


@dataclass(frozen=True, slots=True)
class Stored:
    """`events` are folded in, `behind` are those that some consumer of this database has met
    besides."""

    build: Build
    status: Status
    documents: int
    events: int
    behind: int


class ServesError(LookupError):
    """Queries read this build."""


async def stored_builds(db: Database) -> Sequence[Stored]:
    """All of them, those of versions and models too that the code no longer knows."""
    names = [*await db.list_collection_names(), *await db.positions.distinct("consumer")]
    found = sorted({build for name in names if (build := Build.named(name))})
    known = {one["_id"]: one async for one in db.readmodels.find({})}
    heads = await heads_met(db)
    told = []
    for build in found:
        reached = await places(db, str(build))
        done = sum(max(0, pos) for pos in reached.values())
        logs = {lane[:2] for lane in reached}
        left = sum(
            max(0, head - reached.get(lane, 0))
            for lane, head in heads.items()
            if lane[:2] in logs and reached.get(lane) != RETIRED
        )
        count = await db[str(build)].estimated_document_count()
        status = status_of(build, known.get(build.family, {}))
        told.append(Stored(build, status, count, done, left))
    return told


def status_of(build: Build, family: Document) -> Status:
    if family.get("serving", 1) == build.number:
        return "fills" if family.get("filling") else "serves"
    if family.get("building") == build.number:
        return "is being built" if "builder" in family else "is unfinished"
    return "is kept"


async def heads_met(db: Database) -> dict[tuple[str, str, int], int]:
    """The highest position of each lane that anybody here has met."""
    lane = {"log": "$log", "log_id": "$log_id", "part": "$part"}
    grouped: list[Document] = [{"$group": {"_id": lane, "pos": {"$max": "$pos"}}}]
    heads = {
        (one["_id"]["log"], one["_id"]["log_id"], one["_id"]["part"]): one["pos"]
        async for one in await db.positions.aggregate(grouped)
    }
    own = await db.log.find_one({}) or {}
    lease = await db.sequencers.find_one({"_id": "lease"}) or {}
    for part, pos in lease.get("last", {}).items():
        heads[db.name, str(own.get("id")), int(part)] = pos
    return heads


async def remove(db: Database, build: Build, served: Document) -> None:
    """With its positions and its letters. May be repeated after an interruption.

    `served` says by model which version this code reads. An older version that loses the build it
    serves begins anew if its code ever runs again. Raises ServesError, BeingBuiltError.
    """
    builder = BuildLease(db, build.family)
    async with builder:
        known = await db.readmodels.find_one({"_id": build.family}) or {}
        if known["serving"] == build.number:
            if build.version >= served.get(build.model, build.version + 1):
                message = f"{build} serves; switch to another build first"
                raise ServesError(message)
            again = known["highest"] + 1
            await builder.update({"$set": {"serving": again, "highest": again, "filling": True}})
        if known.get("building") == build.number:
            await builder.update({"$unset": {"building": 1}})
        await db.drop_collection(str(build))
        for collection in (db.positions, db.parked_keys, db.suspects, db.dead_letters):
            await collection.delete_many({"consumer": str(build)})
