"""Notices that a user has seen, each once on whatever device (BO-23, BO-32, BO-38, BO-39)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from zugabe_events.contracts.bonus import NoticesSeen
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.event import Stream

type Seen = frozenset[str]


@dataclass(frozen=True, slots=True)
class SeeNotices:
    dealer: str
    user: str
    notices: tuple[str, ...]
    at: datetime


def decide(command: SeeNotices, seen: Seen) -> Sequence[NoticesSeen]:
    """Of two devices at once, one is told that it was first."""
    new = tuple(dict.fromkeys(one for one in command.notices if one not in seen))
    return [NoticesSeen(command.dealer, command.user, new, command.at)] if new else []


def evolve(seen: Seen, event: NoticesSeen) -> Seen:
    return seen | set(event.notices)


NOTICES_DECIDER: Decider[SeeNotices, Seen, NoticesSeen] = Decider(
    "bonus-notices", frozenset(), decide, evolve
)


def notices_history(dealer: str, user: str) -> History[Seen, NoticesSeen]:
    stream = f"bonus-notices/{dealer}/{user}"
    return History(Stream(stream, f"{dealer}/{user}"), NOTICES_DECIDER)
