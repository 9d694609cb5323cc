"""Read model of orders, by which campaigns are tried out before they are activated."""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from vouchers.assortment.restriction import Goods
from vouchers.campaign.discount import Line
from zugabe_events.contracts.checkout import (
    Exclusion,
    OrderCancelled,
    OrderLine,
    OrderPlaced,
    OrderReturned,
)
from zugabe_events.domain.event import Event, Fact
from zugabe_events.domain.projection import ListOptions, ReadModel


class PastLine(Fact, frozen=True):
    """A line as vouchers see it; `net_cents` is its value before all discounts."""

    net_cents: int
    article: str
    brand: str
    groups: tuple[str, ...]
    media: tuple[str, ...]
    excluded: tuple[Exclusion, ...] = ()


class PastOrder(Fact, frozen=True):
    """An order as it was placed. `shipping_cents` is the net cost of shipping that was charged.

    `earning_minimum_cents` is the value of goods from which on it earned something, by the terms of
    sale then. `stands`: it was not cancelled, nor returned as a whole in a way that counts as that.
    """

    dealer: str
    order_id: str
    customer: str
    user: str
    placed_at: datetime
    lines: tuple[PastLine, ...]
    shipping_cents: int
    vouchers: int
    earning_minimum_cents: int
    stands: bool = True

    @property
    def cart(self) -> tuple[Line, ...]:
        """The lines as rules of campaigns take them."""
        return tuple(
            Line(number, line.net_cents, line.excluded, goods_of(line))
            for number, line in enumerate(self.lines, 1)
        )


def goods_of(line: PastLine) -> Goods:
    return Goods(line.article, line.brand, frozenset(line.groups), frozenset(line.media))


def keys(event: Event) -> Sequence[str]:
    match event:
        case OrderPlaced() | OrderCancelled() | OrderReturned(is_cancellation=True):
            return [f"{event.dealer}/{event.order_id}"]
        case _:
            return []


def project(view: PastOrder | None, event: Event) -> PastOrder | None:
    match event:
        case OrderPlaced():
            return placed(event)
        case OrderCancelled() | OrderReturned(is_cancellation=True) if view is not None:
            return replace(view, stands=False)
        case _:
            return view


def placed(order: OrderPlaced) -> PastOrder:
    return PastOrder(
        dealer=order.dealer,
        order_id=order.order_id,
        customer=order.customer,
        user=order.user,
        placed_at=order.placed_at,
        lines=tuple(map(past_line, order.lines)),
        shipping_cents=order.shipping.cost_cents if order.shipping else 0,
        vouchers=len(order.vouchers),
        earning_minimum_cents=order.earning.minimum_cents,
    )


def past_line(line: OrderLine) -> PastLine:
    """Brand and group as checkout names them when it asks for vouchers."""
    catalogue = line.from_catalogue
    return PastLine(
        net_cents=line.net_cents,
        article=line.article,
        brand=line.brand,
        groups=catalogue.groups if catalogue else (line.product_group,),
        media=catalogue.media if catalogue else (),
        excluded=line.excluded,
    )


PAST_ORDERS = ReadModel(
    name="vouchers.past-orders",
    version=1,
    topics=("checkout",),
    view=PastOrder,
    keys=keys,
    project=project,
    lists=ListOptions((), ("placed_at",)),
    # Central campaigns are tried on the orders of all dealers.
    indexes=(("placed_at", "_id"),),
    gathers=1.0,
)
