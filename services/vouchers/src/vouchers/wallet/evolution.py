"""A wallet as its events change it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from immutables import Map

from vouchers.wallet.issued import last_day_of
from vouchers.wallet.state import (
    ENDED_TTL,
    MAX_NOTED,
    DatedOrder,
    EndedAttempt,
    Grace,
    IssuedVoucher,
    Redemption,
    UseEvent,
    Wallet,
    WalletEvent,
    of_campaign,
    of_import,
    of_voucher,
)
from zugabe_events.contracts.vouchers import (
    OrderForgotten,
    OrderNoted,
    PastUsesImported,
    VoucherAttemptEnded,
    VoucherAwaited,
    VoucherClawedBack,
    VoucherGraceGranted,
    VoucherHeld,
    VoucherIssued,
    VoucherRedeemed,
    VoucherReleased,
    VoucherReturned,
    VoucherRevoked,
    VoucherUseLost,
)


def without[Value](entries: Mapping[str, Value], key: str) -> Mapping[str, Value]:
    return {name: value for name, value in entries.items() if name != key}


def evolve(wallet: Wallet, event: WalletEvent) -> Wallet:
    match event:
        case OrderNoted():
            noted = sorted({*wallet.orders, DatedOrder(event.placed_at, event.order_id)})
            return replace(wallet, orders=tuple(noted[:MAX_NOTED]))
        case OrderForgotten():
            return forget(wallet, event)
        case VoucherIssued():
            return issue(wallet, event)
        case VoucherAwaited():
            return replace(wallet, awaited={**wallet.awaited, event.voucher_id: event})
        case VoucherRevoked():
            return replace(
                wallet,
                issued=without(wallet.issued, event.voucher_id),
                revoked=wallet.revoked | {event.campaign_id},
            )
        case VoucherClawedBack():
            return wallet
        case PastUsesImported():
            return with_past_uses(wallet, event)
        case (
            VoucherHeld()
            | VoucherRedeemed()
            | VoucherReleased()
            | VoucherReturned()
            | VoucherUseLost()
            | VoucherGraceGranted()
            | VoucherAttemptEnded()
        ):
            return evolve_uses(wallet, event)


def evolve_uses(wallet: Wallet, event: UseEvent) -> Wallet:
    match event:
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
        case VoucherUseLost():
            return replace(wallet, redeemed=without_use(wallet, event.order_id, event.hold_id))
        case VoucherGraceGranted():
            grace = Grace(event.hold_id, event.campaign_id, event.usable_until)
            return replace(wallet, graces=wallet.graces.set(event.hold_id, grace))


def issue(wallet: Wallet, event: VoucherIssued) -> Wallet:
    voucher = IssuedVoucher(
        voucher_id=event.voucher_id,
        campaign_id=event.campaign_id,
        campaign_version=event.campaign_version,
        order_id=event.order_id,
        customer=event.customer,
        code=event.code,
        terms=event.terms,
        valid_until=last_day_of(event),
        recipient=event.recipient,
        claw_back=event.claw_back,
        order_number=event.order_number,
        sender=event.sender,
    )
    return replace(
        wallet,
        issued={**wallet.issued, event.voucher_id: voucher},
        awaited=without(wallet.awaited, event.voucher_id),
        revoked=wallet.revoked - {event.campaign_id},
    )


def forget(wallet: Wallet, event: OrderForgotten) -> Wallet:
    """Without an order, and without the vouchers that it would have earned."""
    order_id = event.order_id
    return replace(
        wallet,
        orders=tuple(noted for noted in wallet.orders if noted.order_id != order_id),
        issued={
            name: (
                replace(voucher, forfeit=True, by_return=event.by_return)
                if voucher.is_lost_with(order_id) and not voucher.forfeit
                else voucher
            )
            for name, voucher in wallet.issued.items()
        },
        awaited={
            name: voucher
            for name, voucher in wallet.awaited.items()
            if voucher.order_id != order_id
        },
    )


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
        event.shipping_cents,
        from_budget=own.from_budget if own else False,
        gives_back=own.gives_back if own else True,
        unique_code=own.unique_code if own else None,
        order_number=event.order_number,
        campaign_version=event.campaign_version,
        code=event.code,
        title=event.title,
        recipient=event.recipient,
    )
    uses = (*wallet.redeemed.get(event.order_id, ()), use)
    redeemed = wallet.redeemed.set(event.order_id, uses)
    after = replace(wallet, redeemed=redeemed, used=counted(wallet.used, use, 1))
    if own is None:
        return after
    # A repeated request for this hold may still be on its way when the order is cancelled.
    free = replace(
        after,
        held=without_hold(after, event.order_id, event.hold_id),
        graces=without_grace(wallet.graces, own.grace_hold_id),
    )
    return end(free, event.order_id, own.attempt, own.deadline, event.redeemed_at)


def give_back(wallet: Wallet, event: VoucherReturned) -> Wallet:
    use = wallet.redemption_of(event.order_id, event.hold_id)
    if use is None:
        return wallet
    redeemed = without_use(wallet, event.order_id, event.hold_id)
    return replace(wallet, redeemed=redeemed, used=counted(wallet.used, use, -1))


def without_use(wallet: Wallet, order_id: str, hold_id: str) -> Map[str, tuple[Redemption, ...]]:
    uses = wallet.redeemed.get(order_id, ())
    left = tuple(use for use in uses if use.hold_id != hold_id)
    if len(left) == len(uses):
        return wallet.redeemed
    return wallet.redeemed.set(order_id, left) if left else wallet.redeemed.delete(order_id)


def without_grace(graces: Map[str, Grace], hold_id: str | None) -> Map[str, Grace]:
    return graces.delete(hold_id) if hold_id is not None and hold_id in graces else graces


def counted(used: Map[str, int], use: Redemption, by: int) -> Map[str, int]:
    names = [of_campaign(use.campaign_id)]
    if use.voucher_id is not None:
        names.append(of_voucher(use.voucher_id))
    for name in names:
        count = used.get(name, 0) + by
        used = used.set(name, count) if count else used.delete(name)
    return used


def with_past_uses(wallet: Wallet, event: PastUsesImported) -> Wallet:
    name, past = of_campaign(event.campaign_id), of_import(event.import_id, event.campaign_id)
    return replace(
        wallet,
        used=wallet.used.set(name, wallet.used.get(name, 0) + event.uses),
        past=wallet.past.set(past, wallet.past.get(past, 0) + event.uses),
    )


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
