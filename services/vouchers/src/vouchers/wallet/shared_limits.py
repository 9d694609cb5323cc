"""One decision over a wallet and the limits that its user shares with others (VO-14, N-2)."""

from collections.abc import Sequence
from typing import Any

from vouchers.limit.decider import (
    LIMIT_DECIDER,
    CountUse,
    Limit,
    limit_history,
    limits_of,
    objection,
)
from vouchers.wallet.decider import WALLET_DECIDER, wallet_history
from vouchers.wallet.hold import HoldVoucher
from vouchers.wallet.refusals import Use, objections
from zugabe_events.contracts.vouchers import VoucherHeld
from zugabe_events.domain.decider import History
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.event import Event


def histories_of(use: Use) -> list[History[Any, Any]]:
    """The wallet, then each shared limit of the campaign."""
    return [
        wallet_history(use.dealer, use.user),
        *(limit_history(limit) for limit, _ in shared_by(use)),
    ]


def hold_within_limits(command: HoldVoucher, states: Sequence[Any]) -> list[Sequence[Event]]:
    """All limits must allow the hold; a repeated one is not counted again."""
    wallet, *of_limits = states
    events = WALLET_DECIDER.decide(command, wallet)
    if not events:
        return [[] for _ in states]
    counted = [
        LIMIT_DECIDER.decide(CountUse(limit, command.hold_id, max_uses), uses)
        for (limit, max_uses), uses in zip(shared_by(command.use), of_limits, strict=True)
    ]
    return [events, *counted]


def objections_within_limits(
    use: Use, order_id: str | None, states: Sequence[Any]
) -> list[RefusedError]:
    """All refusals, in the order in which a hold would meet them (X-6)."""
    wallet, *of_limits = states
    refusals = objections(use, order_id, wallet)
    for (limit, max_uses), uses in zip(shared_by(use), of_limits, strict=True):
        if refusal := objection(limit.kind, max_uses, order_id, uses):
            refusals.append(refusal)
    return refusals


def shared_by(use: Use) -> list[tuple[Limit, int]]:
    return limits_of(use.terms, use.dealer, use.campaign_id, use.customer)


def streams_of(hold: VoucherHeld) -> tuple[str, ...]:
    """The histories in which a hold is kept, as checkout records them."""
    limits = (Limit(hold.dealer, hold.campaign_id, kind, hold.customer) for kind in hold.limits)
    return (
        wallet_history(hold.dealer, hold.user).stream.id,
        *(limit_history(limit).stream.id for limit in limits),
    )
