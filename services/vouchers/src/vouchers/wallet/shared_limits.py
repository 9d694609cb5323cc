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
    """The wallet, then each shared limit that the campaign has; where none is, none is counted."""
    return [
        wallet_history(use.dealer, use.user),
        *(limit_history(shared) for shared, _ in shared_by(use)),
    ]


def hold_within_limits(command: HoldVoucher, states: Sequence[Any]) -> list[Sequence[Event]]:
    """All limits must allow it; a use that is held already counts no second time."""
    of_wallet, *of_limits = states
    events = WALLET_DECIDER.decide(command, of_wallet)
    if not events:
        return [[] for _ in states]
    counted = [
        LIMIT_DECIDER.decide(CountUse(shared, command.hold_id, most), uses)
        for (shared, most), uses in zip(shared_by(command.use), of_limits, strict=True)
    ]
    return [events, *counted]


def objections_within_limits(
    use: Use, order_id: str | None, states: Sequence[Any]
) -> list[RefusedError]:
    """Every reason at once, in the order in which the hold would meet them (X-6)."""
    of_wallet, *of_limits = states
    found = objections(use, order_id, of_wallet)
    for (shared, most), uses in zip(shared_by(use), of_limits, strict=True):
        if refusal := objection(shared.kind, most, order_id, uses):
            found.append(refusal)
    return found


def shared_by(use: Use) -> list[tuple[Limit, int]]:
    return limits_of(use.terms, use.dealer, use.campaign_id, use.customer)


def streams_of(held: VoucherHeld) -> tuple[str, ...]:
    """The histories in which a hold is kept, as checkout records them."""
    limits = (Limit(held.dealer, held.campaign_id, kind, held.customer) for kind in held.limits)
    return (
        wallet_history(held.dealer, held.user).stream.id,
        *(limit_history(one).stream.id for one in limits),
    )
