"""What a user has, folded from his events: orders, vouchers, uses held and redeemed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from zugabe_events.contracts.checkout import Person
from zugabe_events.contracts.vouchers import (
    LimitKind,
    OrderForgotten,
    OrderNoted,
    VoucherAttemptEnded,
    VoucherHeld,
    VoucherIssued,
    VoucherRedeemed,
    VoucherReleased,
    VoucherReturned,
    VoucherRevoked,
)

NOTED = 10
"""So many of a user's earliest orders are remembered: enough to outlive cancellations (Q7)."""

MEMORY = timedelta(days=1)
"""So long after its deadline an ended attempt is remembered; by then no request is on its way."""

type WalletEvent = (
    OrderNoted
    | OrderForgotten
    | VoucherIssued
    | VoucherRevoked
    | VoucherHeld
    | VoucherRedeemed
    | VoucherReleased
    | VoucherReturned
    | VoucherAttemptEnded
)


@dataclass(frozen=True, slots=True, order=True)
class Noted:
    """Orders are in business time; the id decides between equal ones."""

    placed_at: datetime
    order_id: str


@dataclass(frozen=True, slots=True)
class Issued:
    """`forfeit`: the order that earned it was cancelled, so it goes once nothing uses it."""

    voucher_id: str
    campaign_id: str
    order_id: str
    recipient: Person | None
    forfeit: bool = False


@dataclass(frozen=True, slots=True)
class Redeemed:
    order_id: str
    campaign_id: str
    voucher_id: str | None
    customer: str
    limits: tuple[LimitKind, ...]
    discount_cents: int


@dataclass(frozen=True, slots=True)
class Ended:
    """The highest attempt of an order that is over."""

    attempt: int
    deadline: datetime


@dataclass(frozen=True, slots=True)
class Wallet:
    """`held` and `ended` are by order, `redeemed` by hold, `issued` by voucher."""

    orders: tuple[Noted, ...] = ()
    issued: Mapping[str, Issued] = field(default_factory=dict)
    held: Mapping[str, VoucherHeld] = field(default_factory=dict)
    redeemed: Mapping[str, Redeemed] = field(default_factory=dict)
    ended: Mapping[str, Ended] = field(default_factory=dict)

    def voucher_of(self, campaign_id: str) -> Issued | None:
        """The voucher of a second-purchase campaign that the user got and still has."""
        issued = self.issued.values()
        return next((one for one in issued if one.campaign_id == campaign_id), None)

    def all_uses(self) -> Iterable[VoucherHeld | Redeemed]:
        yield from self.held.values()
        yield from self.redeemed.values()

    def uses(self, campaign_id: str, but_order: str | None) -> int:
        """Held and redeemed, without those of an order whose attempts must not block each other."""
        return sum(
            use.campaign_id == campaign_id and use.order_id != but_order for use in self.all_uses()
        )

    def is_used(self, voucher_id: str) -> bool:
        return any(use.voucher_id == voucher_id for use in self.all_uses())

    def has_redeemed(self, order_id: str) -> bool:
        return any(use.order_id == order_id for use in self.redeemed.values())


def without[Value](known: Mapping[str, Value], key: str) -> Mapping[str, Value]:
    return {name: value for name, value in known.items() if name != key}


def evolve(wallet: Wallet, event: WalletEvent) -> Wallet:
    match event:
        case OrderNoted():
            noted = sorted({*wallet.orders, Noted(event.placed_at, event.order_id)})
            return replace(wallet, orders=tuple(noted[:NOTED]))
        case OrderForgotten():
            kept = tuple(one for one in wallet.orders if one.order_id != event.order_id)
            issued = {
                name: replace(one, forfeit=one.forfeit or one.order_id == event.order_id)
                for name, one in wallet.issued.items()
            }
            return replace(wallet, orders=kept, issued=issued)
        case VoucherIssued():
            one = Issued(event.voucher_id, event.campaign_id, event.order_id, event.recipient)
            return replace(wallet, issued={**wallet.issued, event.voucher_id: one})
        case VoucherRevoked():
            return replace(wallet, issued=without(wallet.issued, event.voucher_id))
        case VoucherHeld():
            return replace(wallet, held={**wallet.held, event.order_id: event})
        case VoucherRedeemed():
            return redeem(wallet, event)
        case VoucherReleased() if is_held(wallet, event.order_id, event.hold_id):
            free = replace(wallet, held=without(wallet.held, event.order_id))
            return end(free, event.order_id, event.attempt, event.deadline, event.ended_at)
        case VoucherReleased() | VoucherAttemptEnded():
            return end(wallet, event.order_id, event.attempt, event.deadline, event.ended_at)
        case VoucherReturned():
            return replace(wallet, redeemed=without(wallet.redeemed, event.hold_id))


def is_held(wallet: Wallet, order_id: str, hold_id: str) -> bool:
    held = wallet.held.get(order_id)
    return held is not None and held.hold_id == hold_id


def redeem(wallet: Wallet, event: VoucherRedeemed) -> Wallet:
    held = wallet.held.get(event.order_id)
    known = held if held is not None and held.hold_id == event.hold_id else None
    use = Redeemed(
        event.order_id,
        event.campaign_id,
        event.voucher_id,
        event.customer,
        known.limits if known else (),
        event.discount_cents,
    )
    after = replace(wallet, redeemed={**wallet.redeemed, event.hold_id: use})
    if known is None:
        return after
    # A repeated request for this hold may still be on its way when the order is cancelled.
    free = replace(after, held=without(after.held, event.order_id))
    return end(free, event.order_id, known.attempt, known.deadline, event.redeemed_at)


def end(
    wallet: Wallet, order_id: str, attempt: int, deadline: datetime, ended_at: datetime
) -> Wallet:
    """Remember that an attempt is over, and forget those whose time has passed."""
    remembered = {
        order: one for order, one in wallet.ended.items() if one.deadline + MEMORY >= ended_at
    }
    before = remembered.get(order_id)
    if before is None or before.attempt < attempt:
        remembered[order_id] = Ended(attempt, deadline)
    return replace(wallet, ended=remembered)
