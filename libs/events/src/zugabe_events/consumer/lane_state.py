"""Progress of a consumer in one lane, and the messages that come next."""

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from zugabe_events.messaging.message import Message

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Gap:
    """Messages are missing before position `pos`. `offset` is the first that had to wait for them;
    times are monotonic seconds."""

    offset: int
    pos: int
    since: float
    alarmed: float


@dataclass(slots=True)
class LaneState:
    """`pos` is the position up to which every effect is in the database.

    `stored` is the position in the checkpoint. It lags behind messages without an effect, the last
    of which is `unstored`, with the offset hint that goes with it.
    """

    pos: int
    stored: int = -1
    gap: Gap | None = None
    unstored: tuple[Message, int] | None = None

    def __post_init__(self) -> None:
        if self.stored < 0:
            self.stored = self.pos


@dataclass(slots=True)
class Continuation:
    """The next messages of a lane, and the offset to read again from, if any."""

    messages: list[Message] = field(default_factory=list)
    seek: int | None = None


def continue_lane(state: LaneState, messages: Iterable[Message], consumer: str) -> Continuation:
    """Pick what continues the lane without a gap, and skip duplicates.

    While a gap is open, nothing behind it is applied. Reading goes on until the missing messages
    come; then it starts again from where the gap was met.
    """
    found = Continuation()
    pos = state.pos
    for message in messages:
        if message.pos <= pos:
            continue
        if message.pos == pos + 1:
            pos += 1
            found.messages.append(message)
            if state.gap and pos >= state.gap.pos - 1:
                log.info("%s: the gap in %s is closed", consumer, message.lane)
                found.seek = state.gap.offset
                return found
        elif state.gap is None:
            log.warning(
                "%s: %s: position %d is missing before %d (offset %d); waiting for it",
                consumer, message.lane, pos + 1, message.pos, message.offset,
            )  # fmt: skip
            now = time.monotonic()
            state.gap = Gap(message.offset, message.pos, now, now)
    return found
