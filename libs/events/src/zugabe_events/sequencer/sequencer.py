"""Every committed event gets its position and goes to Kafka, in terms that end at any doubt."""

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
from zugabe_events.mongo.client import Database, Document, LogIdentity
from zugabe_events.observability import metrics
from zugabe_events.sequencer.change_stream import BATCH, Batch, ChangeStream, TokenLostError
from zugabe_events.sequencer.lease import Progress, SequencerLease
from zugabe_events.sequencer.publisher import ContradictionError, Publisher, ends_of
from zugabe_events.sequencer.recovery import recover
from zugabe_events.sequencer.sequence import insert, last_of, plan, positioned, range_of

log = logging.getLogger(__name__)

BACKOFF = Backoff(0.1, 5.0)
REPORT_INTERVAL_SECONDS = 0.02
QUIET_REPORT_INTERVAL_SECONDS = 2.0
STANDBY_INTERVAL_SECONDS = 1.0
STEADY_TERM_MIN_SECONDS = 60.0
"""A term that lasted longer ends a series of failures."""


@dataclass(slots=True)
class Tail:
    """Where the parts end: last position, and log time, which must not go back.

    `known` stands behind the checkpoint already: the stream will show it once more.
    """

    last: dict[int, int]
    times: dict[int, datetime] = field(default_factory=dict)
    known: set[Any] = field(default_factory=set)


class Sequencer:
    """One log's sequencer; several may run, one has the lease."""

    def __init__(
        self,
        db: Database,
        identity: LogIdentity,
        bootstrap: str,
        owner: str,
        now: Callable[[], datetime],
        agreed: Callable[[], None] = lambda: None,
    ) -> None:
        """`agreed` is told whenever log and topic do not contradict each other."""
        self.db = db
        self.identity = identity
        self._bootstrap = bootstrap
        self._now = now
        self._agreed = agreed
        self._lease = SequencerLease(db, owner)
        self._dirty = asyncio.Event()
        self._busy = False

    async def run(self) -> None:
        """Until cancelled. Raises ContradictionError."""
        failures = 0
        while True:
            began = time.monotonic()
            try:
                progress = await self._lease.acquire()
                if progress is None:
                    await asyncio.sleep(STANDBY_INTERVAL_SECONDS)
                    continue
                failures = 0 if await self._term(progress) else failures + 1
            except asyncio.CancelledError:
                with contextlib.suppress(Exception):
                    await self._lease.release()
                raise
            except ContradictionError:
                with contextlib.suppress(Exception):
                    await self._lease.release()
                raise
            except Exception as error:
                failures = 1 if time.monotonic() - began > STEADY_TERM_MIN_SECONDS else failures + 1
                for one in error.exceptions if isinstance(error, ExceptionGroup) else (error,):
                    log.warning(
                        "%s: term ended: %s: %s", self.identity.name, type(one).__name__, one
                    )
            await asyncio.sleep(BACKOFF.wait(failures + 1))

    async def _term(self, progress: Progress) -> bool:
        """Sequence and send until something is in doubt. True: the token is lost, recover next."""
        metrics.terms.labels(self.identity.name).inc()
        log.info("%s: term %d begins", self.identity.name, self._lease.epoch)
        told_to_end = _cancellations()
        keeping = asyncio.create_task(self._lease.keep_renewing())
        try:
            progress, tail = await self._prepare(progress)
            self._agreed()
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)
        relay = Publisher(self.identity, self._bootstrap, progress.acked, self._dirty.set)
        token_lost = False
        try:
            await relay.start()
            if _cancellations() > told_to_end:
                # aiokafka swallows a cancellation that comes while it stops a consumer.
                raise asyncio.CancelledError
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._keep_reporting(progress))
                tasks.create_task(_watch(relay))
                tasks.create_task(self._sequence(progress, relay, tail))
        except* TokenLostError:
            log.warning("%s: the resume token is lost, recovering", self.identity.name)
            progress.token = progress.start_at = None
            await self._lease.report(progress)
            token_lost = True
        finally:
            await relay.stop()
        return token_lost

    async def _prepare(self, progress: Progress) -> tuple[Progress, Tail]:
        """Where to go on, in the log and in Kafka."""
        if progress.token is None and progress.start_at is None:
            progress = await recover(self.db, self.identity, progress, self._now())
            await self._lease.report(progress)
        tail = await self._tail(progress)
        ends = await ends_of(self.db, self.identity, self._bootstrap)
        for part, acked in progress.acked.items():
            # What Kafka acknowledged and lost all the same is sent again.
            progress.acked[part] = min(acked, ends.get(part, 0))
        return progress, tail

    async def _tail(self, progress: Progress) -> Tail:
        tail = Tail(dict(progress.last))
        for part in range(self.identity.parts):
            above = progress.last.get(part, 0)
            if above and (document := await last_of(self.db, part)):
                tail.times[part] = document["time"]
            async for document in self.db.sequence.find(range_of(part, above), sort=[("_id", 1)]):
                tail.known.update(one["id"] for one in document["commits"])
                tail.last[part] = document["last"]
                tail.times[part] = document["time"]
        return tail

    async def _sequence(self, progress: Progress, relay: Publisher, tail: Tail) -> None:
        for part, last in list(tail.last.items()):
            if last > progress.acked.get(part, 0):
                async for some in positioned(self.db, part, progress.acked.get(part, 0)):
                    for sequenced in some:
                        await relay.send(sequenced)
        start: Document = (
            {"resumeAfter": progress.token}
            if progress.token
            else {"startAtOperationTime": progress.start_at}
        )
        async with self.db.client.start_session(causal_consistency=False) as session:
            changes = ChangeStream(self.db, session, start)
            gathering = AdaptiveBatching(0.0003, at_most=0.002)

            async def after(commits: int) -> Batch:
                """One commit alone makes nobody wait."""
                await gathering.wait(commits - 1 if commits < BATCH else 0)
                return await changes.next()

            coming = asyncio.create_task(changes.next())
            try:
                while True:
                    batch = await coming
                    coming = asyncio.create_task(after(len(batch.commits)))
                    await self._take(batch, progress, relay, tail)
            finally:
                coming.cancel()
                await asyncio.gather(coming, return_exceptions=True)

    async def _take(self, batch: Batch, progress: Progress, relay: Publisher, tail: Tail) -> None:
        fresh = [commit for commit in batch.commits if commit["_id"] not in tail.known]
        tail.known.difference_update(commit["_id"] for commit in batch.commits)
        documents, sequenced = plan(fresh, tail.last, tail.times, self._now())
        if documents:
            await insert(self.db, documents)
            metrics.sequenced.labels(self.identity.name).inc(
                sum(len(one.commit["events"]) for one in sequenced)
            )
        if not tail.known:
            # Not before: the next term must find what the stream has yet to show above `last`.
            progress.last = dict(tail.last)
            progress.token = batch.token
            progress.through = max(progress.through, batch.through)
        busy, self._busy = self._busy, bool(batch.commits)
        if busy or self._busy:  # how long the log is quiet already is told by the clock
            self._dirty.set()
        for one in sequenced:
            await relay.send(one)

    async def _keep_reporting(self, progress: Progress) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._dirty.wait(), QUIET_REPORT_INTERVAL_SECONDS)
            self._dirty.clear()
            await self._lease.report(progress)
            await asyncio.sleep(REPORT_INTERVAL_SECONDS)


def _cancellations() -> int:
    """So often was the running task told to end; what ended tasks of its groups may count, too."""
    task = asyncio.current_task()
    return task.cancelling() if task else 0


async def _watch(relay: Publisher) -> None:
    await asyncio.shield(relay.failed)
