"""VO-40, VO-42: the sums equal a calculation from the orders themselves, in any order of lanes."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from vouchers.statistics.revenue import REVENUE, RevenueView, revenue_of
from vouchers.statistics.view import CAMPAIGN_STATISTICS, DEALER_STATISTICS, USER_STATISTICS
from zugabe_events.contracts.checkout import (
    OrderPlaced,
    ShippingCharged,
    VoucherApplied,
    VoucherShare,
)
from zugabe_events.domain.event import Event
from zugabe_testing.views import InMemoryViews

START = datetime(2026, 3, 27, 21, tzinfo=UTC)
"""Two days before the clocks change in Berlin."""
CAMPAIGNS = ("central-summer", "spring", "thanks")
DEALERS, USERS = ("acme", "other"), ("anna", "bert")


@dataclass
class Bought:
    """An order as a shop keeper would note it: what was bought, and how much of it came back."""

    dealer: str
    user: str
    at: datetime
    goods: int
    discounts: dict[str, int]
    saved_by: str | None
    back: list[tuple[int, dict[str, int]]] = field(default_factory=list)
    is_cancelled: bool = False

    @property
    def net(self) -> int:
        return self.goods - sum(self.discounts.values())


@st.composite
def bought(draw: st.DrawFn) -> Bought:
    discounts = draw(st.dictionaries(st.sampled_from(CAMPAIGNS), st.integers(0, 500), max_size=3))
    order = Bought(
        draw(st.sampled_from(DEALERS)),
        draw(st.sampled_from(USERS)),
        START + timedelta(hours=draw(st.integers(0, 24 * 70))),
        sum(discounts.values()) + draw(st.integers(0, 5_000)),
        discounts,
        draw(st.sampled_from((None, *discounts))),
    )
    left, discounts_left = order.goods, dict(discounts)
    for _ in range(draw(st.integers(0, 2))):
        taken = {name: draw(st.integers(0, some)) for name, some in discounts_left.items()}
        goods = sum(taken.values()) + draw(st.integers(0, left - sum(discounts_left.values())))
        order.back.append((goods, taken))
        left -= goods
        discounts_left = {name: some - taken[name] for name, some in discounts_left.items()}
    order.is_cancelled = draw(st.booleans())
    return order


@settings(max_examples=200, deadline=None)
@given(orders=st.lists(bought(), max_size=8), data=st.data())
async def test_sums_equal_a_calculation_from_the_orders(
    orders: list[Bought],
    data: st.DataObject,
    placed: Callable[..., OrderPlaced],
    returned: Callable[..., Any],
    cancelled: Callable[..., Any],
) -> None:
    by_campaign = InMemoryViews(CAMPAIGN_STATISTICS, [])
    by_user = InMemoryViews(USER_STATISTICS, [])
    by_dealer = InMemoryViews(DEALER_STATISTICS, [])
    revenue: InMemoryViews[RevenueView] = InMemoryViews(REVENUE, [])
    waiting = [
        events_of(f"o{number}", order, placed, returned, cancelled)
        for number, order in enumerate(orders)
    ]
    while any(waiting):
        event = data.draw(st.sampled_from([one for one in waiting if one])).pop(0)
        for views in (by_campaign, by_user, by_dealer, revenue):
            views.fold(event)

    matches(by_campaign, calculated(orders, "{dealer}/{campaign}"))
    matches(by_user, calculated(orders, "{dealer}/{campaign}/{user}"))
    matches(by_dealer, calculated(orders, "{campaign}/{dealer}", CAMPAIGNS[:1]))

    first = data.draw(st.dates(date(2026, 3, 27), date(2026, 6, 10)))
    last = data.draw(st.dates(first, date(2026, 6, 10)))
    for dealer in DEALERS:
        found = await revenue_of(revenue, dealer, USERS, first, last)
        assert found == {
            user: sum(
                order.net - sum(goods - sum(taken.values()) for goods, taken in order.back)
                for order in orders
                if (order.dealer, order.user) == (dealer, user)
                and not order.is_cancelled
                and first <= berlin(order.at) <= last
            )
            for user in USERS
        }


def berlin(at: datetime) -> date:
    """By hand: the clocks go forward on 29 March at 01:00 UTC."""
    hours = 2 if at >= datetime(2026, 3, 29, 1, tzinfo=UTC) else 1
    return (at + timedelta(hours=hours)).date()


def matches(views: InMemoryViews[Any], expected: Mapping[str, Counter[str]]) -> None:
    assert views.documents.keys() == expected.keys()
    for key, sums in expected.items():
        assert {name: getattr(views.documents[key], name) for name in sums} == sums


def calculated(
    orders: Sequence[Bought], key: str, campaigns: Sequence[str] = CAMPAIGNS
) -> Mapping[str, Counter[str]]:
    """The figures by the keys of a read model, for some of the campaigns."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for order in orders:
        for name in {*order.discounts}.intersection(campaigns):
            sums = found[key.format(dealer=order.dealer, user=order.user, campaign=name)]
            if order.is_cancelled:
                sums.update(uses=0, cancelled_uses=1, goods_cents=0, revenue_cents=0)
                sums.update(discount_cents=0, shipping_cents=0)
                continue
            kept = order.goods - sum(goods for goods, _ in order.back)
            discounts = {
                each: some - sum(taken[each] for _, taken in order.back)
                for each, some in order.discounts.items()
            }
            sums.update(
                uses=1,
                cancelled_uses=0,
                goods_cents=kept,
                revenue_cents=kept - sum(discounts.values()),
                discount_cents=discounts[name],
                shipping_cents=490 if order.saved_by == name else 0,
            )
    return found


