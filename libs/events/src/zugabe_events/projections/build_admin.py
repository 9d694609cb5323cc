"""Administration of builds: list those stored in a database, and remove one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self

from zugabe_events.consumer.checkpoints import RETIRED
from zugabe_events.mongo.client import Database, Document
from zugabe_events.projections.build_lease import BuildLease
from zugabe_events.projections.builds import positions_of

BUILD = re.compile(r"(?P<model>.+)\.v(?P<version>\d+)\.(?P<number>\d+)")

type Status = Literal["serves", "fills", "is being built", "is unfinished", "is kept"]


@dataclass(frozen=True, slots=True, order=True)
class Build:
    model: str
    version: int
    number: int

    @classmethod
    def named(cls, name: str) -> Self | None:
        """Parse the name of a build; None for any other name."""
        match = BUILD.fullmatch(name)
        return match and cls(match["model"], int(match["version"]), int(match["number"]))

    @property
    def family(self) -> str:
        return f"{self.model}.v{self.version}"

    def __str__(self) -> str:
        return f"{self.family}.{self.number}"


@dataclass(frozen=True, slots=True)
class StoredBuild:
    """Numbers of `documents`, folded `events`, and events `behind` the furthest consumer."""

    build: Build
    status: Status
    documents: int
    events: int
    behind: int


class ServesError(LookupError):
    """The build serves queries and cannot be removed."""


async def stored_builds(db: Database) -> Sequence[StoredBuild]:
    """All builds, including those of versions and models unknown to this code."""
    names = [*await db.list_collection_names(), *await db.positions.distinct("consumer")]
    found = sorted({build for name in names if (build := Build.named(name))})
    entries = {entry["_id"]: entry async for entry in db.readmodels.find({})}
    heads = await highest_positions(db)
    stored = []
    for build in found:
        positions = await positions_of(db, str(build))
        done = sum(max(0, pos) for pos in positions.values())
        logs = {lane[:2] for lane in positions}
        left = sum(
            max(0, head - positions.get(lane, 0))
            for lane, head in heads.items()
            if lane[:2] in logs and positions.get(lane) != RETIRED
        )
        count = await db[str(build)].estimated_document_count()
        status = status_of(build, entries.get(build.family, {}))
        stored.append(StoredBuild(build, status, count, done, left))
    return stored


def status_of(build: Build, family: Document) -> Status:
    if family.get("serving", 1) == build.number:
        return "fills" if family.get("filling") else "serves"
    if family.get("building") == build.number:
        return "is being built" if "builder" in family else "is unfinished"
    return "is kept"


async def highest_positions(db: Database) -> dict[tuple[str, str, int], int]:
    """The highest position of each lane that a consumer or the sequencer has reached."""
    lane = {"log": "$log", "log_id": "$log_id", "part": "$part"}
    grouped: list[Document] = [{"$group": {"_id": lane, "pos": {"$max": "$pos"}}}]
    heads = {
        (group["_id"]["log"], group["_id"]["log_id"], group["_id"]["part"]): group["pos"]
        async for group in await db.positions.aggregate(grouped)
    }
    own = await db.log.find_one({}) or {}
    lease = await db.sequencers.find_one({"_id": "lease"}) or {}
    for part, pos in lease.get("last", {}).items():
        heads[db.name, str(own.get("id")), int(part)] = pos
    return heads


async def remove(db: Database, build: Build, served: Document) -> None:
    """Drop a build with its positions and dead letters; idempotent.

    `served` is the version that this code reads, by model. An older version whose serving build is
    dropped is built again if its code runs again. Raises ServesError and BeingBuiltError.
    """
    builder = BuildLease(db, build.family)
    async with builder:
        entry = await db.readmodels.find_one({"_id": build.family}) or {}
        if entry["serving"] == build.number:
            if build.version >= served.get(build.model, build.version + 1):
                message = f"{build} serves; switch to another build first"
                raise ServesError(message)
            following = entry["highest"] + 1
            await builder.update(
                {"$set": {"serving": following, "highest": following, "filling": True}}
            )
        if entry.get("building") == build.number:
            await builder.update({"$unset": {"building": 1}})
        await db.drop_collection(str(build))
        for collection in (db.positions, db.parked_keys, db.suspects, db.dead_letters):
            await collection.delete_many({"consumer": str(build)})
