"""Timer that lets points expire after their last day (Q10).

Redemption does not wait for it: points that are over are not available any more.
"""

from datetime import date, timedelta

from bonus.account.decider import account_history
from bonus.account.expiry import ExpirePoints
from bonus.account.shared import pool_of
from zugabe_events.contracts.bonus import (
    PointsAccrued,
    PointsCredited,
    PointsMovedIn,
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
            return after(earned.active_until, earned.dealer, earned.user, earned.customer)
        case RewardReleased() | RewardReturned() | PointsMovedIn() as back if back.lots:
            # One of several days suffices: each lot has had a timer of its own, and those that are
            # over already, the earliest ones, expire now.
            days = [lot.active_until for lot in back.lots if lot.active_until]
            last = min(days, default=None)
            return after(last, back.dealer, back.user, back.customer, received.id)
        case _:
            return None


def after(last: date | None, dealer: str, user: str, customer: str, *more: str) -> Schedule | None:
    if last is None:
        return None
    key = (dealer, user, last.isoformat(), customer, *more)
    return Schedule("/".join(key), start_of(last + DAY))


DAY = timedelta(days=1)


async def fire(store: EventStore, key: str, context: Context) -> None:
    """All points of the account that are over, whichever of its timers fires.

    They may be in the account that the customer's users share (BO-33).
    """
    dealer, user, _, customer, *_ = key.split("/")
    for holder in (user, pool_of(customer)):
        command = ExpirePoints(dealer, holder, context.at)
        attempt = derived_id(EXPIRES, key, holder)
        await handle(store, account_history(dealer, holder), command, context, attempt=attempt)


POINTS_EXPIRE = TimerRule(EXPIRES, ("bonus",), due, fire)
