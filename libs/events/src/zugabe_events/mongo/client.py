"""MongoDB connections, the read and write concerns of a service's database, and its log."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bson.binary import UuidRepresentation
from bson.codec_options import CodecOptions
from pymongo import ASCENDING, AsyncMongoClient, ReadPreference, WriteConcern
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.monitoring import CommandListener
from pymongo.read_concern import ReadConcern

from zugabe_events.domain.partitioning import PARTS

type Document = dict[str, Any]
type Client = AsyncMongoClient[Document]
type Database = AsyncDatabase[Document]

OPTIONS: CodecOptions[Document] = CodecOptions(
    uuid_representation=UuidRepresentation.STANDARD, tz_aware=True
)
BARE_IDS = OPTIONS.with_options(uuid_representation=UuidRepresentation.UNSPECIFIED)
"""Leaves ids as bytes: decoding UUIDs takes longer than reading all the rest of an event."""
MAJORITY_READ = ReadConcern("majority")
MAJORITY_WRITE = WriteConcern("majority")
DUPLICATE_KEY = 11000


@dataclass(frozen=True, slots=True)
class EarlierId:
    """An id that a log had before a restore, and by part the last common position."""

    id: UUID
    last: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class LogIdentity:
    """A log's name is its service's; it gets a new `id` after a restore. `before` has its earlier
    ids, latest first."""

    name: str
    id: UUID
    parts: int
    before: tuple[EarlierId, ...] = ()


def connect(url: str, *listeners: CommandListener) -> Client:
    """Read and write with majority, from the primary: a failover must not roll back decisions."""
    return AsyncMongoClient(
        url,
        w="majority",
        readConcernLevel="majority",
        readPreference="primary",
        uuidRepresentation="standard",
        tz_aware=True,
        retryWrites=True,
        serverSelectionTimeoutMS=5_000,
        connectTimeoutMS=3_000,
        socketTimeoutMS=30_000,
        timeoutMS=None,
        event_listeners=listeners,
    )


def database(client: Client, name: str) -> Database:
    return client.get_database(
        name,
        codec_options=OPTIONS,
        read_preference=ReadPreference.PRIMARY,
        write_concern=MAJORITY_WRITE,
        read_concern=MAJORITY_READ,
    )


async def deploy_log(db: Database, new_id: UUID, parts: int = PARTS) -> LogIdentity:
    """Create the log and its indexes if missing. An existing log keeps its number of parts.

    Run before the service starts: an index build in progress would block transactions.
    """
    await db.log.update_one(
        {"_id": "log"}, {"$setOnInsert": {"id": new_id, "parts": parts}}, upsert=True
    )
    await db.commits.create_index([("stream", ASCENDING), ("version", ASCENDING)], unique=True)
    await db.commits.create_index([("part", ASCENDING), ("at", ASCENDING)])
    await db.commits.create_index([("claim.key", ASCENDING)], unique=True, sparse=True)
    await create_missing(db, "sequence", "sequencers", "progress_requests", "positions")
    return await identity(db)


async def create_missing(db: Database, *names: str) -> None:
    """Create collections ahead of the transactions that write to them."""
    existing = set(await db.list_collection_names())
    for name in names:
        if name not in existing:
            await db.create_collection(name)


async def identity(db: Database) -> LogIdentity:
    """Raises LookupError when the deploy step has not run."""
    found = await db.log.find_one({"_id": "log"})
    if found is None:
        message = f"the log {db.name!r} does not exist yet: run its deploy step first"
        raise LookupError(message)
    before = tuple(
        EarlierId(earlier["id"], {int(part): pos for part, pos in earlier["last"].items()})
        for earlier in found.get("before", ())
    )
    return LogIdentity(db.name, found["id"], found["parts"], before)
