"""State of a wallet: first orders, vouchers, and uses held and redeemed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain

from immutables import Map

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
from zugabe_events.domain.expiring_map import ExpiringMap

MAX_NOTED = 10
"""Earliest orders of a user that are remembered: enough to outlive cancellations (Q7)."""

ENDED_TTL = timedelta(days=1)
"""Time after its deadline for which an ended attempt is remembered; no request takes longer."""

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
class DatedOrder:
    """An order by its business time; the id breaks ties."""

    placed_at: datetime
    order_id: str


@dataclass(frozen=True, slots=True)
class IssuedVoucher:
    """`forfeit`: the order that earned it was cancelled, so it is revoked once nothing uses it."""

    voucher_id: str
    campaign_id: str
    order_id: str
    recipient: Person | None
    forfeit: bool = False


@dataclass(frozen=True, slots=True)
class Redemption:
    hold_id: str
    campaign_id: str
    voucher_id: str | None
    customer: str
    limits: tuple[LimitKind, ...]
    discount_cents: int


@dataclass(frozen=True, slots=True)
class EndedAttempt:
    """The highest attempt of an order that is over."""

    attempt: int
    deadline: datetime


@dataclass(frozen=True, slots=True)
class Wallet:
    """`held`, `redeemed` and `ended` are by order, `issued` by voucher.

    An order holds and redeems several vouchers, each of another campaign, in the order in which
    they are applied. `used` counts what is redeemed, by campaign and by voucher: a user may have
    thousands.
    """

    orders: tuple[DatedOrder, ...] = ()
    issued: Mapping[str, IssuedVoucher] = field(default_factory=dict)
    held: Mapping[str, tuple[VoucherHeld, ...]] = field(default_factory=dict)
    redeemed: Map[str, tuple[Redemption, ...]] = field(default_factory=Map)
    used: Map[str, int] = field(default_factory=Map)
    ended: ExpiringMap[EndedAttempt] = field(default_factory=ExpiringMap)

    def voucher_of(self, campaign_id: str) -> IssuedVoucher | None:
        """The voucher that the user has from a second-purchase campaign."""
        vouchers = self.issued.values()
        return next((each for each in vouchers if each.campaign_id == campaign_id), None)

    def uses(self, campaign_id: str, but_order: str | None) -> int:
        """Uses held and redeemed; attempts of `but_order` do not block each other."""
        own = self.redeemed.get(but_order, ()) if but_order else ()
        return (
            sum(
                hold.campaign_id == campaign_id and hold.order_id != but_order
                for hold in self.holds
            )
            + self.used.get(of_campaign(campaign_id), 0)
            - sum(use.campaign_id == campaign_id for use in own)
        )

    @property
    def holds(self) -> Iterator[VoucherHeld]:
        return chain.from_iterable(self.held.values())

    def is_used(self, voucher_id: str) -> bool:
        return of_voucher(voucher_id) in self.used or any(
            hold.voucher_id == voucher_id for hold in self.holds
        )

    def hold_of(self, order_id: str, hold_id: str) -> VoucherHeld | None:
        holds = self.held.get(order_id, ())
        return next((hold for hold in holds if hold.hold_id == hold_id), None)

    def redemption_of(self, order_id: str, hold_id: str) -> Redemption | None:
        uses = self.redeemed.get(order_id, ())
        return next((use for use in uses if use.hold_id == hold_id), None)


def of_campaign(campaign_id: str) -> str:
    return f"campaign/{campaign_id}"


def of_voucher(voucher_id: str) -> str:
    return f"voucher/{voucher_id}"


def without[Value](entries: Mapping[str, Value], key: str) -> Mapping[str, Value]:
    return {name: value for name, value in entries.items() if name != key}


def evolve(wallet: Wallet, event: WalletEvent) -> Wallet:
    match event:
        case OrderNoted():
            noted = sorted({*wallet.orders, DatedOrder(event.placed_at, event.order_id)})
            return replace(wallet, orders=tuple(noted[:MAX_NOTED]))
        case OrderForgotten():
            kept = tuple(noted for noted in wallet.orders if noted.order_id != event.order_id)
            issued = {
                name: replace(
                    voucher, forfeit=voucher.forfeit or voucher.order_id == event.order_id
                )
                for name, voucher in wallet.issued.items()
            }
            return replace(wallet, orders=kept, issued=issued)
        case VoucherIssued():
            voucher = IssuedVoucher(
                event.voucher_id, event.campaign_id, event.order_id, event.recipient
            )
            return replace(wallet, issued={**wallet.issued, event.voucher_id: voucher})
        case VoucherRevoked():
            return replace(wallet, issued=without(wallet.issued, event.voucher_id))
        case VoucherHeld():
            return replace(wallet, held={**wallet.held, event.order_id: with_hold(wallet, event)})
        case VoucherRedeemed():
            return redeem(wallet, event)
        case VoucherReleased():
            free = replace(wallet, held=without_hold(wallet, event.order_id, event.hold_id))
            return end(free, event.order_id, event.attempt, event.deadline, event.ended_at)
        case VoucherAttemptEnded():
            return end(wallet, event.order_id, event.attempt, event.deadline, event.ended_at)
        case VoucherReturned():
            return give_back(wallet, event)


def with_hold(wallet: Wallet, event: VoucherHeld) -> tuple[VoucherHeld, ...]:
    """The holds of an order with a new one; those of another attempt are over."""
    holds = wallet.held.get(event.order_id, ())
    return (*(hold for hold in holds if hold.attempt == event.attempt), event)


def without_hold(
    wallet: Wallet, order_id: str, hold_id: str
) -> Mapping[str, tuple[VoucherHeld, ...]]:
    holds = wallet.held.get(order_id, ())
    left = tuple(hold for hold in holds if hold.hold_id != hold_id)
    if len(left) == len(holds):
        return wallet.held
    return {**wallet.held, order_id: left} if left else without(wallet.held, order_id)


def redeem(wallet: Wallet, event: VoucherRedeemed) -> Wallet:
    own = wallet.hold_of(event.order_id, event.hold_id)
    use = Redemption(
        event.hold_id,
        event.campaign_id,
        event.voucher_id,
        event.customer,
        own.limits if own else (),
        event.discount_cents,
    )
    uses = (*wallet.redeemed.get(event.order_id, ()), use)
    redeemed = wallet.redeemed.set(event.order_id, uses)
    after = replace(wallet, redeemed=redeemed, used=counted(wallet.used, use, 1))
    if own is None:
        return after
    # A repeated request for this hold may still be on its way when the order is cancelled.
    free = replace(after, held=without_hold(after, event.order_id, event.hold_id))
    return end(free, event.order_id, own.attempt, own.deadline, event.redeemed_at)


def give_back(wallet: Wallet, event: VoucherReturned) -> Wallet:
    use = wallet.redemption_of(event.order_id, event.hold_id)
    if use is None:
        return wallet
    left = tuple(other for other in wallet.redeemed[event.order_id] if other is not use)
    redeemed = (
        wallet.redeemed.set(event.order_id, left)
        if left
        else wallet.redeemed.delete(event.order_id)
    )
    return replace(wallet, redeemed=redeemed, used=counted(wallet.used, use, -1))


def counted(used: Map[str, int], use: Redemption, by: int) -> Map[str, int]:
    names = [of_campaign(use.campaign_id)]
    if use.voucher_id is not None:
        names.append(of_voucher(use.voucher_id))
    for name in names:
        count = used.get(name, 0) + by
        used = used.set(name, count) if count else used.delete(name)
    return used


def end(
    wallet: Wallet, order_id: str, attempt: int, deadline: datetime, ended_at: datetime
) -> Wallet:
    """Remember that an attempt has ended, unless a newer one has."""
    before = wallet.ended.get(order_id)
    if before is not None and before.attempt >= attempt:
        return wallet
    ended = wallet.ended.put(
        order_id, EndedAttempt(attempt, deadline), deadline + ENDED_TTL, ended_at
    )
    return replace(wallet, ended=ended)
