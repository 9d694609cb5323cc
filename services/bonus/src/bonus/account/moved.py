"""Changes of the account when points move between users and the account that they share."""

from dataclasses import replace

from bonus.account.lots import place_of
from bonus.account.state import Account, MoveEvent, debtors_with
from zugabe_events.contracts.bonus import DebtMovedIn, DebtMovedOut, PointsMovedIn, PointsMovedOut


def evolve_by_move(account: Account, event: MoveEvent) -> Account:
    match event:
        case PointsMovedOut():
            return replace(account, lots=account.lots.minus(event.lots))
        case PointsMovedIn():
            return with_points(account, event)
        case DebtMovedOut():
            return replace(account, owed=account.owed - event.points)
        case DebtMovedIn():
            return replace(
                account,
                lots=account.lots.minus(event.lots),
                owed=account.owed + event.owed,
                origins=account.origins.with_debt(event) if event.pool else account.origins,
                debtors=debtors_with(account, event.user, event.owed) if event.pool else (),
            )


def with_points(account: Account, event: PointsMovedIn) -> Account:
    lots = account.lots.plus(event.lots)
    youngest = max(event.lots, key=place_of)
    if account.youngest is not None and place_of(account.youngest) > place_of(youngest):
        youngest = account.youngest
    present = [lots.left_in(lot) for lot in event.lots]
    return replace(
        account,
        lots=lots,
        owed=account.owed - event.settled,
        youngest=youngest,
        accrued=max(account.accrued, *(lot.ordinal for lot in event.lots)),
        origins=account.origins.with_points(event, present) if event.pool else account.origins,
    )
