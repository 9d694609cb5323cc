"""Read model of redeemed vouchers: user, time, campaign and order of each (VO-39)."""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from zugabe_events.contracts.vouchers import VoucherRedeemed, VoucherReturned
from zugabe_events.domain.event import Event, Fact
from zugabe_events.domain.projection import ListOptions, ReadModel


class RedeemedView(Fact, frozen=True):
    """`returned`: the order was cancelled and the use given back.

    `name`, the user's, is filled in when it is queried, and so is a `title` that was not recorded.
    """

    dealer: str
    hold_id: str
    user: str
    customer: str
    redeemed_at: datetime
    campaign_id: str
    title: str
    code: str
    order_id: str
    order_number: str
    base_cents: int
    discount_cents: int
    returned: bool = False
    name: str = ""


def keys(event: Event) -> Sequence[str]:
    match event:
        case VoucherRedeemed() | VoucherReturned():
            return [f"{event.dealer}/{event.hold_id}"]
        case _:
            return []


def project(view: RedeemedView | None, event: Event) -> RedeemedView | None:
    match view, event:
        case _, VoucherRedeemed():
            return RedeemedView(
                dealer=event.dealer,
                hold_id=event.hold_id,
                user=event.user,
                customer=event.customer,
                redeemed_at=event.redeemed_at,
                campaign_id=event.campaign_id,
                title=event.title,
                code=event.code,
                order_id=event.order_id,
                order_number=event.order_number,
                base_cents=event.base_cents,
                discount_cents=event.discount_cents,
            )
        case RedeemedView(), VoucherReturned():
            return replace(view, returned=True)
        case _:
            return view


REDEEMED = ReadModel(
    name="vouchers.redeemed",
    version=2,
    topics=("vouchers",),
    view=RedeemedView,
    keys=keys,
    project=project,
    lists=ListOptions(
        ("returned", "user", "campaign_id", "order_id"), ("redeemed_at", "discount_cents")
    ),
    gathers=1.0,
)
