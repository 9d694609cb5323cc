"""One decision over a wallet and the limits that its user shares with others (VO-14, N-2)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from vouchers.budget.decider import BUDGET_DECIDER, ReserveBudget
from vouchers.campaign.owner import shared_id
from vouchers.limit.decider import (
    LIMIT_DECIDER,
    CountUse,
    objection,
)
from vouchers.unique_code.use import (
    UNIQUE_CODE_DECIDER,
    TakeCode,
    code_used,
)
from vouchers.wallet.combination import Combination, combine
from vouchers.wallet.decider import WALLET_DECIDER
from vouchers.wallet.hold import HoldVouchers
from vouchers.wallet.refusals import Use, about, objections
from vouchers.wallet.shared_states import (
    States,
    budget_of,
    owner,
    shared_by,
    with_budget,
    with_unique_code,
)
from zugabe_events.contracts.vouchers import (
    BudgetReserved,
    BudgetReturned,
    UniqueCodeTaken,
    VoucherHeld,
)
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.event import Event


def hold_within_limits(command: HoldVouchers, states: Sequence[Any]) -> list[Sequence[Event]]:
    """All limits must allow their holds; a repeated one is not counted again."""
    uses, shared = command.uses, States.of(command.uses, states)
    command = replace(
        command,
        limited=shared_objections(uses, command.order_id, shared),
        budgets=shared.left(uses, command.order_id),
    )
    events = WALLET_DECIDER.decide(command, shared.wallet)
    if not events:
        return [[] for _ in states]
    holds = {event.campaign_id: event for event in events if isinstance(event, VoucherHeld)}
    is_known = shared.wallet.has_tried(command.order_id)
    counted = [
        LIMIT_DECIDER.decide(
            CountUse(
                limit,
                shared_id(holds[use.campaign_id].hold_id, use.dealer, limit.dealer),
                max_uses,
                is_known,
            ),
            so_far,
        )
        for (use, limit, max_uses), so_far in zip(shared_by(uses), shared.limits, strict=True)
    ]
    reserved = [
        BUDGET_DECIDER.decide(
            ReserveBudget(
                BudgetReserved(*of_budget(use, holds[use.campaign_id])),
                tuple(
                    BudgetReturned(*of_budget(use, hold))
                    for hold in shared.earlier(use, command.order_id)
                ),
                budget_of(use),
            ),
            shared.budgets[use.campaign_id],
        )
        for use in with_budget(uses)
    ]
    codes = [
        UNIQUE_CODE_DECIDER.decide(
            TakeCode(taken(use, holds[use.campaign_id], command.now), is_known),
            shared.codes[use.campaign_id],
        )
        for use in with_unique_code(uses)
    ]
    return [events, *counted, *reserved, *codes]


def check_within_limits(
    uses: Sequence[Use], order_id: str | None, states: Sequence[Any]
) -> Combination:
    """As a hold would decide, with all refusals, in the order in which it meets them (X-6).

    Only holds in the user's own wallet are ignored: the named order may be another's (S29).
    """
    shared = States.of(uses, states)
    if order_id not in shared.wallet.held:
        order_id = None
    limited = shared_objections(uses, order_id, shared)
    against = [
        [*objections(use, order_id, shared.wallet), *limited[use.campaign_id]] for use in uses
    ]
    return combine(uses, against, shared.left(uses, order_id))


def of_budget(use: Use, hold: VoucherHeld) -> tuple[str, str, str, int]:
    hold_id = shared_id(hold.hold_id, use.dealer, owner(use))
    return use.campaign_id, owner(use), hold_id, hold.discount_cents


def taken(use: Use, hold: VoucherHeld, at: datetime) -> UniqueCodeTaken:
    return UniqueCodeTaken(
        dealer=owner(use),
        campaign_id=use.campaign_id,
        number=use.unique_code or 0,
        hold_id=shared_id(hold.hold_id, use.dealer, owner(use)),
        at_dealer=use.dealer,
        order_id=hold.order_id,
        user=use.user,
        taken_at=at,
    )


def shared_objections(
    uses: Sequence[Use], order_id: str | None, shared: States
) -> Mapping[str, Sequence[RefusedError]]:
    """The refusals by limits and codes that the user shares with others, by campaign."""
    found: dict[str, list[RefusedError]] = {use.campaign_id: [] for use in uses}
    for (use, limit, max_uses), counted in zip(shared_by(uses), shared.limits, strict=True):
        order = shared_id(order_id, use.dealer, limit.dealer) if order_id else None
        if refusal := objection(limit, max_uses, order, counted):
            found[use.campaign_id].append(about(use.voucher_code, refusal))
    for use in with_unique_code(uses):
        order = shared_id(order_id, use.dealer, owner(use)) if order_id else None
        if refusal := code_used(order, shared.codes[use.campaign_id]):
            found[use.campaign_id].append(about(use.voucher_code, refusal))
    return found
