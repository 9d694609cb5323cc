"""One decision over a wallet and the limits that its user shares with others (VO-14, N-2)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

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
from zugabe_events.contracts.vouchers import VoucherHeld
from zugabe_events.domain.decider import History
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.event import Event


def histories_of(uses: Sequence[Use]) -> list[History[Any, Any]]:
    """The wallet of the user, then each shared limit of each campaign.

    Every version of a campaign's terms has the same kinds of limit.
    """
    return [
        wallet_history(uses[0].dealer, uses[0].user),
        *(limit_history(limit) for _, limit, _ in shared_by(uses)),
    ]


def hold_within_limits(command: HoldVouchers, states: Sequence[Any]) -> list[Sequence[Event]]:
    """All limits must allow their holds; a repeated one is not counted again."""
    wallet, *of_limits = states
    limited = limit_objections(command.uses, command.order_id, of_limits)
    events = WALLET_DECIDER.decide(replace(command, limited=limited), wallet)
    if not events:
        return [[] for _ in states]
    holds = {event.campaign_id: event.hold_id for event in events if isinstance(event, VoucherHeld)}
    counted = [
        LIMIT_DECIDER.decide(CountUse(limit, holds[use.campaign_id], max_uses), uses)
        for (use, limit, max_uses), uses in zip(shared_by(command.uses), of_limits, strict=True)
    ]
    return [events, *counted]


def check_within_limits(
    uses: Sequence[Use], order_id: str | None, states: Sequence[Any]
) -> Combination:
    """As a hold would decide, with all refusals, in the order in which it meets them (X-6)."""
    wallet, *of_limits = states
    limited = limit_objections(uses, order_id, of_limits)
    against = [[*objections(use, order_id, wallet), *limited[use.campaign_id]] for use in uses]
    return combine(uses, against)


def limit_objections(
    uses: Sequence[Use], order_id: str | None, of_limits: Sequence[Uses]
) -> Mapping[str, Sequence[RefusedError]]:
    """The refusals by limits that the user shares with others, by campaign."""
    found: dict[str, list[RefusedError]] = {use.campaign_id: [] for use in uses}
    for (use, limit, max_uses), counted in zip(shared_by(uses), of_limits, strict=True):
        if refusal := objection(limit.kind, max_uses, order_id, counted):
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
    return (
        wallet_history(hold.dealer, hold.user).stream.id,
        *(limit_history(limit).stream.id for limit in limits),
    )
