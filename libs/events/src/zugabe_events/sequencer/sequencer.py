"""The sequencer of a log: positions committed events and sends them to Kafka, in terms."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from zugabe_events.domain.backoff import Backoff
from zugabe_events.messaging.adaptive_batching import AdaptiveBatching
from zugabe_events.mongo.alongside import alongside
from zugabe_events.mongo.client import Database, Document, LogIdentity
from zugabe_events.observability import metrics
from zugabe_events.sequencer.change_stream import (
    AWAITED_SECONDS,
    MAX_BATCH,
    Batch,
    ChangeStream,
    TokenLostError,
)
from zugabe_events.sequencer.lease import Progress, SequencerLease
from zugabe_events.sequencer.publisher import ContradictionError, Publisher, ends_of
from zugabe_events.sequencer.recovery import recover
from zugabe_events.sequencer.sequence import insert, last_of, plan, positioned, range_of

log = logging.getLogger(__name__)

BACKOFF = Backoff(0.1, 5.0)
REPORT_INTERVAL_SECONDS = 0.2
"""Between reports of a busy log that no query waits for."""
AWAITED_REPORT_INTERVAL_SECONDS = 0.02
QUIET_REPORT_INTERVAL_SECONDS = 2.5
"""Renews the lease of a quiet log."""
STANDBY_INTERVAL_SECONDS = 1.0
STEADY_TERM_MIN_SECONDS = 60.0
"""A term that lasted longer ends a series of failures."""


@dataclass(slots=True)
class Tail:
    """The ends of the parts: last positions, and log times, which must not go back.

    `sequenced` are commits behind the checkpoint that have positions already: the stream will show
    them once more.
    """

    last: dict[int, int]
    times: dict[int, datetime] = field(default_factory=dict)
    sequenced: set[Any] = field(default_factory=set)


class Sequencer:
    """Several may run for one log; one of them has the lease."""

    def __init__(
        self,
        db: Database,
        identity: LogIdentity,
        bootstrap: str,
        owner: str,
        now: Callable[[], datetime],
        on_agreement: Callable[[], None] = lambda: None,
    ) -> None:
        """`on_agreement` is called whenever log and topic turn out not to contradict each other."""
        self.db = db
        self.identity = identity
        self._bootstrap = bootstrap
        self._now = now
        self._on_agreement = on_agreement
        self._lease = SequencerLease(db, owner)
        self._dirty = asyncio.Event()
        self._sequenced = asyncio.Event()
        self._awaited = asyncio.Event()
        self._awaited_until = 0.0
        self._busy = False

    async def run(self) -> None:
        """Run terms until cancelled. Raises ContradictionError."""
        failures, wait = 0, 0.0
        began = time.monotonic()
        cancellations = _cancellations()
        while True:
            try:
                _raise_if_cancelled(cancellations)
                await asyncio.sleep(wait)
                began = time.monotonic()
                progress = await self._lease.acquire()
                if progress is None:
                    wait = STANDBY_INTERVAL_SECONDS
                    continue
                failures = 0 if await self._term(progress, cancellations) else failures + 1
            except (asyncio.CancelledError, ContradictionError):
                with contextlib.suppress(Exception):
                    await self._lease.release()
                raise
            except Exception as error:
                failures = 1 if time.monotonic() - began > STEADY_TERM_MIN_SECONDS else failures + 1
                reasons = error.exceptions if isinstance(error, ExceptionGroup) else (error,)
                for reason in reasons:
                    log.warning(
                        "%s: term ended: %s: %s", self.identity.name, type(reason).__name__, reason
                    )
            wait = BACKOFF.wait(failures + 1)

    async def _term(self, progress: Progress, cancellations: int) -> bool:
        """Sequence and send until in doubt. True: recover next, since the resume token is lost."""
        metrics.terms.labels(self.identity.name).inc()
        log.info("%s: term %d begins", self.identity.name, self._lease.epoch)
        async with alongside(self._lease.keep_renewing()):
            progress, tail = await self._prepare(progress)
            self._on_agreement()
        publisher = Publisher(self.identity, self._bootstrap, progress.acked, self._dirty.set)
        token_lost = False
        try:
            await publisher.start()
            _raise_if_cancelled(cancellations)
            # In a task of its own: a failing group cancels its parent, and may leave it so marked.
            await asyncio.create_task(self._work(progress, publisher, tail))
        except* TokenLostError:
            log.warning("%s: the resume token is lost; recovering", self.identity.name)
            progress.token = progress.start_at = None
            await self._lease.report(progress)
            token_lost = True
        finally:
            await publisher.stop()
            with contextlib.suppress(Exception):  # the next term only repeats more
                await self._lease.report(progress)
        return token_lost

    async def _work(self, progress: Progress, publisher: Publisher, tail: Tail) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._keep_reporting(progress))
            tasks.create_task(_fail_with(publisher))
            tasks.create_task(self._sequence(progress, publisher, tail))

    async def _prepare(self, progress: Progress) -> tuple[Progress, Tail]:
        """Find where to go on, in the log and in Kafka."""
        if progress.token is None and progress.start_at is None:
            progress = await recover(self.db, self.identity, progress, self._now())
            await self._lease.report(progress)
        tail = await self._tail(progress)
        ends = await ends_of(self.db, self.identity, self._bootstrap)
        for part, acked in progress.acked.items():
            # Whatever Kafka acknowledged and lost nevertheless is sent again.
            progress.acked[part] = min(acked, ends.get(part, 0))
        return progress, tail

    async def _tail(self, progress: Progress) -> Tail:
        tail = Tail(dict(progress.last))
        for part in range(self.identity.parts):
            above = progress.last.get(part, 0)
            if above and (document := await last_of(self.db, part)):
                tail.times[part] = document["time"]
            async for document in self.db.sequence.find(range_of(part, above), sort=[("_id", 1)]):
                tail.sequenced.update(commit["id"] for commit in document["commits"])
                tail.last[part] = document["last"]
                tail.times[part] = document["time"]
        return tail

    async def _sequence(self, progress: Progress, publisher: Publisher, tail: Tail) -> None:
        for part, last in list(tail.last.items()):
            if last > progress.acked.get(part, 0):
                async for positions in positioned(self.db, part, progress.acked.get(part, 0)):
                    for sequenced in positions:
                        await publisher.send(sequenced)
        start: Document = (
            {"resumeAfter": progress.token}
            if progress.token
            else {"startAtOperationTime": progress.start_at}
        )
        async with self.db.client.start_session(causal_consistency=False) as session:
            changes = ChangeStream(self.db, session, start)
            batching = AdaptiveBatching(0.0003, maximum=0.002)

            async def next_after(commits: int) -> Batch:
                """A single commit is not delayed."""
                await batching.wait(commits - 1 if commits < MAX_BATCH else 0)
                return await changes.next()

            following = asyncio.create_task(changes.next())
            try:
                while True:
                    batch = await following
                    following = asyncio.create_task(next_after(len(batch.commits)))
                    await self._take(batch, progress, publisher, tail)
            finally:
                following.cancel()
                await asyncio.gather(following, return_exceptions=True)

    async def _take(
        self, batch: Batch, progress: Progress, publisher: Publisher, tail: Tail
    ) -> None:
        fresh = [commit for commit in batch.commits if commit["_id"] not in tail.sequenced]
        tail.sequenced.difference_update(commit["_id"] for commit in batch.commits)
        documents, sequenced = plan(fresh, tail.last, tail.times, self._now())
        if documents:
            await insert(self.db, documents)
            metrics.sequenced.labels(self.identity.name).inc(
                sum(len(item.commit["events"]) for item in sequenced)
            )
        if not tail.sequenced:
            # Not earlier: the next term must find above `last` what the stream has yet to show.
            progress.last = dict(tail.last)
            progress.token = batch.token
            progress.through = max(progress.through, batch.through)
        busy, self._busy = self._busy, bool(batch.commits)
        if busy or self._busy or batch.awaited:  # a quiet log is reported by the clock
            self._dirty.set()
            self._sequenced.set()
        if batch.awaited:
            self._awaited_until = time.monotonic() + AWAITED_SECONDS
            self._awaited.set()
        for item in sequenced:
            await publisher.send(item)

    async def _keep_reporting(self, progress: Progress) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._dirty.wait(), QUIET_REPORT_INTERVAL_SECONDS)
                # For what Kafka has acknowledged, no query waits.
                await asyncio.wait_for(self._sequenced.wait(), REPORT_INTERVAL_SECONDS)
            self._dirty.clear()
            self._sequenced.clear()
            self._awaited.clear()
            await self._lease.report(progress)
            if time.monotonic() < self._awaited_until:
                await asyncio.sleep(AWAITED_REPORT_INTERVAL_SECONDS)
            else:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._awaited.wait(), REPORT_INTERVAL_SECONDS)


def _cancellations() -> int:
    """The number of cancellations of the current task."""
    task = asyncio.current_task()
    return task.cancelling() if task else 0


def _raise_if_cancelled(before: int) -> None:
    """aiokafka swallows a cancellation that comes while it stops a client."""
    if _cancellations() > before:
        raise asyncio.CancelledError


async def _fail_with(publisher: Publisher) -> None:
    await asyncio.shield(publisher.failed)
