"""The floor: the durable work of an order with voucher and reward, by bare parts in one process.

The same commits, sequence documents, messages, documents of read models and positions are written,
and the same HTTP requests made, in batches of what has gathered meanwhile. Nothing is decided or
folded, one transaction holds the effects of all services, and no code of the kernel runs.
"""

import asyncio
import itertools
import json
import socket
import sys
import tempfile
import time
import zlib
from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import aiohttp
import msgspec
import uvicorn
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from bson.timestamp import Timestamp
from pymongo import AsyncMongoClient, ReplaceOne

from benchmarks.measuring import Result, console, percentiles, ratio_of
from benchmarks.orders import USERS_EACH, load_of
from benchmarks.shop import Shop
from benchmarks.stack import Used, running_stack, used_by
from zugabe.ports import HOST

type Document = dict[str, Any]

COMMITS = {
    "ask": ("checkout", {"holds-asked": 261}),
    "vouchers": ("vouchers", {"voucher-held": 480}),
    "bonus": ("bonus", {"reward-held": 484}),
    "place": ("checkout", {"order-placed": 1_912}),
    "redeem": ("vouchers", {"voucher-redeemed": 277, "order-noted": 97}),
    "accrue": ("bonus", {"reward-redeemed": 240, "points-accrued": 594}),
}
"""The commits of an order: their log, and the bytes of each event."""
EVENTS = sum(len(events) for _, events in COMMITS.values())
REACTIONS = {"order-placed": ("redeem", "accrue")}


class Change(NamedTuple):
    """A document that an event writes, and its bytes. `key` is the field of the event that is its
    id; `indexed` the number of its fields in indexes that change."""

    database: str
    collection: str
    key: str
    size: int
    indexed: int


TIMER = Change("checkout", "timers", "order", 263, 1)
CHANGES: dict[str, tuple[Change, ...]] = {
    "holds-asked": (TIMER,),
    "reward-held": (Change("bonus", "accounts", "user", 637, 2),),
    "order-placed": (
        TIMER,
        Change("checkout", "orders", "order", 1_899, 5),
        Change("checkout", "buyers", "user", 318, 2),
    ),
    "voucher-redeemed": (Change("vouchers", "redeemed", "order", 316, 6),),
    "points-accrued": (Change("bonus", "accounts", "user", 746, 2),),
}
HEARD_BY = {
    "checkout": ("checkout", "vouchers", "bonus"),
    "vouchers": ("vouchers",),
    "bonus": ("bonus",),
}
LOG_ID = str(uuid4())
TEXT = "'article':'A-1','product_group':'Schreiben','brand':'Soennecken','unit_cents':5000," * 30
HEADERS = [(f"ce_header{number}", b"0123456789abcdef01") for number in range(10)]
BUYERS = (16, 64)
SECONDS, ROUNDS = 6.0, 3
FIGURES = (("orders", "/s", None), ("placing, p99", " ms", None), ("CPU per order", " ms", 2.0))


