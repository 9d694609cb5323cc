"""Announce points that will expire, at least 30 days before if they count for so long (Q10).

An announcement also covers what expires in the two weeks after, so that a user who orders every day
gets one mail in two weeks.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bonus.account.state import Account
from zugabe_events.contracts.bonus import PointsExpiryAnnounced
from zugabe_events.contracts.checkout import Person
from zugabe_events.domain.calendar import day_of

NOTICE = timedelta(days=30)
COVERED = NOTICE + timedelta(days=14)


@dataclass(frozen=True, slots=True)
class RemindOfExpiry:
    """`managers` are told of points that the users of a customer share, the `pool` (BO-33).

    They are users with what is known of them.
    """

    dealer: str
    user: str
    at: datetime
    pool: str = ""
    managers: tuple[tuple[str, Person], ...] = ()


def remind(command: RemindOfExpiry, account: Account) -> list[PointsExpiryAnnounced]:
    """Nothing if all was announced before, or nobody could be told."""
    told = command.managers
    if not command.pool:
        told = ((command.user, account.recipient),) if account.recipient else ()
    today = day_of(command.at)
    until = today + COVERED
    before = account.announced_until
    lots = [
        lot
        for lot in account.lots.over(until + timedelta(days=1))
        if lot.active_until and lot.active_until >= today
    ]
    days = sorted(lot.active_until for lot in lots if lot.active_until)
    unannounced = [day for day in days if before is None or day > before]
    is_due = any(day <= today + NOTICE for day in unannounced)
    if not is_due:
        return []
    return [
        PointsExpiryAnnounced(
            dealer=command.dealer,
            user=user,
            points=sum(lot.points for lot in lots),
            first_day=days[0],
            last_day=days[-1],
            announced_until=until,
            recipient=recipient,
            announced_at=command.at,
            pool=command.pool,
        )
        for user, recipient in told
    ]
