"""Messages that may be the reason for a failure: handled alone, tried again later, counted durably.

An attempt is counted before it is made, so that one which ends the process counts as well. A lane
whose message waits for its next attempt rests; the others go on.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pymongo import UpdateOne

from zugabe_events.consumer.checkpoints import position_id
from zugabe_events.consumer.dead_letters import Why, failure, lane_fields
from zugabe_events.domain.backoff import Backoff
from zugabe_events.messaging.message import Lane, Message
from zugabe_events.mongo.client import Database, Document

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
MAX_CRASHES = 3
BACKOFF = Backoff(1.0, 60.0)
CAREFUL = 1_000
"""So many messages of each lane are noted before they are handled, after a process has crashed."""


@dataclass(slots=True)
class RetryState:
    """One message. `open`: its last attempt was begun, and has not ended or ended its process.
    `counted`: that attempt is the present one, however often the database makes us repeat it."""

    pos: int
    attempts: int = 0
    open: bool = False
    until: float = 0.0
    error: str | None = None
    trace: str | None = None
    counted: bool = False

    @property
    def spent(self) -> bool:
        return self.attempts >= (MAX_CRASHES if self.open else MAX_ATTEMPTS)

    @property
    def why(self) -> Why:
        if self.open:
            error = self.error or "the process ended while this event was in hand"
            return Why("crash", self.attempts, error, self.trace)
        return Why("failure", self.attempts, self.error, self.trace)


class RetryTracker:
    """What one consumer suspects: in each lane one message, or all up to a position."""

    def __init__(
        self, db: Database, consumer: str, now: Callable[[], datetime], *, careful: bool
    ) -> None:
        """`careful`: a process of this consumer has crashed, nobody knows with what in hand."""
        self._suspects = db.suspects
        self._consumer = consumer
        self._now = now
        self._careful = careful
        self._by_lane: dict[Lane, RetryState] = {}
        self._through: dict[Lane, int] = {}
        self._noted_through: dict[Lane, int] = {}

    @property
    def idle(self) -> bool:
        return not (self._by_lane or self._through or self._noted_through)

    async def stand(self, lane: Lane, pos: int) -> None:
        """Learn what former owners of the lane suspected behind a position."""
        document = await self._suspects.find_one({"_id": position_id(self._consumer, lane)})
        self._by_lane.pop(lane, None)
        self._through.pop(lane, None)
        if self._careful:
            self._noted_through[lane] = pos + CAREFUL
        if document and document["last"] > pos:
            if document["first"] == document["last"]:
                self._by_lane[lane] = self._read(document)
            else:
                self._through[lane] = document["last"]

    def _read(self, document: Document) -> RetryState:
        waits = (document["next"] - self._now()).total_seconds()
        return RetryState(
            document["last"],
            document["attempts"],
            document["open"],
            time.monotonic() + min(waits, BACKOFF.maximum),
            document["error"],
            document["trace"],
        )

    def rests(self, lane: Lane) -> float:
        """For how many seconds nothing of a lane is tried."""
        suspect = self._by_lane.get(lane)
        return max(suspect.until - time.monotonic(), 0.0) if suspect else 0.0

    def about(self, message: Message) -> bool:
        """Whether it is handled alone."""
        suspect = self._by_lane.get(message.lane)
        if suspect is not None and message.pos == suspect.pos:
            return True
        return message.pos <= self._through.get(message.lane, 0)

    async def before(self, messages: Sequence[Message]) -> Why | None:
        """Count the attempt, or note what is in hand. Why, when there were enough attempts."""
        if self.idle:
            return None
        if len(messages) == 1 and self.about(messages[0]):
            return await self._count(messages[0])
        self._clear(messages)
        await self._note(messages)
        return None

    def _clear(self, messages: Sequence[Message]) -> None:
        """What lies behind the last suspect clears the lane."""
        for message in messages:
            suspect = self._by_lane.get(message.lane)
            if suspect is not None and message.pos > suspect.pos:
                del self._by_lane[message.lane]
            if message.pos > self._through.get(message.lane, message.pos):
                del self._through[message.lane]

    async def _count(self, message: Message) -> Why | None:
        suspect = self._by_lane.get(message.lane)
        if suspect is None or suspect.pos != message.pos:
            suspect = RetryState(message.pos)
        if suspect.counted:
            return None
        if suspect.spent:
            return suspect.why
        counting = replace(suspect, attempts=suspect.attempts + 1, open=True, counted=True)
        await self._write({message.lane: (message.pos, message.pos, counting)})
        self._by_lane[message.lane] = counting
        return None

    async def _note(self, messages: Sequence[Message]) -> None:
        noted: dict[Lane, tuple[int, int, RetryState]] = {}
        for message in messages:
            through = self._noted_through.get(message.lane)
            if through is not None and message.pos <= through:
                first = noted[message.lane][0] if message.lane in noted else message.pos
                noted[message.lane] = (first, message.pos, RetryState(message.pos))
            else:
                self._noted_through.pop(message.lane, None)
        if noted:
            await self._write(noted)

    async def failed(self, message: Message, error: Exception) -> None:
        """Alone, it made our code fail: its lane rests."""
        known = self._by_lane.get(message.lane)
        attempts = known.attempts if known and known.pos == message.pos else 0
        why = failure(error, max(attempts, 1))
        seconds = wait_of(why.attempts)
        suspect = RetryState(message.pos, why.attempts, error=why.error, trace=why.trace)
        suspect.until = time.monotonic() + seconds
        self._by_lane[message.lane] = suspect
        log.warning(
            "%s: %s: position %d (%s) failed %d times, next try in %.1f s",
            self._consumer, message.lane, message.pos, message.name, why.attempts, seconds,
            exc_info=error,
        )  # fmt: skip
        await self._write({message.lane: (message.pos, message.pos, suspect)})

    async def _write(self, suspects: dict[Lane, tuple[int, int, RetryState]]) -> None:
        await self._suspects.bulk_write(
            [
                UpdateOne(
                    {"_id": position_id(self._consumer, lane)},
                    {
                        "$set": {
                            **lane_fields(self._consumer, lane),
                            "first": first,
                            "last": last,
                            "attempts": one.attempts,
                            "open": one.open,
                            "error": one.error,
                            "trace": one.trace,
                            "next": self._now() + timedelta(seconds=wait_of(one.attempts)),
                        }
                    },
                    upsert=True,
                )
                for lane, (first, last, one) in suspects.items()
            ],
            ordered=False,
        )


def wait_of(attempts: int) -> float:
    """Before the attempt that follows so many."""
    return BACKOFF.wait(attempts) if attempts else 0.0
