"""Hold uses for an attempt of a checkout; release them when checkout ends the attempt (X-1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce

from vouchers.campaign.discount import explanation
from vouchers.limit.decider import limits_of
from vouchers.wallet.combination import Applied, combine
from vouchers.wallet.evolution import evolve
from vouchers.wallet.refusals import AttemptOverError, Use, grace_of, objections
from vouchers.wallet.state import Wallet, WalletEvent
from zugabe_events.contracts.vouchers import (
    VoucherAttemptEnded,
    VoucherHeld,
    VoucherReleased,
    VoucherRevoked,
)
from zugabe_events.domain.errors import RefusedError


@dataclass(frozen=True, slots=True)
class HoldVouchers:
    """All of `uses`, of one cart and in the order in which they were entered, or none.

    `now` is compared with the deadline. `limited` has what shared limits have against a campaign,
    `budgets` the cents that each has left for this order.
    """

    uses: tuple[Use, ...]
    order_id: str
    attempt: int
    deadline: datetime
    now: datetime
    limited: Mapping[str, Sequence[RefusedError]] = field(default_factory=dict)
    budgets: Mapping[str, int] = field(default_factory=dict)

    def hold_id(self, number: int) -> str:
        """The id of the hold that is applied as number `number`."""
        first = f"{self.order_id}/{self.attempt}"
        return first if number == 1 else f"{first}/{number}"


@dataclass(frozen=True, slots=True)
class EndAttempt:
    """Checkout's stream decided that an attempt ended without an order."""

    ended: VoucherAttemptEnded
    reason: str


def hold(command: HoldVouchers, wallet: Wallet) -> Sequence[WalletEvent]:
    earlier = wallet.held.get(command.order_id, ())
    if any(open_hold.attempt == command.attempt for open_hold in earlier):
        return []  # a repeated request
    if is_over(command, wallet):
        raise AttemptOverError
    against = [
        [
            *objections(use, command.order_id, wallet),
            *command.limited.get(use.campaign_id, ()),
        ]
        for use in command.uses
    ]
    combination = combine(command.uses, against, command.budgets)
    if combination.refusals:
        raise combination.refusals[0]
    # Checkout asks with a newer attempt only after its stream has ended the older one, so the
    # older holds are released at once: an order never meets its own holds. In budgets that this
    # attempt uses, too, the new discount takes the place of the old one.
    superseded = [
        released(
            open_hold,
            command.now,
            "superseded",
            from_budget=open_hold.from_budget and open_hold.campaign_id not in command.budgets,
        )
        for open_hold in earlier
    ]
    held = [
        new_hold(command, number, applied, wallet)
        for number, applied in enumerate(combination.applied, start=1)
    ]
    return with_revocations(wallet, [*superseded, *held])


def is_over(command: HoldVouchers, wallet: Wallet) -> bool:
    """A late request must not take a hold that nothing would ever release."""
    ended = wallet.ended.get(command.order_id)
    newer = wallet.held.get(command.order_id, ())
    return (
        command.now > command.deadline
        or (ended is not None and ended.attempt >= command.attempt)
        or any(open_hold.attempt > command.attempt for open_hold in newer)
        or command.order_id in wallet.redeemed
    )


def new_hold(command: HoldVouchers, number: int, applied: Applied, wallet: Wallet) -> VoucherHeld:
    use, terms, discount = applied.use, applied.use.terms, applied.discount
    voucher = wallet.voucher_of(use.campaign_id)
    grace = grace_of(use, command.order_id, wallet)
    limits = limits_of(terms, use.dealer, use.campaign_id, use.customer)
    return VoucherHeld(
        hold_id=command.hold_id(number),
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
        explanation=explanation(use.campaign_version, terms, discount, use.lines, use.restriction),
        title=terms.title,
        lent_voucher_id=use.lent_voucher_id,
        from_budget=terms.budget_cents is not None,
        gives_back=terms.gives_back,
        grace_hold_id=grace.hold_id if grace else None,
        unique_code=use.unique_code,
    )


def end_attempt(command: EndAttempt, wallet: Wallet) -> Sequence[WalletEvent]:
    ended = command.ended
    events: list[WalletEvent] = [
        released(open_hold, ended.ended_at, command.reason, from_budget=open_hold.from_budget)
        for open_hold in wallet.held.get(ended.order_id, ())
        if open_hold.attempt <= ended.attempt
    ]
    latest = reduce(evolve, events, wallet).ended.get(ended.order_id)
    if latest is None or latest.attempt < ended.attempt:
        events.append(ended)
    return with_revocations(wallet, events)


def released(hold: VoucherHeld, at: datetime, reason: str, *, from_budget: bool) -> VoucherReleased:
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
        discount_cents=hold.discount_cents,
        from_budget=from_budget,
        unique_code=hold.unique_code,
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
            customer=voucher.customer,
            order_number=voucher.order_number,
            code=voucher.code,
            sender=voucher.sender,
            by_return=voucher.by_return,
        )
        for voucher in after.issued.values()
        if voucher.forfeit and not after.is_used(voucher.voucher_id)
    ]
    return [*events, *revoked]
