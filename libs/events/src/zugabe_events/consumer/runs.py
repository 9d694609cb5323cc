"""Runs of consecutive messages, and how they are cut into batches."""

from collections.abc import Sequence
from dataclasses import dataclass

from zugabe_events.messaging.message import Lane, Message


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive messages of one lane, and the offset hint that goes with the last of them."""

    lane: Lane
    messages: list[Message]
    hint: int


def begins_late(messages: Sequence[Message], pos: int) -> bool:
    """True if the message after a position is missing: reading did not start where it should."""
    following = next((message for message in messages if message.pos > pos), None)
    return following is not None and following.pos > pos + 1


def batches(runs: list[Run], size: int) -> list[list[Run]]:
    """Runs cut and packed so that no batch has more than `size` messages."""
    packed: list[list[Run]] = []
    room = 0
    for run in runs:
        rest = run
        while rest.messages:
            if room == 0:
                packed.append([])
                room = size
            first, rest = cut(rest, room)
            packed[-1].append(first)
            room -= len(first.messages)
    return packed


def cut(run: Run, at: int) -> tuple[Run, Run]:
    """The hint of the first part is its own last offset, unless a gap holds it back."""
    first = run.messages[:at]
    hint = min(run.hint, first[-1].offset) if first else run.hint
    return Run(run.lane, first, hint), Run(run.lane, run.messages[at:], run.hint)


def halves(runs: list[Run]) -> tuple[list[Run], list[Run]]:
    """The first half of the messages, and the rest; the order of each lane is kept."""
    size = (sum(len(run.messages) for run in runs) + 1) // 2
    first, *rest = batches(runs, size)
    return first, [run for batch in rest for run in batch]
