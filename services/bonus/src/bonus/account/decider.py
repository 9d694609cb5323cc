"""A user's bonus points: earned by orders, held and spent for rewards, taken back with orders."""

from bonus.account.hold import HoldReward, hold_reward
from bonus.account.order import BookOrder, EndAttempt, book_order, end_attempt
from bonus.account.schedule import SchedulePoints, schedule_points
from bonus.account.state import Account, AccountEvent, evolve
from bonus.account.undo import CancelOrder, ReturnLines, cancel_order, return_lines
from bonus.text.accepting import AcceptTexts, accept
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.event import Stream

type Command = (
    HoldReward | BookOrder | EndAttempt | SchedulePoints | CancelOrder | ReturnLines | AcceptTexts
)


def decide(command: Command, account: Account) -> list[AccountEvent]:
    match command:
        case HoldReward():
            return [*hold_reward(command, account)]
        case BookOrder():
            return book_order(command, account)
        case EndAttempt():
            return end_attempt(command, account)
        case SchedulePoints():
            return [*schedule_points(command, account)]
        case CancelOrder():
            return cancel_order(command, account)
        case ReturnLines():
            return return_lines(command, account)
        case AcceptTexts():
            return [*accept(command, account)]


ACCOUNT_DECIDER: Decider[Command, Account, AccountEvent] = Decider(
    "account", Account(), decide, evolve
)


def account_history(dealer: str, user: str) -> History[Account, AccountEvent]:
    return History(Stream(f"account/{dealer}/{user}", f"{dealer}/{user}"), ACCOUNT_DECIDER)
