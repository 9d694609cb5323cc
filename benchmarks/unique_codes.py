"""Generation of a million unique codes, against bare bulk inserts of the same documents."""

import time
from collections.abc import Sequence
from secrets import token_bytes
from uuid import uuid4

from benchmarks.measuring import Result, in_turns
from benchmarks.samples import NOON, fresh_log
from vouchers.unique_code.batch_queue import MongoBatchQueue, QueuedBatch, deploy_batch_queue
from vouchers.unique_code.codes import COLLECTION, MongoUniqueCodes, deploy_unique_codes
from vouchers.unique_code.generation import CHUNK
from vouchers.unique_code.spelling import letters_for
from vouchers.unique_code.worker import CodeWorker
from zugabe.testing import Parts
from zugabe_events.contracts.vouchers import VouchersEvent
from zugabe_events.domain.event import EventTypes
from zugabe_events.eventstore.mongo_store import MongoEventStore
from zugabe_events.mongo.client import Document

CODES = 1_000_000
TYPES = EventTypes.of(VouchersEvent)


async def run(parts: Parts) -> list[Result]:
    async def ours() -> float:
        async with fresh_log(parts.mongo) as (db, identity):
            await deploy_unique_codes(db)
            await deploy_batch_queue(db)
            queue = MongoBatchQueue(db)
            store = MongoEventStore(db, identity, TYPES)
            worker = CodeWorker(store, queue, MongoUniqueCodes(db), lambda: NOON)
            batch = QueuedBatch(
                "d1", "spring", "b1", "FEST", 1, CODES, letters_for(CODES), NOON, token_bytes(32)
            )
            await queue.put(batch)
            began = time.perf_counter()
            await worker.run_due()
            seconds = time.perf_counter() - began
            if await queue.done_of("d1", "spring") != {"b1": CODES}:
                raise RuntimeError("some codes are missing")
            return CODES / seconds

    async def raw() -> float:
        async with fresh_log(parts.mongo) as (db, _):
            await deploy_unique_codes(db)
            seconds = 0.0
            for first in range(1, CODES, CHUNK):
                documents = bare(first)
                began = time.perf_counter()
                await db[COLLECTION].insert_many(documents, ordered=False)
                seconds += time.perf_counter() - began
            return CODES / seconds

    return [await in_turns("1,000,000 unique codes", ours, raw, bar=0.5, rounds=1)]


def bare(first: int) -> Sequence[Document]:
    """Documents of the size of ours, with ids by chance."""
    drawn = [uuid4().hex[:16] for _ in range(CHUNK)]
    return [
        {
            "_id": f"d1/fest{letters}",
            "of": "d1/spring",
            "number": first + index,
            "code": f"FEST-{letters[:4]}-{letters[4:8]}-{letters[8:12]}-{letters[12:]}",
            "begins": 4,
        }
        for index, letters in enumerate(drawn)
    ]
