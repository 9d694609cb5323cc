"""Read model of the totals of a user's orders and discounts."""

from datetime import date, datetime

from msgspec import field
from msgspec.structs import replace

from zugabe_events.contracts.checkout import (
    CancellationsNoticed,
    OrderCancelled,
    OrderPlaced,
    OrderReturned,
)
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.event import Event, Fact
from zugabe_events.domain.projection import ListOptions, ReadModel


class BuyerView(Fact, frozen=True):
    """Sums are as placed; what was cancelled of them has fields of its own.

    `refusals` counts, by code, vouchers and rewards that orders were placed without.
    `day_goods_cents` are the goods of orders of `day`, the latest in Berlin on which the user
    ordered, less those that were cancelled. `returns` counts returns, `fully_returned` orders of
    which nothing is left. `noticed_at` is when the user had last cancelled as many orders within 30
    days as the terms of sale notice (S6).
    """

    dealer: str
    user: str
    orders: int = 0
    cancelled: int = 0
    goods_cents: int = 0
    net_cents: int = 0
    cancelled_goods_cents: int = 0
    cancelled_net_cents: int = 0
    vouchers_redeemed: int = 0
    voucher_discount_cents: int = 0
    rewards_redeemed: int = 0
    reward_discount_cents: int = 0
    refusals: dict[str, int] = field(default_factory=dict)
    day: date | None = None
    day_goods_cents: int = 0
    returns: int = 0
    fully_returned: int = 0
    returned_goods_cents: int = 0
    returned_net_cents: int = 0
    noticed_at: datetime | None = None

    def goods_of(self, day: date) -> int:
        return self.day_goods_cents if day == self.day else 0


def keys(event: Event) -> tuple[str, ...]:
    match event:
        case (
            OrderPlaced(dealer=dealer, user=user)
            | OrderReturned(dealer=dealer, user=user)
            | OrderCancelled(dealer=dealer, user=user)
            | CancellationsNoticed(dealer=dealer, user=user)
        ):
            return (f"{dealer}/{user}",)
        case _:
            return ()


def project(view: BuyerView | None, event: Event) -> BuyerView | None:
    match event:
        case OrderPlaced():
            before = view or BuyerView(event.dealer, event.user)
            refusals = dict(before.refusals)
            for refused in event.refused:
                refusals[refused.code] = refusals.get(refused.code, 0) + 1
            day, of_day = with_goods(before, event.placed_at, event.goods_cents)
            return replace(
                before,
                orders=before.orders + 1,
                goods_cents=before.goods_cents + event.goods_cents,
                net_cents=before.net_cents + event.net_cents,
                vouchers_redeemed=before.vouchers_redeemed + len(event.vouchers),
                voucher_discount_cents=before.voucher_discount_cents
                + sum(voucher.discount_cents for voucher in event.vouchers),
                rewards_redeemed=before.rewards_redeemed + (event.reward is not None),
                reward_discount_cents=before.reward_discount_cents
                + (event.reward.discount_cents if event.reward else 0),
                refusals=refusals,
                day=day,
                day_goods_cents=of_day,
            )
        case OrderReturned():
            before = view or BuyerView(event.dealer, event.user)
            return replace(
                before,
                returns=before.returns + 1,
                fully_returned=before.fully_returned + event.is_complete,
                returned_goods_cents=before.returned_goods_cents + event.goods_cents,
                returned_net_cents=before.returned_net_cents + event.net_cents,
            )
        case CancellationsNoticed():
            before = view or BuyerView(event.dealer, event.user)
            return replace(before, noticed_at=event.noticed_at)
        case OrderCancelled():
            before = view or BuyerView(event.dealer, event.user)
            return replace(
                before,
                cancelled=before.cancelled + 1,
                cancelled_goods_cents=before.cancelled_goods_cents + event.goods_cents,
                cancelled_net_cents=before.cancelled_net_cents + event.net_cents,
                day_goods_cents=before.day_goods_cents - cancelled_of_day(before, event),
            )
        case _:
            return view


def with_goods(view: BuyerView, placed_at: datetime, goods_cents: int) -> tuple[date, int]:
    """The latest day and its goods, after an order; one of an earlier day is none of its."""
    day = day_of(placed_at)
    if view.day is not None and day < view.day:
        return view.day, view.day_goods_cents
    return day, view.goods_of(day) + goods_cents


def cancelled_of_day(view: BuyerView, cancelled: OrderCancelled) -> int:
    return cancelled.goods_cents if day_of(cancelled.placed_at) == view.day else 0


BUYERS = ReadModel(
    name="checkout.buyers",
    version=3,
    topics=("checkout",),
    view=BuyerView,
    keys=keys,
    project=project,
    lists=ListOptions(("user",), ("user", "net_cents", "orders", "noticed_at")),
    gathers=1.0,
)
