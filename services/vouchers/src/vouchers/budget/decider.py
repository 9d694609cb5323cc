"""Budgets: the discounts of all uses of a campaign together stay below its budget (X-29).

Its wallet reserves a discount once by each hold and returns it once, so the sum is all there is to
remember, however many uses there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from vouchers.limit.decider import LimitReachedError
from zugabe_events.contracts.vouchers import BudgetReserved, BudgetReturned
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.event import Stream


@dataclass(frozen=True, slots=True)
class ReserveBudget:
    """Reserve the discount of a hold that takes the place of `earlier` ones of its order."""

    reserved: BudgetReserved
    earlier: tuple[BudgetReturned, ...]
    budget_cents: int


@dataclass(frozen=True, slots=True)
class ReturnBudget:
    returned: BudgetReturned


type Command = ReserveBudget | ReturnBudget
type BudgetEvent = BudgetReserved | BudgetReturned


@dataclass(frozen=True, slots=True)
class Budget:
    """The discounts of the uses held and redeemed, in cents."""

    spent_cents: int = 0


def used_up(discount_cents: int, left_cents: int) -> RefusedError | None:
    """The refusal of a discount that does not fit as a whole into what is left."""
    if discount_cents <= left_cents:
        return None
    return LimitReachedError(
        "Das Budget dieser Aktion reicht für Ihren Rabatt nicht mehr aus.",
        code="budget-used-up",
        discount_cents=discount_cents,
    )


def decide(command: Command, budget: Budget) -> Sequence[BudgetEvent]:
    match command:
        case ReserveBudget(reserved, earlier, budget_cents):
            given_back = sum(event.discount_cents for event in earlier)
            left = budget_cents - budget.spent_cents + given_back
            if refusal := used_up(reserved.discount_cents, left):
                raise refusal
            return [*earlier, reserved]
        case ReturnBudget(returned):
            return [returned]


def evolve(budget: Budget, event: BudgetEvent) -> Budget:
    match event:
        case BudgetReserved():
            return Budget(budget.spent_cents + event.discount_cents)
        case BudgetReturned():
            return Budget(budget.spent_cents - event.discount_cents)


BUDGET_DECIDER: Decider[Command, Budget, BudgetEvent] = Decider("budget", Budget(), decide, evolve)


def budget_history(owner: str, campaign_id: str) -> History[Budget, BudgetEvent]:
    """`owner` is the tenant of the campaign: of a central one it is over all dealers."""
    stream = f"budget/{owner}/{campaign_id}"
    return History(Stream(stream, stream), BUDGET_DECIDER)
