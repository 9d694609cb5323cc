"""Hold a use for an attempt of a checkout; release it when checkout ends the attempt (X-1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce

from vouchers.campaign.discount import discount_of, explanation
from vouchers.limit.decider import limits_of
from vouchers.wallet.refusals import AttemptOverError, Use, objections
from vouchers.wallet.state import Wallet, WalletEvent, evolve
from zugabe_events.contracts.vouchers import (
    VoucherAttemptEnded,
    VoucherHeld,
    VoucherReleased,
    VoucherRevoked,
)


@dataclass(frozen=True, slots=True)
class HoldVoucher:
    """`now` is compared with the deadline."""

    use: Use
    order_id: str
    attempt: int
    deadline: datetime
    now: datetime

    @property
    def hold_id(self) -> str:
        return f"{self.order_id}/{self.attempt}"


@dataclass(frozen=True, slots=True)
class EndAttempt:
    """Checkout's stream decided that an attempt ended without an order."""

    ended: VoucherAttemptEnded
    reason: str


def hold(command: HoldVoucher, wallet: Wallet) -> Sequence[WalletEvent]:
    earlier = wallet.held.get(command.order_id)
    if earlier and earlier.attempt == command.attempt:
        return []  # a repeated request
    if is_over(command, wallet):
        raise AttemptOverError
    if refusals := objections(command.use, command.order_id, wallet):
        raise refusals[0]
    # Checkout asks with a newer attempt only after its stream has ended the older one, so the
    # older hold is released at once: an order never meets its own hold.
    superseded = [released(earlier, command.now, "superseded")] if earlier else []
    return with_revocations(wallet, [*superseded, new_hold(command, wallet)])


def is_over(command: HoldVoucher, wallet: Wallet) -> bool:
    """A late request must not take a hold that nothing would ever release."""
    ended = wallet.ended.get(command.order_id)
    newer = wallet.held.get(command.order_id)
    return (
        command.now > command.deadline
        or (ended is not None and ended.attempt >= command.attempt)
        or (newer is not None and newer.attempt > command.attempt)
        or wallet.has_redeemed(command.order_id)
    )


def new_hold(command: HoldVoucher, wallet: Wallet) -> VoucherHeld:
    use, terms = command.use, command.use.terms
    voucher = wallet.voucher_of(use.campaign_id)
    discount = discount_of(terms, use.lines)
    limits = limits_of(terms, use.dealer, use.campaign_id, use.customer)
    return VoucherHeld(
        hold_id=command.hold_id,
        order_id=command.order_id,
        attempt=command.attempt,
        campaign_id=use.campaign_id,
        campaign_version=use.campaign_version,
        voucher_id=voucher.voucher_id if voucher else None,
        dealer=use.dealer,
        customer=use.customer,
        user=use.user,
        code=terms.code,
        discount_type=terms.discount_type,
        base_cents=discount.base_cents,
        discount_cents=discount.discount_cents,
        shares=discount.shares,
        limits=tuple(limit.kind for limit, _ in limits),
        deadline=command.deadline,
        explanation=explanation(use.campaign_version, terms, discount),
        title=terms.title,
    )


def end_attempt(command: EndAttempt, wallet: Wallet) -> Sequence[WalletEvent]:
    events: list[WalletEvent] = []
    ended = command.ended
    open_hold = wallet.held.get(ended.order_id)
    if open_hold and open_hold.attempt <= ended.attempt:
        events.append(released(open_hold, ended.ended_at, command.reason))
    latest = reduce(evolve, events, wallet).ended.get(ended.order_id)
    if latest is None or latest.attempt < ended.attempt:
        events.append(ended)
    return with_revocations(wallet, events)


def released(hold: VoucherHeld, at: datetime, reason: str) -> VoucherReleased:
    return VoucherReleased(
        hold_id=hold.hold_id,
        order_id=hold.order_id,
        attempt=hold.attempt,
        campaign_id=hold.campaign_id,
        voucher_id=hold.voucher_id,
        dealer=hold.dealer,
        customer=hold.customer,
        user=hold.user,
        limits=hold.limits,
        deadline=hold.deadline,
        ended_at=at,
        reason=reason,
    )


def with_revocations(wallet: Wallet, events: Sequence[WalletEvent]) -> Sequence[WalletEvent]:
    """Revoke vouchers whose order was cancelled as soon as nothing uses them any more (Q7)."""
    if not events:
        return events
    after = reduce(evolve, events, wallet)
    dealer, user = events[0].dealer, events[0].user
    revoked = [
        VoucherRevoked(
            voucher_id=voucher.voucher_id,
            campaign_id=voucher.campaign_id,
            dealer=dealer,
            user=user,
            order_id=voucher.order_id,
            recipient=voucher.recipient,
        )
        for voucher in after.issued.values()
        if voucher.forfeit and not after.is_used(voucher.voucher_id)
    ]
    return [*events, *revoked]
