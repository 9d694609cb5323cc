"""A service's log as stored in MongoDB: its id, its heads, and its commits in order."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

from bson.binary import UuidRepresentation
from bson.codec_options import CodecOptions
from pymongo import AsyncMongoClient, ReadPreference
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.read_concern import ReadConcern

from zugabe_verify.findings import Findings

type Document = dict[str, Any]
type Database = AsyncDatabase[Document]

BATCH_SIZE = 1_000


def connect(url: str) -> AsyncMongoClient[Document]:
    return AsyncMongoClient(
        url, tz_aware=True, serverSelectionTimeoutMS=10_000, socketTimeoutMS=120_000
    )


def database(client: AsyncMongoClient[Document], name: str) -> Database:
    """Majority reads from the primary: data that a failover could roll back proves nothing."""
    options: CodecOptions[Document] = CodecOptions(
        uuid_representation=UuidRepresentation.STANDARD, tz_aware=True
    )
    return client.get_database(
        name, options, read_preference=ReadPreference.PRIMARY, read_concern=ReadConcern("majority")
    )


@dataclass(frozen=True, slots=True)
class Log:
    """`heads` is the last position by part, `acked` up to where Kafka must have everything.

    `seconds` is the cluster's time when the heads were read. The topic bears the database's name.
    """

    service: str
    db: Database
    id: str
    parts: int
    acked: dict[int, int]
    heads: dict[int, int]
    seconds: int

    @property
    def source(self) -> str:
        return f"/zugabe/{self.service}/{self.id}"

    @property
    def events(self) -> int:
        return sum(self.heads.values())


async def identify(db: Database) -> tuple[str, int] | None:
    """Id and number of parts; None without a log."""
    found = await db.log.find_one({"_id": "log"})
    return (str(found["id"]), int(found["parts"])) if found else None


async def acknowledged(db: Database) -> dict[int, int]:
    """Read it before anything else of the log: Kafka has at least these from then on."""
    lease = await db.sequencers.find_one({"_id": "lease"}, {"acked": 1}) or {}
    return {int(part): int(pos) for part, pos in lease.get("acked", {}).items()}


async def heads(db: Database, parts: int) -> dict[int, int]:
    found = {}
    for part in range(parts):
        last = await db.sequence.find_one(of_part(part), sort=[("_id", -1)])
        found[part] = int(last["last"]) if last else 0
    return found


async def cluster_seconds(db: Database) -> int:
    async with db.client.start_session() as session:
        await db.command("ping", session=session)
        time = session.operation_time
        return time.time if time else 0


def of_part(part: int) -> Document:
    return {"_id": {"$gte": {"part": part}, "$lt": {"part": part + 1}}}


@dataclass(frozen=True, slots=True)
class SequencedCommit:
    """A commit, and the position of its first event in its part."""

    commit: Document
    pos: int


async def walk(log: Log, part: int, findings: Findings) -> AsyncGenerator[list[SequencedCommit]]:
    """The commits of a part in the order of their positions; faulty runs become findings."""
    waiting: list[tuple[Any, int, int]] = []
    expected, latest = 1, None
    runs = log.db.sequence.find(of_part(part), batch_size=BATCH_SIZE).sort("_id", 1)
    async with runs:
        async for run in runs:
            first, where = int(run["_id"]["pos"]), f"part {part}, position {run['_id']['pos']}"
            if first > log.heads[part]:
                break
            if first != expected:
                what = f"this run begins here, although position {expected} comes next"
                findings.add("position-gap", log.service, where, what)
            if latest is not None and run["time"] < latest:
                findings.add("time-backwards", log.service, where, "the log's time goes back here")
            pos, latest = first, run["time"]
            for commit in run["commits"]:
                waiting.append((commit["id"], pos, commit["n"]))
                pos += commit["n"]
            if run["last"] != pos - 1:
                what = f"this run says it ends at {run['last']}, and its commits at {pos - 1}"
                findings.add("sequence-count", log.service, where, what)
            expected = int(run["last"]) + 1
            if len(waiting) >= BATCH_SIZE:
                yield await _fetch(log, part, waiting, findings)
                waiting = []
    if waiting:
        yield await _fetch(log, part, waiting, findings)


async def _fetch(
    log: Log, part: int, places: list[tuple[Any, int, int]], findings: Findings
) -> list[SequencedCommit]:
    found = await by_id(log.db, [commit_id for commit_id, _, _ in places])
    placed = []
    for commit_id, pos, count in places:
        commit, where = found.get(commit_id), f"part {part}, position {pos}"
        if commit is None:
            what = f"commit {commit_id} has a position and is not in the log"
            findings.add("commit-missing", log.service, where, what)
            continue
        if len(commit["events"]) != count:
            what = f"commit {commit_id} has {len(commit['events'])} events, and {count} positions"
            findings.add("sequence-count", log.service, where, what)
        placed.append(SequencedCommit(commit, pos))
    return placed


async def by_id(db: Database, ids: list[Any]) -> dict[Any, Document]:
    found = await db.commits.find({"_id": {"$in": ids}}).to_list()
    return {commit["_id"]: commit for commit in found}
