"""Batches of messages, applied exactly once: an effect and its checkpoints are one transaction.

Conflicts and infrastructure errors are retried without limit. What the code itself cannot handle is
found by halving, and parked in the end.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import nullcontext

from bson.timestamp import Timestamp

from zugabe_events.consumer.change import Change, commit
from zugabe_events.consumer.checkpoints import Advance, FencedError
from zugabe_events.consumer.effect import ConflictError
from zugabe_events.consumer.joint_commit import JointError, Participant
from zugabe_events.consumer.lane_tracker import LaneTracker
from zugabe_events.consumer.runs import Run, batches, cut, halves
from zugabe_events.consumer.transient_errors import TransientRetries, is_transient
from zugabe_events.messaging.message import Lane, Message
from zugabe_events.observability import metrics, tracing
from zugabe_events.observability.context import current_correlation

MAX_BATCH = 500


class BatchRunner:
    """The writing side of one consumer."""

    def __init__(
        self,
        name: str,
        lanes: LaneTracker,
        retries: TransientRetries,
        on_progress: Callable[[], None],
    ) -> None:
        self._name = name
        self._lanes = lanes
        self._retries = retries
        self._on_progress = on_progress
        self._handled = metrics.handled.labels(name)
        self.suspect_in_hand = asyncio.Lock()
        """Shared by the consumers of a process: if it ends, one message is to blame."""

    async def run(
        self, runs: list[Run], seeks: dict[Lane, int], joint: Participant | None = None
    ) -> None:
        """Returns when every effect is committed. Lanes to be read again are added to `seeks`.

        The first batch is tried in a `joint` transaction with other consumers, unless any of its
        messages is a suspect.
        """
        if joint is not None and not self._lanes.effect.retries.idle:
            joint.leave()
            joint = None
        for batch in self._batches(runs):
            failed: int | None = 0
            if joint is not None:
                participant, joint = joint, None
                failed = await self._try_jointly(batch, participant)
            if failed is not None:
                await self._apply(batch, seeks, failed)

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

    async def _try_jointly(self, runs: list[Run], joint: Participant) -> int | None:
        """None: all is committed, or without effect. Else how many attempts have failed, none of
        which is held against a message."""

        async def commit_jointly(change: Change, messages: Sequence[Message]) -> Timestamp | None:
            return await joint.commit(change, len(messages))

        try:
            await self._attempt(runs, commit_jointly, again=False)
        except JointError as error:
            return int(error.tried)
        except Exception as error:
            if isinstance(error, ConflictError):
                metrics.conflicts.labels(self._name).inc()
            return 1
        finally:
            joint.leave()
        return None

    async def _apply(self, runs: list[Run], seeks: dict[Lane, int], attempt: int = 0) -> None:
        """One transaction for runs of several lanes, in halves after a conflict or a failure."""
        while runs := [rest for run in runs if (rest := self._lanes.remaining(run))]:
            try:
                async with self.suspect_in_hand if self._is_suspect(runs) else nullcontext():
                    await self._attempt(runs, commit_alone, again=attempt > 0)
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

    def _is_suspect(self, runs: list[Run]) -> bool:
        suspects = self._lanes.effect.retries
        return (
            not suspects.idle
            and sum(len(run.messages) for run in runs) == 1
            and any(suspects.is_suspect(message) for run in runs for message in run.messages)
        )

    async def _postpone(self, run: Run, error: Exception, seeks: dict[Lane, int]) -> None:
        """The code cannot handle this message: its lane is read again from there, later."""
        [message] = run.messages
        seeks[run.lane] = min(message.offset, run.hint + 1, seeks.get(run.lane, message.offset))
        self._lanes.states[run.lane].gap = None
        retries = self._lanes.effect.retries
        await self._retries.until_available(lambda: retries.record_failure(message, error))

    async def _attempt(
        self,
        runs: list[Run],
        commit_change: Callable[[Change, Sequence[Message]], Awaitable[Timestamp | None]],
        *,
        again: bool,
    ) -> None:
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
                change = Change(self._lanes.checkpoints, advances, effect, prepared)
                self._lanes.effect_time = await commit_change(change, messages)
                effect.done(prepared)
            elif again:
                # An earlier attempt may have been committed unnoticed: learn until when.
                await self._lanes.load([runs[0].lane])
        self._handled.inc(len(messages))
        for run in runs:
            self._lanes.applied(run, stored=prepared is not None)
        self._on_progress()


async def commit_alone(change: Change, messages: Sequence[Message]) -> Timestamp | None:
    return await commit([change])
