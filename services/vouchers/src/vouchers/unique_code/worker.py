"""Generates batches of unique codes in the background, one at a time in each process."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from msgspec.structs import replace

from vouchers.unique_code.batch_queue import CLAIM_TTL, BatchQueue, QueuedBatch
from vouchers.unique_code.codes import StoredCode, UniqueCodes
from vouchers.unique_code.decider import FinishBatch, batch_history
from vouchers.unique_code.generation import CHUNK, drawn
from vouchers.unique_code.spelling import written
from zugabe_events.contracts.vouchers import UniqueCodesGenerated
from zugabe_events.domain.backoff import Backoff
from zugabe_events.domain.event import Context
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.rounds import Rounds
from zugabe_events.eventstore.command_handler import handle

log = logging.getLogger(__name__)

CHUNKS_PER_TURN = 25
"""Chunks that are stored between two reports of progress."""
BACKOFF = Backoff(1.0, 60.0)
NAMESPACE = UUID("6f0c2a0e-9d1b-4a5c-8a57-0d2f3f7b6c11")


class LostError(Exception):
    """Another process goes on with the batch."""


class CodeWorker:
    def __init__(
        self,
        store: EventStore,
        queue: BatchQueue,
        codes: UniqueCodes,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._queue = queue
        self._codes = codes
        self._now = now
        self.rounds = Rounds("unique codes", self.run_due)

    async def run_due(self) -> None:
        """Generate all batches that are due and not in the hands of another process."""
        while batch := await self._queue.claim(self._now()):
            try:
                await self._generate(batch)
            except LostError:
                log.info("batch %s goes on elsewhere", batch.key)
            except Exception as error:
                log.warning("batch %s: %s: %s", batch.key, type(error).__name__, error)
                failures = batch.failures + 1
                due = self._now() + timedelta(seconds=BACKOFF.wait(failures))
                done = (await self._queue.done_of(batch.owner, batch.campaign_id))[batch.batch_id]
                await self._queue.save(replace(batch, done=done, due=due, failures=failures))

    async def _generate(self, batch: QueuedBatch) -> None:
        while batch.done < batch.count:
            for _ in range(CHUNKS_PER_TURN):
                await store_chunk(self._codes, batch, batch.done)
                batch = replace(batch, done=min(batch.done + CHUNK, batch.count))
                if batch.done == batch.count:
                    break
            batch = replace(batch, due=self._now() + CLAIM_TTL)
            if not await self._queue.save(batch):
                raise LostError
        await self._finish(batch)

    async def _finish(self, batch: QueuedBatch) -> None:
        now = self._now()
        context = Context("unique-codes", "service", batch.owner, now, batch.key)
        event = UniqueCodesGenerated(batch.owner, batch.campaign_id, batch.batch_id, now)
        history = batch_history(batch.owner, batch.campaign_id)
        attempt = uuid5(NAMESPACE, batch.key)
        await handle(self._store, history, FinishBatch(event), context, attempt=attempt)
        if not await self._queue.save(replace(batch, secret=b""), finished=True):
            raise LostError


async def store_chunk(codes: UniqueCodes, batch: QueuedBatch, done: int) -> None:
    """Store the codes behind the `done` ones of a batch: the same, however often it is done.

    A code that the owner has already is drawn anew.
    """
    count = min(CHUNK, batch.count - done)
    wanted = [batch.first + done + index for index in range(count)]
    tries = 0
    while wanted:
        letters = drawn(batch.secret, f"{done}/{tries}", len(wanted), batch.letters)
        taken = await codes.add(
            [
                StoredCode(
                    batch.owner,
                    batch.campaign_id,
                    batch.campaign_code,
                    number,
                    written(batch.campaign_code, each),
                )
                for number, each in zip(wanted, letters, strict=True)
            ]
        )
        wanted = [code.number for code in taken]
        tries += 1
