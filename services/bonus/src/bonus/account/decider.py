"""A user's bonus points: earned by orders, held and spent for rewards, taken back with orders.

The user leaves the programme, which deletes them, and joins again.
"""

from collections.abc import Iterable, Sequence

from bonus.account.correction import (
    ConsentToCorrection,
    Correct,
    RejectCorrection,
    consent,
    correct,
    reject,
)
from bonus.account.expiry import ExpirePoints, expire
from bonus.account.hold import HoldReward, hold_reward
from bonus.account.move import MoveDebtIn, MoveIn, MoveOut, move_debt_in, move_in, move_out
from bonus.account.moved import evolve_by_move
from bonus.account.opening import OpenBalance, open_balance
from bonus.account.opt_out import AskToLeave, Leave, Rejoin, ask_to_leave, leave, rejoin
from bonus.account.order import (
    BookOrder,
    BookPooled,
    EndAttempt,
    book_order,
    book_pooled,
    end_attempt,
)
from bonus.account.others import evolve_by_other
from bonus.account.reminder import RemindOfExpiry, remind
from bonus.account.schedule import SchedulePoints, schedule_points
from bonus.account.shared import pool_of
from bonus.account.state import Account, AccountEvent, OrderEvent, OtherEvent, evolve
from bonus.account.undo import CancelOrder, ReturnLines, cancel_order, return_lines
from bonus.text.accepting import AcceptTexts, accept
from zugabe_events.contracts.bonus import (
    CorrectionProposed,
    CorrectionRejected,
    DebtMovedIn,
    DebtMovedOut,
    OptOutAsked,
    PointsAccrued,
    PointsCredited,
    PointsDebited,
    PointsExpired,
    PointsExpiryAnnounced,
    PointsForfeited,
    PointsMovedIn,
    PointsMovedOut,
    PointsReversed,
    PointsScheduled,
    ProgrammeLeft,
    ProgrammeRejoined,
    ProgrammeTextsAccepted,
    RewardAttemptEnded,
    RewardHeld,
    RewardRedeemed,
    RewardReleased,
    RewardReturned,
)
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.event import Stream

type OfOrder = (
    HoldReward | BookOrder | BookPooled | EndAttempt | SchedulePoints | CancelOrder | ReturnLines
)
type OfMove = MoveOut | MoveIn | MoveDebtIn
type OfUser = AcceptTexts | AskToLeave | Leave | Rejoin
type OfBalance = (
    ExpirePoints | RemindOfExpiry | Correct | ConsentToCorrection | RejectCorrection | OpenBalance
)
type Command = OfOrder | OfUser | OfBalance | OfMove


def decide(command: Command, account: Account) -> list[AccountEvent]:
    match command:
        case AcceptTexts() | AskToLeave() | Leave() | Rejoin():
            return decide_for_user(command, account)
        case (
            ExpirePoints()
            | RemindOfExpiry()
            | Correct()
            | ConsentToCorrection()
            | RejectCorrection()
            | OpenBalance()
        ):
            return [*decide_without_order(command, account)]
        case MoveOut() | MoveIn() | MoveDebtIn():
            return [*decide_to_move(command, account)]
        case (
            HoldReward()
            | BookOrder()
            | BookPooled()
            | EndAttempt()
            | SchedulePoints()
            | CancelOrder()
            | ReturnLines()
        ):
            return [*decide_for_order(command, account)]


def decide_for_order(command: OfOrder, account: Account) -> Sequence[OrderEvent]:
    match command:
        case HoldReward():
            return hold_reward(command, account)
        case BookOrder():
            return book_order(command, account)
        case BookPooled():
            return book_pooled(command, account)
        case EndAttempt():
            return end_attempt(command, account)
        case SchedulePoints():
            return schedule_points(command, account)
        case CancelOrder():
            return cancel_order(command, account)
        case ReturnLines():
            return return_lines(command, account)


def decide_without_order(command: OfBalance, account: Account) -> Sequence[OtherEvent]:
    match command:
        case ExpirePoints():
            return expire(command, account)
        case RemindOfExpiry():
            return remind(command, account)
        case Correct():
            return correct(command, account)
        case ConsentToCorrection():
            return consent(command, account)
        case RejectCorrection():
            return reject(command, account)
        case OpenBalance():
            return open_balance(command, account)


def decide_to_move(command: OfMove, account: Account) -> Iterable[AccountEvent]:
    match command:
        case MoveOut():
            return move_out(command, account)
        case MoveIn():
            return move_in(command, account)
        case MoveDebtIn():
            return move_debt_in(command, account)


def decide_for_user(command: OfUser, account: Account) -> list[AccountEvent]:
    match command:
        case AcceptTexts():
            return [*accept(command, account)]
        case AskToLeave():
            return [*ask_to_leave(command, account)]
        case Leave():
            return leave(command, account)
        case Rejoin():
            return rejoin(command, account)


def evolve_account(account: Account, event: AccountEvent) -> Account:
    match event:
        case (
            PointsAccrued()
            | PointsScheduled()
            | RewardHeld()
            | RewardRedeemed()
            | RewardReleased()
            | RewardReturned()
            | PointsReversed()
            | RewardAttemptEnded()
        ):
            return evolve(account, event)
        case (
            ProgrammeTextsAccepted()
            | OptOutAsked()
            | PointsForfeited()
            | ProgrammeLeft()
            | ProgrammeRejoined()
            | PointsExpiryAnnounced()
            | PointsExpired()
            | CorrectionProposed()
            | CorrectionRejected()
            | PointsCredited()
            | PointsDebited()
        ):
            return evolve_by_other(account, event)
        case PointsMovedOut() | PointsMovedIn() | DebtMovedOut() | DebtMovedIn():
            return evolve_by_move(account, event)


ACCOUNT_DECIDER: Decider[Command, Account, AccountEvent] = Decider(
    "account", Account(), decide, evolve_account
)


def account_history(dealer: str, user: str) -> History[Account, AccountEvent]:
    return History(Stream(f"account/{dealer}/{user}", f"{dealer}/{user}"), ACCOUNT_DECIDER)


def pool_account_history(dealer: str, customer: str) -> History[Account, AccountEvent]:
    """The account that the users of a customer share (BO-33)."""
    return account_history(dealer, pool_of(customer))
