"""Conduct of a user: cancellations within 30 days, of which too many are noticed (S6)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from zugabe_events.contracts.checkout import (
    CancellationCounted,
    CancellationsNoticed,
    ConductEvent,
)
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.event import Stream

WINDOW = timedelta(days=30)

MAX_REMEMBERED = 1_000
"""Cancellations of a user that are counted at most."""


@dataclass(frozen=True, slots=True)
class Count:
    """Count a cancellation, and notice when there are `alarm_after` of them."""

    dealer: str
    customer: str
    user: str
    order_id: str
    cancelled_at: datetime
    alarm_after: int


@dataclass(frozen=True, slots=True)
class Conduct:
    """`recent` are the cancellations within WINDOW before the latest, by order."""

    recent: tuple[tuple[str, datetime], ...] = ()
    has_been_noticed: bool = False


def decide(command: Count, conduct: Conduct) -> Sequence[ConductEvent]:
    """Noticed once when the number is reached, and again only after it was below."""
    if any(order_id == command.order_id for order_id, _ in conduct.recent):
        return []
    before = within_window(conduct.recent, command.cancelled_at)
    counted = CancellationCounted(
        dealer=command.dealer,
        user=command.user,
        order_id=command.order_id,
        cancelled_at=command.cancelled_at,
    )
    number, limit = len(before) + 1, command.alarm_after
    is_known = conduct.has_been_noticed and len(before) >= limit
    if number < limit or is_known:
        return [counted]
    return [
        counted,
        CancellationsNoticed(
            dealer=command.dealer,
            customer=command.customer,
            user=command.user,
            cancellations=number,
            noticed_at=command.cancelled_at,
        ),
    ]


def evolve(conduct: Conduct, event: ConductEvent) -> Conduct:
    match event:
        case CancellationCounted(order_id=order_id, cancelled_at=at):
            counted = (*conduct.recent, (order_id, at))
            recent = within_window(counted, max(one[1] for one in counted))
            return replace(conduct, recent=recent[-MAX_REMEMBERED:])
        case CancellationsNoticed():
            return replace(conduct, has_been_noticed=True)


def within_window(
    cancellations: Sequence[tuple[str, datetime]], at: datetime
) -> tuple[tuple[str, datetime], ...]:
    return tuple(one for one in cancellations if one[1] > at - WINDOW)


CONDUCT_DECIDER: Decider[Count, Conduct, ConductEvent] = Decider(
    "conduct", Conduct(), decide, evolve
)


def conduct_history(dealer: str, user: str) -> History[Conduct, ConductEvent]:
    return History(Stream(f"conduct/{dealer}/{user}", f"{dealer}/{user}"), CONDUCT_DECIDER)
