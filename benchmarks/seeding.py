"""A long history, written down directly: one real order, once more for each of many users."""

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
    """Commits, positions and read models of `orders` orders of as many users; Kafka ends with the
    last event of each part, as if the others had been there."""
    user = shop.buyer(PATTERN)
    await user.must("PUT", "checkout", f"/orders/o-{PATTERN}", cart(5_000, 3_000))
    await shop.until_current()
    for process in STOPPED:
        await shop.stack.stop_process(process)
    for log in LOGS:
        await History(shop, log).write(orders)
    for process in (*LOGS[:2], "sequencer", LOGS[2]):
        await shop.stack.start_process(process)


class History:
    """One log's share of it."""

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
        commits = [one async for one in self.db.commits.find({"key": f"d1/{PATTERN}"})]
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
                for one in await write_log(self.db, written, last):
                    newest[one.commit["part"]] = one.commit, one.pos
                for name, pattern in views.items():
                    names = (f"s{n}" for n in range(first, min(first + BATCH, orders)))
                    documents = [dict(renamed(pattern, name)) for name in names]
                    await self.db[name].insert_many(documents, ordered=False)
        await self._put_at_ends(identity, last, newest)

    async def _views(self) -> dict[str, Document]:
        """A document of each read model that shows the order."""
        found = {}
        for name in await self.db.list_collection_names():
            if ".v1." in name:
                one = await self.db[name].find_one({"_id": {"$regex": PATTERN}})
                if one is not None:
                    found[name] = one
        return found

    async def _put_at_ends(
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
        places = {"last": ends, "acked": ends, "token": None, "start_at": now, "through": now}
        await self.db.sequencers.update_one({"_id": "lease"}, {"$set": places})
        for service in LOGS:
            await self._move(self.db.client[service], identity, last, offsets)

    async def _move(
        self,
        db: Any,
        identity: LogIdentity,
        last: Mapping[int, int],
        offsets: Mapping[int, tuple[int, str]],
    ) -> None:
        """Every consumer of this log has gone past all of it."""
        for consumer in await db.positions.distinct("consumer", {"log": self.log}):
            for part, (offset, event) in offsets.items():
                lane = {"log": self.log, "log_id": str(identity.id), "part": part}
                place = {"pos": last[part], "offset": offset, "event": event}
                await db.positions.replace_one(
                    {"_id": f"{consumer}@{self.log}/{identity.id}/{part}"},
                    {"consumer": consumer, **lane, **place},
                    upsert=True,
                )


def renamed(pattern: Document, name: str) -> Document:
    """The document with another user's name wherever the pattern's stood."""
    return {field: _renamed(value, name) for field, value in pattern.items()}


def _renamed(value: Any, name: str) -> Any:
    match value:
        case str():
            return value.replace(PATTERN, name)
        case dict():
            return {field: _renamed(one, name) for field, one in value.items()}
        case list():
            return [_renamed(one, name) for one in value]
        case _:
            return value
