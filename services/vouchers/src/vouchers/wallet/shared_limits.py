"""One decision over a wallet and the limits that its user shares with others (VO-14, N-2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from vouchers.budget.decider import BUDGET_DECIDER, Budget, ReserveBudget, budget_history
from vouchers.campaign.owner import owner_of, shared_id
from vouchers.limit.decider import (
    LIMIT_DECIDER,
    CountUse,
    Limit,
    Uses,
    limit_history,
    limit_of,
    limits_of,
    objection,
)
from vouchers.wallet.combination import Combination, combine
from vouchers.wallet.decider import WALLET_DECIDER, wallet_history
from vouchers.wallet.hold import HoldVouchers
from vouchers.wallet.refusals import Use, about, objections
from vouchers.wallet.state import Wallet
from zugabe_events.contracts.vouchers import BudgetReserved, BudgetReturned, VoucherHeld
from zugabe_events.domain.decider import History
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.event import Event


@dataclass(frozen=True, slots=True)
class States:
    """The states of `histories_of`: a wallet, and what its user shares with others.

    `limits` are in the order of `shared_by`, `budgets` by campaign.
    """

    wallet: Wallet
    limits: Sequence[Uses]
    budgets: Mapping[str, Budget]

    @classmethod
    def of(cls, uses: Sequence[Use], states: Sequence[Any]) -> Self:
        rest = iter(states)
        return cls(
            wallet=next(rest),
            limits=[next(rest) for _ in shared_by(uses)],
            budgets={use.campaign_id: next(rest) for use in with_budget(uses)},
        )

    def left(self, uses: Sequence[Use], order_id: str | None) -> Mapping[str, int]:
        """The cents that the budgets have left for an order, whose own holds do not count."""
        return {
            use.campaign_id: budget_of(use)
            - self.budgets[use.campaign_id].spent_cents
            + sum(hold.discount_cents for hold in self.earlier(use, order_id))
            for use in with_budget(uses)
        }

    def earlier(self, use: Use, order_id: str | None) -> Sequence[VoucherHeld]:
        """The order's holds of the campaign that a new attempt supersedes."""
        holds = self.wallet.held.get(order_id, ()) if order_id else ()
        return [hold for hold in holds if hold.campaign_id == use.campaign_id and hold.from_budget]


def histories_of(uses: Sequence[Use]) -> list[History[Any, Any]]:
    """The wallet of the user, then each shared limit and each budget of the campaigns.

    Every version of a campaign's terms has the same kinds of limit.
    """
    return [
        wallet_history(uses[0].dealer, uses[0].user),
        *(limit_history(limit) for _, limit, _ in shared_by(uses)),
        *(budget_history(owner(use), use.campaign_id) for use in with_budget(uses)),
    ]


def hold_within_limits(command: HoldVouchers, states: Sequence[Any]) -> list[Sequence[Event]]:
    """All limits must allow their holds; a repeated one is not counted again."""
    uses, shared = command.uses, States.of(command.uses, states)
    command = replace(
        command,
        limited=limit_objections(uses, command.order_id, shared.limits),
        budgets=shared.left(uses, command.order_id),
    )
    events = WALLET_DECIDER.decide(command, shared.wallet)
    if not events:
        return [[] for _ in states]
    holds = {event.campaign_id: event for event in events if isinstance(event, VoucherHeld)}
    counted = [
        LIMIT_DECIDER.decide(
            CountUse(
                limit,
                shared_id(holds[use.campaign_id].hold_id, use.dealer, limit.dealer),
                max_uses,
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
    return [events, *counted, *reserved]


def check_within_limits(
    uses: Sequence[Use], order_id: str | None, states: Sequence[Any]
) -> Combination:
    """As a hold would decide, with all refusals, in the order in which it meets them (X-6)."""
    shared = States.of(uses, states)
    limited = limit_objections(uses, order_id, shared.limits)
    against = [
        [*objections(use, order_id, shared.wallet), *limited[use.campaign_id]] for use in uses
    ]
    return combine(uses, against, shared.left(uses, order_id))


def owner(use: Use) -> str:
    return owner_of(use.campaign_id, use.dealer)


def of_budget(use: Use, hold: VoucherHeld) -> tuple[str, str, str, int]:
    hold_id = shared_id(hold.hold_id, use.dealer, owner(use))
    return use.campaign_id, owner(use), hold_id, hold.discount_cents


def budget_of(use: Use) -> int:
    return use.terms.budget_cents or 0


def with_budget(uses: Sequence[Use]) -> list[Use]:
    return [use for use in uses if use.terms.budget_cents is not None]


def limit_objections(
    uses: Sequence[Use], order_id: str | None, of_limits: Sequence[Uses]
) -> Mapping[str, Sequence[RefusedError]]:
    """The refusals by limits that the user shares with others, by campaign."""
    found: dict[str, list[RefusedError]] = {use.campaign_id: [] for use in uses}
    for (use, limit, max_uses), counted in zip(shared_by(uses), of_limits, strict=True):
        order = shared_id(order_id, use.dealer, limit.dealer) if order_id else None
        if refusal := objection(limit.kind, max_uses, order, counted):
            found[use.campaign_id].append(about(use.voucher_code, refusal))
    return found


def shared_by(uses: Sequence[Use]) -> list[tuple[Use, Limit, int]]:
    """Each shared limit of each campaign, with its number of uses."""
    return [
        (use, limit, max_uses)
        for use in uses
        for limit, max_uses in limits_of(use.terms, use.dealer, use.campaign_id, use.customer)
    ]


def streams_of(hold: VoucherHeld) -> tuple[str, ...]:
    """The histories in which a hold is kept, as checkout records them."""
    limits = (limit_of(kind, hold.dealer, hold.campaign_id, hold.customer) for kind in hold.limits)
    owner = owner_of(hold.campaign_id, hold.dealer)
    budgets = [budget_history(owner, hold.campaign_id)] if hold.from_budget else []
    return (
        wallet_history(hold.dealer, hold.user).stream.id,
        *(limit_history(limit).stream.id for limit in limits),
        *(budget.stream.id for budget in budgets),
    )
