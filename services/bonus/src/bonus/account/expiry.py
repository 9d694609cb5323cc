"""Points that expire some months after they became available (Q10).

They count to the end of a day in Berlin, whenever the timer fires. Points that come back to a lot
after its last day expire at once.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bonus.account.lots import MAX_LOTS_TAKEN
from bonus.account.state import Account
from zugabe_events.contracts.bonus import PointsExpired
from zugabe_events.domain.calendar import day_of


@dataclass(frozen=True, slots=True)
class ExpirePoints:
    dealer: str
    user: str
    at: datetime


def last_day(active_from: date, months: int | None) -> date | None:
    """The last day of a period of months that begins with `active_from` (§ 188 BGB).

    A month without that day ends the period with its own last one.
    """
    if months is None:
        return None
    year, month = divmod(active_from.year * 12 + active_from.month - 1 + months, 12)
    days = monthrange(year, month + 1)[1]
    if active_from.day > days:
        return date(year, month + 1, days)
    return date(year, month + 1, active_from.day) - timedelta(days=1)


def expire(command: ExpirePoints, account: Account) -> list[PointsExpired]:
    over = account.lots.over(day_of(command.at))
    return [
        PointsExpired(
            dealer=command.dealer,
            user=command.user,
            points=sum(lot.points for lot in part),
            lots=part,
            expired_at=command.at,
        )
        for first in range(0, len(over), MAX_LOTS_TAKEN)
        if (part := over[first : first + MAX_LOTS_TAKEN])
    ]
