"""Read model of the vouchers that users earned, with the uses that are left of each."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from msgspec.structs import replace

from vouchers.campaign.terms import uses_per_user
from vouchers.wallet.cancellation_words import cancelled
from vouchers.wallet.issued import last_day_of
from zugabe_events.contracts.vouchers import (
    DiscountType,
    VoucherGraceGranted,
    VoucherHeld,
    VoucherIssued,
    VoucherRedeemed,
    VoucherReleased,
    VoucherReturned,
    VoucherRevoked,
)
from zugabe_events.domain.calendar import german_date
from zugabe_events.domain.event import Event, Fact
from zugabe_events.domain.german_numbers import thousands
from zugabe_events.domain.projection import ListOptions, ReadModel

type VoucherStatus = Literal["unused", "held", "redeemed", "revoked"]


class VoucherView(Fact, frozen=True):
    """`order_id` is the order that earned it; `remaining_uses` of None is unlimited.

    `notice` is the German sentence that the shop shows the user (VO-33, VO-35). A use that was
    given back after the end is left until `grace_until` (X-2). The order was cancelled, or returned
    as a whole where `grace_by_return` or `revoked_by_return` says so. `name` is the user's, filled
    in when staff ask.
    """

    dealer: str
    voucher_id: str
    customer: str
    user: str
    campaign_id: str
    title: str
    code: str
    discount_type: DiscountType
    value: int
    minimum_cents: int
    valid_until: date
    order_id: str
    order_number: str
    status: VoucherStatus
    holds: tuple[str, ...]
    redeemed: int
    uses: int
    max_per_user: int | None
    remaining_uses: int | None
    notice: str
    max_per_customer: int | None = None
    grace_until: date | None = None
    grace_by_return: bool = False
    revoked_by_return: bool = False
    name: str = ""


def keys(event: Event) -> Sequence[str]:
    """Uses of campaigns without earned vouchers are not shown."""
    match event:
        case VoucherIssued() | VoucherRevoked():
            return [f"{event.dealer}/{event.voucher_id}"]
        case (
            VoucherHeld()
            | VoucherReleased()
            | VoucherRedeemed()
            | VoucherReturned()
            | VoucherGraceGranted()
        ):
            return [f"{event.dealer}/{event.voucher_id}"] if event.voucher_id else []
        case _:
            return []


def project(view: VoucherView | None, event: Event) -> VoucherView | None:
    match view, event:
        case None, VoucherIssued():
            return issued(event)
        case VoucherView(), VoucherHeld(hold_id=hold_id):
            return counted(replace(view, holds=(*view.holds, hold_id)))
        case VoucherView(), VoucherReleased(hold_id=hold_id):
            return counted(let_go(view, hold_id))
        case VoucherView(), VoucherRedeemed(hold_id=hold_id):
            used = replace(let_go(view, hold_id), redeemed=view.redeemed + 1, grace_until=None)
            return counted(used)
        case VoucherView(), VoucherGraceGranted(usable_until=until, by_return=by_return):
            return replace(view, grace_until=until, grace_by_return=by_return)
        case VoucherView(), VoucherReturned():
            return counted(replace(view, redeemed=view.redeemed - 1))
        case VoucherView(), VoucherRevoked(by_return=by_return):
            return counted(replace(view, status="revoked", revoked_by_return=by_return))
        case _:
            return view


def let_go(view: VoucherView, hold_id: str) -> VoucherView:
    return replace(view, holds=tuple(other for other in view.holds if other != hold_id))


def issued(event: VoucherIssued) -> VoucherView:
    terms = event.terms
    return counted(
        VoucherView(
            dealer=event.dealer,
            voucher_id=event.voucher_id,
            customer=event.customer,
            user=event.user,
            campaign_id=event.campaign_id,
            title=terms.title,
            code=event.code,
            discount_type=terms.discount_type,
            value=terms.value,
            minimum_cents=terms.minimum_cents,
            valid_until=last_day_of(event),
            order_id=event.order_id,
            order_number=event.order_number,
            status="unused",
            holds=(),
            redeemed=0,
            uses=0,
            max_per_user=uses_per_user(terms),
            remaining_uses=None,
            notice="",
            max_per_customer=terms.max_per_customer,
        )
    )


def counted(view: VoucherView) -> VoucherView:
    """Derive the fields that follow from the others."""
    uses = len(view.holds) + view.redeemed
    limit = view.max_per_user
    remaining = None if limit is None else max(limit - uses, 0)
    if view.status == "revoked":
        remaining = 0
    view = replace(view, uses=uses, remaining_uses=remaining)
    view = replace(view, status=status_of(view))
    return replace(view, notice=notice_of(view))


def status_of(view: VoucherView) -> VoucherStatus:
    if view.status == "revoked":
        return "revoked"
    if view.redeemed:
        return "redeemed"
    return "held" if view.holds else "unused"


def notice_of(view: VoucherView) -> str:
    if view.status == "revoked":
        return (
            f"Der Gutscheincode {view.code} wurde zurückgenommen, da die Bestellung "
            f"{view.order_number} {cancelled(by_return=view.revoked_by_return)} wurde."
        )
    return uses_left(view.code, view.valid_until, view.remaining_uses)


def uses_left(code: str, valid_until: date, remaining: int | None) -> str:
    """A sentence for the user about a code (VO-35). Others may have used it up as well."""
    until = german_date(valid_until)
    if remaining is None:
        return f"Sie können Ihren Gutscheincode {code} bis zum {until} beliebig oft verwenden."
    if remaining == 0:
        return f"Ihr Gutscheincode {code} ist aufgebraucht."
    often = f"noch {thousands(remaining)} Mal"
    return f"Sie können Ihren Gutscheincode {code} bis zum {until} {often} verwenden."


VOUCHERS = ReadModel(
    name="vouchers.issued",
    version=7,
    topics=("vouchers",),
    view=VoucherView,
    keys=keys,
    project=project,
    lists=ListOptions(("user", "order_id", "campaign_id", "status"), ("voucher_id", "valid_until")),
)
