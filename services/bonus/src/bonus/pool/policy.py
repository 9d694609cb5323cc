"""Points follow their customer's choice: into the account that its users share, and back (BO-33).

An account is looked at whenever points came to it, and when its customer pools points or stops.
Whichever of the two comes last sees the other, so that no points are left behind.
"""

from datetime import datetime

from bonus.account.decider import account_history, pool_account_history
from bonus.account.move import MoveDebtIn, MoveIn, MoveOut
from bonus.account.state import Account, AccountEvent
from bonus.pool.decider import AddHolder, DismissManager, Pool, pool_history
from zugabe_events.contracts.bonus import (
    DebtMovedIn,
    DebtMovedOut,
    PointsAccrued,
    PointsCredited,
    PointsDebited,
    PointsHolderAdded,
    PointsMovedIn,
    PointsMovedOut,
    PointsPooled,
    PointsReversed,
    PointsScheduled,
    PointsUnpooled,
    ProgrammeLeft,
    RewardRedeemed,
    RewardReleased,
    RewardReturned,
)
from zugabe_events.domain.decider import History
from zugabe_events.domain.event import Event
from zugabe_events.domain.policy import Policy, Reaction, ReceivedEvent
from zugabe_events.domain.tenant import SHARED_CUSTOMER


def react(received: ReceivedEvent) -> list[Reaction]:
    at = received.recorded_at
    match received.event:
        case PointsMovedOut() as moved:
            came = Reaction(target_of(moved), lambda: MoveIn(moved))
            user = "" if moved.pool else moved.user
            return [came, *of_account(moved.dealer, moved.customer, user, at)]  # the lots left
        case DebtMovedOut() as debt:
            of_customer = pool_history(debt.dealer, debt.customer)
            return [Reaction(target_of(debt), lambda pool: MoveDebtIn(debt, pool), (of_customer,))]
        case PointsPooled(dealer, customer, users):
            return [move_out(dealer, customer, user, at) for user in users]
        case PointsUnpooled(dealer, customer):
            return [move_out(dealer, customer, "", at)]
        case PointsHolderAdded(dealer, customer, user):
            return [move_out(dealer, customer, user, at)]
        case ProgrammeLeft(dealer, customer, user):
            dismissed = DismissManager(dealer, customer, user, at)
            return [Reaction(pool_history(dealer, customer), lambda: dismissed)]
        case _:
            return on_points(received.event, at)


def on_points(event: Event, at: datetime) -> list[Reaction]:
    """Points, or a debt, came to an account."""
    match event:
        case PointsAccrued() | PointsCredited() as earned:
            return of_holder(earned.dealer, earned.customer, earned.user, at)
        case RewardRedeemed(pool="") as redeemed:
            if not redeemed.owed:
                return []
            return of_holder(redeemed.dealer, redeemed.customer, redeemed.user, at)
        case PointsReversed() as undone:
            return of_account(
                undone.dealer, undone.customer, undone.user, at, undone.lot_id, undone.owed
            )
        case PointsDebited() as debited if debited.owed:
            return of_account(debited.dealer, debited.customer, debited.user, at)
        case PointsScheduled() as scheduled:
            return of_account(scheduled.dealer, scheduled.customer, scheduled.user, at)
        case (
            RewardRedeemed() | RewardReleased() | RewardReturned() | PointsMovedIn() | DebtMovedIn()
        ) as came:
            user = "" if came.pool else came.user
            return of_account(came.dealer, came.customer, user, at)
        case _:
            return []


def target_of(moved: PointsMovedOut | DebtMovedOut) -> History[Account, AccountEvent]:
    if moved.pool:
        return account_history(moved.dealer, moved.user)
    return pool_account_history(moved.dealer, moved.customer)


def of_holder(dealer: str, customer: str, user: str, at: datetime) -> list[Reaction]:
    if customer == SHARED_CUSTOMER:
        return []
    known = Reaction(pool_history(dealer, customer), lambda: AddHolder(dealer, customer, user))
    return [known, move_out(dealer, customer, user, at)]


def of_account(
    dealer: str, customer: str, user: str, at: datetime, lot_id: str = "", owed: int = 0
) -> list[Reaction]:
    """Events from before points were pooled say no customer."""
    if customer in ("", SHARED_CUSTOMER):
        return []
    return [move_out(dealer, customer, user, at, lot_id, owed)]


def move_out(
    dealer: str, customer: str, user: str, at: datetime, lot_id: str = "", owed: int = 0
) -> Reaction:
    def command(pool: Pool) -> MoveOut:
        return MoveOut(dealer, customer, user, pool, at, lot_id, owed)

    account = account_history(dealer, user) if user else pool_account_history(dealer, customer)
    return Reaction(account, command, (pool_history(dealer, customer),))


POOLS = Policy("bonus.pools", ("bonus",), react)
