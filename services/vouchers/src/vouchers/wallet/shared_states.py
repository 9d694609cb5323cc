"""The histories in which a use counts, beside its user's wallet: limits, budgets, unique codes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from vouchers.budget.decider import Budget, budget_history
from vouchers.campaign.owner import owner_of
from vouchers.limit.decider import Limit, Uses, limit_history, limit_of, limits_of
from vouchers.unique_code.use import UniqueCode, unique_code_history
from vouchers.wallet.decider import wallet_history
from vouchers.wallet.refusals import Use
from vouchers.wallet.state import Wallet
from zugabe_events.contracts.vouchers import VoucherHeld
from zugabe_events.domain.decider import History


@dataclass(frozen=True, slots=True)
class States:
    """The states of `histories_of`: a wallet, and what its user shares with others.

    `limits` are in the order of `shared_by`, `budgets` and unique `codes` by campaign.
    """

    wallet: Wallet
    limits: Sequence[Uses]
    budgets: Mapping[str, Budget]
    codes: Mapping[str, UniqueCode]

    @classmethod
    def of(cls, uses: Sequence[Use], states: Sequence[Any]) -> Self:
        rest = iter(states)
        return cls(
            wallet=next(rest),
            limits=[next(rest) for _ in shared_by(uses)],
            budgets={use.campaign_id: next(rest) for use in with_budget(uses)},
            codes={use.campaign_id: next(rest) for use in with_unique_code(uses)},
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
    """The wallet of the user, then each shared limit, each budget and each unique code.

    Every version of a campaign's terms has the same kinds of limit.
    """
    return [
        wallet_history(uses[0].dealer, uses[0].user),
        *(limit_history(limit) for _, limit, _ in shared_by(uses)),
        *(budget_history(owner(use), use.campaign_id) for use in with_budget(uses)),
        *(code_history_of(use) for use in with_unique_code(uses)),
    ]


def streams_of(hold: VoucherHeld) -> tuple[str, ...]:
    """The histories in which a hold is kept, as checkout records them."""
    limits = (limit_of(kind, hold.dealer, hold.campaign_id, hold.customer) for kind in hold.limits)
    owner = owner_of(hold.campaign_id, hold.dealer)
    others: list[History[Any, Any]] = []
    if hold.from_budget:
        others.append(budget_history(owner, hold.campaign_id))
    if hold.unique_code is not None:
        others.append(unique_code_history(owner, hold.campaign_id, hold.unique_code))
    return (
        wallet_history(hold.dealer, hold.user).stream.id,
        *(limit_history(limit).stream.id for limit in limits),
        *(other.stream.id for other in others),
    )


def shared_by(uses: Sequence[Use]) -> list[tuple[Use, Limit, int]]:
    """Each shared limit of each campaign, with its number of uses."""
    return [
        (use, limit, max_uses)
        for use in uses
        for limit, max_uses in limits_of(use.terms, use.dealer, use.campaign_id, use.customer)
    ]


def with_budget(uses: Sequence[Use]) -> list[Use]:
    return [use for use in uses if use.terms.budget_cents is not None]


def budget_of(use: Use) -> int:
    return use.terms.budget_cents or 0


def with_unique_code(uses: Sequence[Use]) -> list[Use]:
    return [use for use in uses if use.unique_code is not None]


def code_history_of(use: Use) -> History[UniqueCode, Any]:
    return unique_code_history(owner(use), use.campaign_id, use.unique_code or 0)


def owner(use: Use) -> str:
    return owner_of(use.campaign_id, use.dealer)