def events_of(
    order_id: str,
    order: Bought,
    placed: Callable[..., OrderPlaced],
    returned: Callable[..., Any],
    cancelled: Callable[..., Any],
) -> list[Event]:
    """What checkout says of it. An order with returns is cancelled by returning the rest."""
    vouchers = [applied(order_id, order, name) for name in order.discounts]
    shipping = ShippingCharged("DE", 0, 490, "voucher", ()) if order.saved_by else None
    common = {"order_id": order_id, "dealer": order.dealer, "user": order.user}
    events: list[Event] = [
        placed(
            at=order.at,
            goods_cents=order.goods,
            net_cents=order.net,
            voucher=vouchers[0] if vouchers else None,
            more_vouchers=tuple(vouchers[1:]),
            shipping=shipping,
            **common,
        )
    ]
    left, discounts = order.goods, dict(order.discounts)

    def back(goods: int, taken: dict[str, int], *, is_last: bool) -> Event:
        shares = tuple(
            VoucherShare(name, "A", cents, 490 if is_last and order.saved_by == name else 0)
            for name, cents in taken.items()
        )
        event: Event = returned(
            **common,
            placed_at=order.at,
            goods_cents=goods,
            net_cents=goods - sum(taken.values()),
            is_complete=is_last,
            is_cancellation=is_last,
            vouchers=shares,
        )
        return event

    for goods, taken in order.back:
        events.append(back(goods, taken, is_last=False))
        left -= goods
        discounts = {name: some - taken[name] for name, some in discounts.items()}
    if order.is_cancelled and order.back:
        events.append(back(left, discounts, is_last=True))
    elif order.is_cancelled:
        shares = tuple(
            VoucherShare(name, "A", cents, 490 if order.saved_by == name else 0)
            for name, cents in discounts.items()
        )
        whole = replace(
            cancelled(order_id, order.at, user=order.user),
            dealer=order.dealer,
            goods_cents=order.goods,
            net_cents=order.net,
            vouchers=shares,
        )
        events.append(whole)
    return events


def applied(order_id: str, order: Bought, name: str) -> VoucherApplied:
    return VoucherApplied(
        hold_id=f"{order_id}/1/{name}",
        campaign_id=name,
        campaign_version=1,
        code="A",
        discount_type="fixed",
        base_cents=order.goods,
        discount_cents=order.discounts[name],
        shares=(order.discounts[name],),
        free_shipping=order.saved_by == name,
        streams=(),
        explanation="",
    )
