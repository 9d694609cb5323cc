"""Returns uses to limits, budget and code when holds are released or redemptions given back."""

from collections.abc import Sequence
from functools import partial

from vouchers.budget.decider import ReturnBudget, budget_history
from vouchers.campaign.owner import owner_of, shared_id
from vouchers.limit.decider import ReturnUse, limit_history, limit_of
from vouchers.unique_code.use import FreeCode, unique_code_history
from zugabe_events.contracts.vouchers import (
    BudgetReturned,
    UniqueCodeFreed,
    VoucherReleased,
    VoucherReturned,
    VoucherUseLost,
)
from zugabe_events.domain.policy import Policy, Reaction, ReceivedEvent


def react(received: ReceivedEvent) -> Sequence[Reaction]:
    match received.event:
        case VoucherReleased() | VoucherReturned() as event:
            return [*to_limits(event), *to_budget(event), *to_code(event)]
        case VoucherUseLost() as event:
            return to_budget(event)
        case _:
            return []


def to_limits(event: VoucherReleased | VoucherReturned) -> list[Reaction]:
    limits = [
        limit_of(kind, event.dealer, event.campaign_id, event.customer) for kind in event.limits
    ]
    return [
        Reaction(
            limit_history(limit),
            partial(ReturnUse, limit, shared_id(event.hold_id, event.dealer, limit.dealer)),
        )
        for limit in limits
    ]


def to_budget(event: VoucherReleased | VoucherReturned | VoucherUseLost) -> list[Reaction]:
    if not event.from_budget:
        return []
    owner = owner_of(event.campaign_id, event.dealer)
    hold_id = shared_id(event.hold_id, event.dealer, owner)
    returned = BudgetReturned(event.campaign_id, owner, hold_id, event.discount_cents)
    return [Reaction(budget_history(owner, event.campaign_id), partial(ReturnBudget, returned))]


def to_code(event: VoucherReleased | VoucherReturned) -> list[Reaction]:
    if event.unique_code is None:
        return []
    owner = owner_of(event.campaign_id, event.dealer)
    hold_id = shared_id(event.hold_id, event.dealer, owner)
    freed = UniqueCodeFreed(owner, event.campaign_id, event.unique_code, hold_id)
    history = unique_code_history(owner, event.campaign_id, event.unique_code)
    return [Reaction(history, partial(FreeCode, freed))]


LIMITS = Policy(name="vouchers.limits", topics=("vouchers",), react=react)
