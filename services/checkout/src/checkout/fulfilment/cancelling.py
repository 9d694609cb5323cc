"""Cancellation of an order as a whole, which takes back everything that it caused (X-2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from checkout.fulfilment.refusals import (
    OrderConfirmedError,
    OrderReturnedError,
    OrderShippedError,
)
from checkout.fulfilment.state import Placed
from zugabe_events.contracts.checkout import CancelReason, OrderCancelled

REASONS_OF_THE_DEALER: frozenset[CancelReason] = frozenset(
    {"not-available", "damaged", "wrong-delivery"}
)
"""The dealer's staff cancel for these without counting it against the user."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """`by_buyer`: not by the dealer's staff or system. `note` is sealed with the user's key."""

    reason: CancelReason
    note: str | None
    by_buyer: bool
    at: datetime


def cancel(command: Cancel, order: Placed) -> Sequence[OrderCancelled]:
    if order.returns:
        raise OrderReturnedError
    if order.shipments:
        raise OrderShippedError
    terms = order.after_sales
    if command.by_buyer and order.is_confirmed and terms.buyers_cancel_until == "confirmed":
        raise OrderConfirmedError
    first_hold, *more_holds = order.voucher_hold_ids or (None,)
    return [
        OrderCancelled(
            **order.head.fields,
            placed_at=order.placed_at,
            cancelled_at=command.at,
            reason=command.reason,
            voucher_hold_id=first_hold,
            reward_hold_id=order.reward_hold_id,
            goods_cents=order.goods_cents,
            net_cents=order.net_cents,
            more_voucher_hold_ids=tuple(hold for hold in more_holds if hold),
            note=command.note,
            alarm_after_cancellations=(
                terms.alarm_after_cancellations if counts(command, order) else None
            ),
            vouchers=order.vouchers,
        )
    ]


def counts(command: Cancel, order: Placed) -> bool:
    """True for what may be a cycle of ordering and cancelling (S6)."""
    is_the_dealers = not command.by_buyer and command.reason in REASONS_OF_THE_DEALER
    return not order.imported and not is_the_dealers
