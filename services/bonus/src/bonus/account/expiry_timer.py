"""Timer that lets points expire after their last day (Q10).

Redemption does not wait for it: points that are over are not available any more.
"""

from datetime import date, timedelta

from bonus.account.decider import account_history
from bonus.account.expiry import ExpirePoints
from zugabe_events.contracts.bonus import (
    PointsAccrued,
    PointsCredited,
    PointsScheduled,
    RewardReleased,
    RewardReturned,
)
from zugabe_events.domain.calendar import start_of
from zugabe_events.domain.event import Context, derived_id
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_events.domain.timer import Schedule, TimerRule
from zugabe_events.eventstore.command_handler import handle

EXPIRES = "bonus.points-expire"


def due(received: ReceivedEvent) -> Schedule | None:
    match received.event:
        case PointsAccrued() | PointsScheduled() | PointsCredited() as earned:
            return after(earned.active_until, earned.dealer, earned.user)
        case RewardReleased() | RewardReturned() as back if back.lots:
            # One of several days suffices: each lot has had a timer of its own, and those that are
            # over already, the earliest ones, expire now.
            days = [lot.active_until for lot in back.lots if lot.active_until]
            return after(min(days, default=None), back.dealer, back.user, received.id)
        case _:
            return None


def after(last: date | None, dealer: str, user: str, *more: str) -> Schedule | None:
    if last is None:
        return None
    return Schedule("/".join((dealer, user, last.isoformat(), *more)), start_of(last + DAY))


DAY = timedelta(days=1)


async def fire(store: EventStore, key: str, context: Context) -> None:
    """All points of the account that are over, whichever of its timers fires."""
    dealer, user, *_ = key.split("/")
    command = ExpirePoints(dealer, user, context.at)
    attempt = derived_id(EXPIRES, key)
    await handle(store, account_history(dealer, user), command, context, attempt=attempt)


POINTS_EXPIRE = TimerRule(EXPIRES, ("bonus",), due, fire)
