"""Messages that may have caused a failure: handled alone, retried later, with durable counts.

An attempt is counted before it is made, so that one which kills the process counts as well. A lane
whose message waits for its next attempt rests; the others go on.
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pymongo import UpdateOne

from zugabe_events.consumer.checkpoints import lane_fields, position_id
from zugabe_events.consumer.dead_letters import Reason, failure
from zugabe_events.domain.backoff import Backoff
from zugabe_events.messaging.message import Lane, Message
from zugabe_events.mongo.client import Database, Document

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
MAX_CRASHES = 3
BACKOFF = Backoff(1.0, 60.0)
CAREFUL_MESSAGES = 1_000
"""After a crash, this many messages of each lane are recorded before they are handled."""


@dataclass(slots=True)
class RetryState:
    """One message. `open`: its last attempt was begun, and has not ended, or killed its process.
    `counted`: that attempt is the current one, however often the database makes it repeat."""

    pos: int
    attempts: int = 0
    open: bool = False
    until: float = 0.0
    error: str | None = None
    trace: str | None = None
    counted: bool = False

    @property
    def is_exhausted(self) -> bool:
        return self.attempts >= (MAX_CRASHES if self.open else MAX_ATTEMPTS)

    @property
    def reason(self) -> Reason:
        if self.open:
            error = self.error or "the process ended while this event was in hand"
            return Reason("crash", self.attempts, error, self.trace)
        return Reason("failure", self.attempts, self.error, self.trace)


class RetryTracker:
    """The suspects of one consumer: in each lane one message, or all up to a position."""

    def __init__(
        self, db: Database, consumer: str, now: Callable[[], datetime], *, careful: bool
    ) -> None:
        """`careful`: a process of this consumer has crashed, and any message may be the cause."""
        self._suspects = db.suspects
        self._consumer = consumer
        self._now = now
        self._careful = careful
        self._by_lane: dict[Lane, RetryState] = {}
        self._suspect_through: dict[Lane, int] = {}
        self._careful_through: dict[Lane, int] = {}

    @property
    def idle(self) -> bool:
        return not (self._by_lane or self._suspect_through or self._careful_through)

    async def load(self, positions: Mapping[Lane, int]) -> None:
        """Read the suspects that earlier owners of lanes left behind positions."""
        ids = [position_id(self._consumer, lane) for lane in positions]
        found = self._suspects.find({"_id": {"$in": ids}})
        stored = {document["_id"]: document async for document in found}
        for id_, (lane, pos) in zip(ids, positions.items(), strict=True):
            self._by_lane.pop(lane, None)
            self._suspect_through.pop(lane, None)
            if self._careful:
                self._careful_through[lane] = pos + CAREFUL_MESSAGES
            document = stored.get(id_)
            if document and document["last"] > pos:
                if document["first"] == document["last"]:
                    self._by_lane[lane] = self._read(document)
                else:
                    self._suspect_through[lane] = document["last"]

    def _read(self, document: Document) -> RetryState:
        delay = (document["next"] - self._now()).total_seconds()
        return RetryState(
            document["last"],
            document["attempts"],
            document["open"],
            time.monotonic() + min(delay, BACKOFF.maximum),
            document["error"],
            document["trace"],
        )

    def delay(self, lane: Lane) -> float:
        """Seconds until a lane's suspect is tried again; 0 for a lane that does not wait."""
        suspect = self._by_lane.get(lane)
        return max(suspect.until - time.monotonic(), 0.0) if suspect else 0.0

    def is_suspect(self, message: Message) -> bool:
        """Suspects are handled alone."""
        suspect = self._by_lane.get(message.lane)
        if suspect is not None and message.pos == suspect.pos:
            return True
        return message.pos <= self._suspect_through.get(message.lane, 0)

    async def record_attempt(self, messages: Sequence[Message]) -> Reason | None:
        """Count a suspect's attempt, or record what is in hand. Returns the reason to park the
        message when it has used up its attempts."""
        if self.idle:
            return None
        if len(messages) == 1 and self.is_suspect(messages[0]):
            return await self._count(messages[0])
        self._clear(messages)
        await self._record_in_hand(messages)
        return None

    def _clear(self, messages: Sequence[Message]) -> None:
        """A message behind the last suspect clears its lane."""
        for message in messages:
            suspect = self._by_lane.get(message.lane)
            if suspect is not None and message.pos > suspect.pos:
                del self._by_lane[message.lane]
            if message.pos > self._suspect_through.get(message.lane, message.pos):
                del self._suspect_through[message.lane]

    async def _count(self, message: Message) -> Reason | None:
        suspect = self._by_lane.get(message.lane)
        if suspect is None or suspect.pos != message.pos:
            suspect = RetryState(message.pos)
        if suspect.counted:
            return None
        if suspect.is_exhausted:
            return suspect.reason
        counting = replace(suspect, attempts=suspect.attempts + 1, open=True, counted=True)
        await self._write({message.lane: (message.pos, counting)})
        self._by_lane[message.lane] = counting
        return None

    async def _record_in_hand(self, messages: Sequence[Message]) -> None:
        in_hand: dict[Lane, tuple[int, RetryState]] = {}
        for message in messages:
            through = self._careful_through.get(message.lane)
            if through is not None and message.pos <= through:
                first, _ = in_hand.get(message.lane, (message.pos, None))
                in_hand[message.lane] = (first, RetryState(message.pos))
            else:
                self._careful_through.pop(message.lane, None)
        if in_hand:
            await self._write(in_hand)

    async def record_failure(self, message: Message, error: Exception) -> None:
        """A message failed although it was handled alone: its lane rests."""
        suspect = self._by_lane.get(message.lane)
        attempts = suspect.attempts if suspect and suspect.pos == message.pos else 0
        reason = failure(error, max(attempts, 1))
        seconds = wait_after(reason.attempts)
        failed = RetryState(message.pos, reason.attempts, error=reason.error, trace=reason.trace)
        failed.until = time.monotonic() + seconds
        self._by_lane[message.lane] = failed
        log.warning(
            "%s: %s: position %d (%s) failed, attempt %d; next attempt in %.1f s",
            self._consumer, message.lane, message.pos, message.name, reason.attempts, seconds,
            exc_info=error,
        )  # fmt: skip
        await self._write({message.lane: (message.pos, failed)})

    async def _write(self, suspects: dict[Lane, tuple[int, RetryState]]) -> None:
        """Store by lane the first suspect position, and the state of the last."""
        await self._suspects.bulk_write(
            [
                UpdateOne(
                    {"_id": position_id(self._consumer, lane)},
                    {
                        "$set": {
                            **lane_fields(self._consumer, lane),
                            "first": first,
                            "last": last.pos,
                            "attempts": last.attempts,
                            "open": last.open,
                            "error": last.error,
                            "trace": last.trace,
                            "next": self._now() + timedelta(seconds=wait_after(last.attempts)),
                        }
                    },
                    upsert=True,
                )
                for lane, (first, last) in suspects.items()
            ],
            ordered=False,
        )


def wait_after(attempts: int) -> float:
    return BACKOFF.wait(attempts) if attempts else 0.0
