"""A long history written directly: copies of one real order for each of many users."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from aiokafka import AIOKafkaProducer

from benchmarks.measuring import console
from benchmarks.samples import write_log
from benchmarks.shop import LOGS, Shop, cart
from zugabe_events.domain.partitioning import part_of
from zugabe_events.messaging.message import outgoing, source_of
from zugabe_events.mongo.client import Document, LogIdentity

PATTERN = "vorlage"
BATCH = 5_000
STOPPED = (*LOGS, "sequencer")


async def seed(shop: Shop, orders: int) -> None:
    """Write commits, positions and read models of `orders` orders, each of another user. Kafka gets
    only the last event of each part."""
    user = shop.buyer(PATTERN)
    await user.must("PUT", "checkout", f"/orders/o-{PATTERN}", cart(5_000, 3_000))
    await shop.until_current()
    for process in STOPPED:
        await shop.stack.stop_process(process)
    for log in LOGS:
        await SeededLog(shop, log).write(orders)
    for process in (*LOGS[:2], "sequencer", LOGS[2]):
        await shop.stack.start_process(process)


class SeededLog:
    """The seeded history of one log."""

    def __init__(self, shop: Shop, log: str) -> None:
        self.db = shop.mongo[log]
        self.kafka = shop.stack.addresses["kafka"]
        self.log = log

    async def write(self, orders: int) -> None:
        found = await self.db.log.find_one()
        assert found is not None
        identity = LogIdentity(self.log, found["id"], found["parts"])
        lease = await self.db.sequencers.find_one({"_id": "lease"})
        assert lease is not None
        last = {int(part): pos for part, pos in lease["last"].items()}
        newest: dict[int, tuple[Document, int]] = {}
        commits = await self.db.commits.find({"key": f"d1/{PATTERN}"}).to_list()
        views = await self._views()
        for first in range(0, orders, BATCH):
            with console.status(f"{self.log}: {first:,} of {orders:,} orders"):
                written: list[Document] = []
                for number in range(first, min(first + BATCH, orders)):
                    for pattern in commits:
                        commit = dict(renamed(pattern, f"s{number}"))
                        commit["_id"] = uuid4()
                        commit["part"] = part_of(commit["key"], identity.parts)
                        written.append(commit)
                for sequenced in await write_log(self.db, written, last):
                    newest[sequenced.commit["part"]] = sequenced.commit, sequenced.pos
                for name, pattern in views.items():
                    names = (f"s{n}" for n in range(first, min(first + BATCH, orders)))
                    documents = [dict(renamed(pattern, name)) for name in names]
                    await self.db[name].insert_many(documents, ordered=False)
        await self._advance_to_ends(identity, last, newest)

    async def _views(self) -> dict[str, Document]:
        """Return a document of each read model that shows the order."""
        documents = {}
        for name in await self.db.list_collection_names():
            if ".v1." in name:
                document = await self.db[name].find_one({"_id": {"$regex": PATTERN}})
                if document is not None:
                    documents[name] = document
        return documents

    async def _advance_to_ends(
        self,
        identity: LogIdentity,
        last: Mapping[int, int],
        newest: Mapping[int, tuple[Document, int]],
    ) -> None:
        producer = AIOKafkaProducer(bootstrap_servers=self.kafka)
        await producer.start()
        offsets: dict[int, tuple[int, str]] = {}
        for part, (commit, pos) in newest.items():
            [message] = outgoing(commit, pos, source_of(identity).encode())
            sent = await producer.send_and_wait(
                self.log, message.value, key=message.key, partition=part, headers=message.headers
            )
            offsets[part] = sent.offset, f"{commit['_id']}.0"
        await producer.stop()
        now = (await self.db.command("ping"))["operationTime"]
        ends = {str(part): pos for part, pos in last.items()}
        progress = {"last": ends, "acked": ends, "token": None, "start_at": now, "through": now}
        await self.db.sequencers.update_one({"_id": "lease"}, {"$set": progress})
        for service in LOGS:
            await self._advance_consumers(self.db.client[service], identity, last, offsets)

    async def _advance_consumers(
        self,
        db: Any,
        identity: LogIdentity,
        last: Mapping[int, int],
        offsets: Mapping[int, tuple[int, str]],
    ) -> None:
        """Move every consumer of this log to its end."""
        for consumer in await db.positions.distinct("consumer", {"log": self.log}):
            for part, (offset, event) in offsets.items():
                lane = {"log": self.log, "log_id": str(identity.id), "part": part}
                checkpoint = {"pos": last[part], "offset": offset, "event": event}
                await db.positions.replace_one(
                    {"_id": f"{consumer}@{self.log}/{identity.id}/{part}"},
                    {"consumer": consumer, **lane, **checkpoint},
                    upsert=True,
                )


def renamed(pattern: Document, name: str) -> Document:
    """Copy the document with another user's name in place of the pattern's."""
    return {field: _renamed(value, name) for field, value in pattern.items()}


def _renamed(value: Any, name: str) -> Any:
    match value:
        case str():
            return value.replace(PATTERN, name)
        case dict():
            return {field: _renamed(item, name) for field, item in value.items()}
        case list():
            return [_renamed(item, name) for item in value]
        case _:
            return value
