"""Batches of messages, applied exactly once: an effect and its checkpoints are one transaction.

Conflicts and infrastructure errors are retried without limit. What the code itself cannot handle is
found by halving, and parked in the end.
"""

from collections.abc import Callable

from pymongo.errors import PyMongoError

from zugabe_events.consumer.checkpoints import Advance, FencedError
from zugabe_events.consumer.effect import ConflictError
from zugabe_events.consumer.lane_tracker import LaneTracker
from zugabe_events.consumer.runs import Run, batches, cut, halves
from zugabe_events.consumer.transient_errors import TransientRetries, is_transient
from zugabe_events.messaging.message import Lane
from zugabe_events.mongo.client import Database
from zugabe_events.mongo.transaction import transaction
from zugabe_events.observability import metrics, tracing
from zugabe_events.observability.context import current_correlation

MAX_BATCH = 500


class BatchRunner:
    """The writing side of one consumer."""

    def __init__(
        self,
        db: Database,
        name: str,
        lanes: LaneTracker,
        retries: TransientRetries,
        on_progress: Callable[[], None],
    ) -> None:
        self._db = db
        self._name = name
        self._lanes = lanes
        self._retries = retries
        self._on_progress = on_progress
        self._handled = metrics.handled.labels(name)

    async def run(self, runs: list[Run], seeks: dict[Lane, int]) -> None:
        """Returns when every effect is committed. Lanes to be read again are added to `seeks`."""
        for batch in self._batches(runs):
            await self._apply(batch, seeks)

    def _batches(self, runs: list[Run]) -> list[list[Run]]:
        """Suspect messages one by one, then the others in batches."""
        suspects = self._lanes.effect.retries
        if suspects.idle:
            return batches(runs, MAX_BATCH)
        alone: list[list[Run]] = []
        others: list[Run] = []
        for run in runs:
            rest = run
            while rest.messages and suspects.is_suspect(rest.messages[0]):
                first, rest = cut(rest, 1)
                alone.append([first])
            others.append(rest)
        return alone + batches(others, MAX_BATCH)

    async def _apply(self, runs: list[Run], seeks: dict[Lane, int], attempt: int = 0) -> None:
        """One transaction for runs of several lanes, in halves after a conflict or a failure."""
        while runs := [rest for run in runs if (rest := self._lanes.remaining(run))]:
            try:
                await self._attempt(runs, again=attempt > 0)
            except FencedError:
                attempt += 1
                await self._lanes.reload(runs, seeks)
            except Exception as error:
                attempt += 1
                if in_conflict := isinstance(error, ConflictError):
                    metrics.conflicts.labels(self._name).inc()
                if not in_conflict and is_transient(error):
                    await self._retries.pause(error, attempt)
                elif sum(len(run.messages) for run in runs) > 1:
                    first, runs = halves(runs)
                    await self._apply(first, seeks, attempt)
                elif in_conflict:
                    await self._retries.pause(error, attempt)
                else:
                    return await self._postpone(runs[0], error, seeks)
            else:
                return

    async def _postpone(self, run: Run, error: Exception, seeks: dict[Lane, int]) -> None:
        """The code cannot handle this message: its lane is read again from there, later."""
        [message] = run.messages
        seeks[run.lane] = min(message.offset, run.hint + 1, seeks.get(run.lane, message.offset))
        self._lanes.states[run.lane].gap = None
        retries = self._lanes.effect.retries
        await self._retries.until_available(lambda: retries.record_failure(message, error))

    async def _attempt(self, runs: list[Run], *, again: bool) -> None:
        effect = self._lanes.effect
        messages = [message for run in runs for message in run.messages]
        await effect.begin(messages)
        current_correlation.set(messages[0].correlation if len(messages) == 1 else None)
        with tracing.effect_spans(self._name, messages):
            prepared = await effect.prepare(messages, again=again)
            if prepared is not None:
                advances = [
                    Advance(
                        run.lane, self._lanes.states[run.lane].stored, run.messages[-1], run.hint
                    )
                    for run in runs
                ]
                async with transaction(self._db) as session:
                    await self._lanes.checkpoints.advance(advances, session)
                    try:
                        await effect.write(prepared, session)
                    except PyMongoError as error:
                        if error.has_error_label("TransientTransactionError"):
                            raise ConflictError(self._name) from error
                        raise
                self._lanes.effect_time = session.operation_time
                effect.done(prepared)
            elif again:
                # An earlier attempt may have been committed unnoticed: learn until when.
                await self._lanes.load(runs[0].lane)
        self._handled.inc(len(messages))
        for run in runs:
            self._lanes.applied(run, stored=prepared is not None)
        self._on_progress()