class Batches[Item]:
    """Hands what has gathered to `work`, one batch at a time."""

    def __init__(self, work: Callable[[list[Item]], Awaitable[None]]) -> None:
        self._work = work
        self._waiting: list[tuple[Item, asyncio.Future[None]]] = []
        self._working: asyncio.Task[None] | None = None

    async def do(self, item: Item) -> None:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, done))
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._work_off())
        await done

    async def _work_off(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                await self._work([item for item, _ in batch])
            except Exception as error:
                for _, done in batch:
                    done.set_exception(error)
            else:
                for _, done in batch:
                    done.set_result(None)


class Log:
    """Appends commits, and afterwards gives them positions and sends them to Kafka."""

    def __init__(self, db: Any, producer: AIOKafkaProducer, tasks: asyncio.TaskGroup) -> None:
        self.db = db
        self._producer = producer
        self._tasks = tasks
        self._last: Counter[int] = Counter()
        self._sequencing = Batches(self._sequence)
        self.append = Batches(self._append).do

    async def _append(self, commits: list[Document]) -> None:
        await self.db.commits.insert_many(commits, ordered=False)
        self.committed(commits)

    def committed(self, commits: Sequence[Document]) -> None:
        for commit in commits:
            self._tasks.create_task(self._sequencing.do(commit))

    async def _sequence(self, commits: list[Document]) -> None:
        by_part: dict[int, list[Document]] = defaultdict(list)
        for commit in commits:
            by_part[commit["part"]].append(commit)
        documents, messages, now = [], [], datetime.now(UTC)
        for part, group in by_part.items():
            first = self._last[part] + 1
            for commit in group:
                for event in commit["events"]:
                    self._last[part] += 1
                    messages.append((commit, event, self._last[part]))
            ids = [{"id": commit["_id"], "n": len(commit["events"])} for commit in group]
            place = {"_id": {"part": part, "pos": first}, "last": self._last[part]}
            documents.append(place | {"commits": ids, "time": now, "at": Timestamp(1, 1)})
        await self.db.sequence.insert_many(documents, ordered=False)
        for commit, event, pos in messages:
            part, key, value = commit["part"], commit["key"].encode(), event["data"].encode()
            headers = [
                ("ce_type", event["name"].encode()),
                ("ce_id", str(commit["_id"]).encode()),
                ("ce_sequence", b"%d.%016d" % (part, pos)),
                ("ce_subject", commit["stream"].encode()),
                *HEADERS,
            ]
            await self._producer.send(self.db.name, value, key, part, headers=headers)


class Floor:
    def __init__(
        self,
        mongo: Any,
        logs: dict[str, Log],
        parts: int,
        http: aiohttp.ClientSession,
        pids: dict[str, int],
    ) -> None:
        self._mongo = mongo
        self._logs = logs
        self._parts = parts
        self._http = http
        self._pids = pids
        self._placed = itertools.count(1)
        self._seen, self._written = 0, asyncio.Event()
        self.url = ""
        self.milliseconds: list[float] = []

    async def run(self, buyers: int, seconds: float) -> Used:
        """Order until the time is up; done when every event has had its effect."""
        self.milliseconds.clear()
        until = time.perf_counter() + seconds

        async def buyer(number: int) -> None:
            for user in itertools.cycle(f"u{number}-{n}" for n in range(USERS_EACH)):
                began = time.perf_counter()
                if began > until:
                    return
                part = zlib.crc32(user.encode()) % self._parts
                order = {"user": user, "order": f"o-{user}-{next(self._placed)}", "part": part}
                await self._post("/orders", order | {"text": TEXT[:300]})
                self.milliseconds.append((time.perf_counter() - began) * 1_000)

        seen = self._seen
        with used_by(self._pids) as used:
            await asyncio.gather(*(buyer(number) for number in range(buyers)))
            async with asyncio.timeout(60):
                while self._seen - seen < EVENTS * len(self.milliseconds):
                    self._written.clear()
                    await self._written.wait()
        return used

    async def _post(self, path: str, body: Document) -> None:
        async with self._http.post(f"{self.url}{path}", json=body) as answer:
            await answer.read()
            answer.raise_for_status()

    async def app(self, scope: Any, receive: Any, send: Any) -> None:
        """ASGI: `/orders` of checkout, and the holds of vouchers and bonus."""
        asked = msgspec.json.decode((await receive())["body"])
        if scope["path"] == "/orders":
            await self._append("ask", asked)
            await self._post("/vouchers", asked)
            await self._post("/bonus", asked)
            await self._append("place", asked)
        else:
            await self._append(scope["path"][1:], asked)
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": msgspec.json.encode(asked)})

    async def _append(self, kind: str, asked: Document) -> None:
        await self._logs[COMMITS[kind][0]].append(commit_of(kind, asked))

    async def consume(self, consumer: AIOKafkaConsumer) -> None:
        while True:
            batches = await consumer.getmany(timeout_ms=500, max_records=1_000)
            if records := [record for batch in batches.values() for record in batch]:
                await self._write_effects(records)
                self._seen += len(records)
                self._written.set()

    async def _write_effects(self, records: Sequence[Any]) -> None:
        """Write the reactions, documents and positions of all services in one transaction."""
        commits: dict[str, list[Document]] = defaultdict(list)
        documents: dict[tuple[str, str], dict[str, Document]] = defaultdict(dict)
        for record in records:
            event = msgspec.json.decode(record.value) | {"part": record.partition}
            name = record.headers[0][1].decode()
            for kind in REACTIONS.get(name, ()):
                commits[COMMITS[kind][0]].append(commit_of(kind, event))
            for change in CHANGES.get(name, ()):
                key = event[change.key]
                documents[change.database, change.collection][key] = document_of(change, event)
            for service in HEARD_BY[record.topic]:
                lane = {"log": record.topic, "log_id": LOG_ID, "part": record.partition}
                at = {"pos": record.offset, "offset": record.offset, "event": LOG_ID}
                position = {"consumer": f"{service}.everything", **lane, **at}
                documents[service, "positions"][f"{record.topic}/{record.partition}"] = position
        async with self._mongo.start_session() as session, await session.start_transaction():
            for log, appended in commits.items():
                await self._mongo[log].commits.insert_many(appended, ordered=False, session=session)
            for (database, collection), changed in documents.items():
                writes = [
                    ReplaceOne({"_id": key}, new, upsert=True) for key, new in changed.items()
                ]
                await self._mongo[database][collection].bulk_write(
                    writes, ordered=False, session=session
                )
        for log, appended in commits.items():
            self._logs[log].committed(appended)


def commit_of(kind: str, about: Document) -> Document:
    """A commit as it is stored, for the order and user of a request or event."""
    user, order = about["user"], about["order"]
    return {
        "_id": uuid4(),
        "stream": f"{kind}/d1/{order}",
        "version": 1,
        "part": about["part"],
        "key": f"d1/{user}",
        "at": Timestamp(0, 0),
        "recorded": datetime.now(UTC),
        "events": [
            {"name": name, "schema": 1, "data": data_of(user, order, size)}
            for name, size in COMMITS[kind][1].items()
        ],
        "actor": user,
        "role": "user",
        "dealer": "d1",
        "reason": None,
        "correlation": str(uuid4()),
        "causation": None,
        "traceparent": None,
        "body": TEXT[:64],
    }


def data_of(user: str, order: str, size: int) -> str:
    """The JSON of an event, of this size."""
    text = TEXT[: size - len(user) - len(order) - 37]
    return json.dumps({"user": user, "order": order, "text": text})


def document_of(change: Change, event: Document) -> Document:
    """A document of about the size, in fields of some forty bytes."""
    count = (change.size - 35 - 26 * change.indexed) // 43
    fields = {f"field{number}": TEXT[number * 30 : number * 30 + 30] for number in range(count)}
    indexed = {f"indexed{number}": event["order"] for number in range(change.indexed)}
    return {"dealer": "d1"} | fields | indexed


@asynccontextmanager
async def open_floor(parts: int) -> AsyncGenerator[Floor]:
    """Start Kafka and MongoDB for it alone; its logs have so many parts."""
    async with AsyncExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="zugabe-")))
        running = running_stack(Path(sys.executable), home, "--bare")
        bare = await stack.enter_async_context(running)
        mongo: AsyncMongoClient[Document] = AsyncMongoClient(
            bare.addresses["mongod"], w="majority", uuidRepresentation="standard"
        )
        await stack.enter_async_context(mongo)
        kafka = bare.addresses["kafka"]
        await deploy(mongo, kafka, parts)
        producer = AIOKafkaProducer(bootstrap_servers=kafka, enable_idempotence=True)
        consumer = AIOKafkaConsumer(
            *HEARD_BY, bootstrap_servers=kafka, auto_offset_reset="earliest"
        )
        for client in (producer, consumer):
            await client.start()
            stack.push_async_callback(client.stop)
        http = await stack.enter_async_context(aiohttp.ClientSession())
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        logs = {name: Log(mongo[name], producer, tasks) for name in HEARD_BY}
        floor = Floor(mongo, logs, parts, http, dict(bare.pids()))
        server = uvicorn.Server(
            uvicorn.Config(
                floor.app, interface="asgi3", lifespan="off", proxy_headers=False,
                access_log=False, log_level="warning",
            )
        )  # fmt: skip
        listening = socket.create_server((HOST, 0), backlog=256)
        floor.url = f"http://{HOST}:{listening.getsockname()[1]}"
        serving = tasks.create_task(server.serve(sockets=[listening]))
        consuming = tasks.create_task(floor.consume(consumer))
        yield floor
        server.should_exit = True
        await serving
        consuming.cancel()


async def deploy(mongo: AsyncMongoClient[Document], kafka: str, parts: int) -> None:
    """Create topics, and the collections with their indexes."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    await admin.create_topics([NewTopic(name, parts, 1) for name in HEARD_BY])
    await admin.close()
    for name in HEARD_BY:
        await mongo[name].commits.create_index([("stream", 1), ("version", 1)], unique=True)
        await mongo[name].commits.create_index([("part", 1), ("at", 1)])
        await mongo[name].create_collection("positions")
    for change in itertools.chain.from_iterable(CHANGES.values()):
        for number in range(change.indexed):
            collection = mongo[change.database][change.collection]
            await collection.create_index([("dealer", 1), (f"indexed{number}", 1), ("_id", 1)])


async def run(shop: Shop) -> list[Result]:
    """Measure orders of the product and of the floor in turns; the first one warms up."""
    results = []
    log = await shop.mongo.checkout.log.find_one()
    assert log is not None
    async with open_floor(log["parts"]) as floor:
        for buyers in BUYERS:
            load, pairs = await load_of(shop, buyers), []
            for turn in range(ROUNDS + 1):
                with console.status(f"floor, {buyers} buyers: round {turn} of {ROUNDS}"):
                    ours = figures(await load.run(SECONDS), load.milliseconds)
                    raw = figures(await floor.run(buyers, SECONDS), floor.milliseconds)
                pairs.append((ours, raw))
            for index, (name, unit, at_most) in enumerate(FIGURES):
                turns = [(ours[index], raw[index]) for ours, raw in pairs[1:]]
                name = f"{name}, {buyers} buyers, against the floor"
                results.append(ratio_of(name, turns, unit=unit, at_most=at_most))
    return results


def figures(used: Used, milliseconds: Sequence[float]) -> tuple[float, ...]:
    """Return those of `FIGURES`."""
    orders = len(milliseconds)
    cpu = 1_000 * sum(used.cpu.values()) / orders
    return orders / used.seconds, percentiles(milliseconds)[98], cpu
