"""Content of a placed order, to tell its repeat from another order under the same id."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256

import msgspec

from checkout.order.cart import Cart
from checkout.order.state import OrderEvent
from checkout.pricing.goods import CartLine
from zugabe_events.contracts.checkout import HoldsAsked, OrderPlaced, Refusal
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.event import Stream


@dataclass(frozen=True, slots=True)
class RecordedOrder:
    """`content` is the `content_of` the cart that became the order."""

    content: str
    order_number: str
    net_cents: int
    refused: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """`codes` are as they were typed for the latest attempt; `order` stays when cancelled."""

    codes: tuple[str, ...] = ()
    order: RecordedOrder | None = None


def content_of(cart: Cart) -> str:
    buyer = cart.buyer
    offered = (*cart.codes, cart.reward_id)
    return hash_of(buyer.customer, buyer.user, buyer.placed_at, cart.lines, offered)


def recorded(order: OrderPlaced, codes: Sequence[str]) -> RecordedOrder:
    """The content includes the vouchers and the reward that were asked for and refused.

    An attempt is ordered with all vouchers whose `codes` it asked for, or with none.
    """
    lines = [
        CartLine(line.article, line.product_group, line.brand, line.quantity, line.unit_cents)
        for line in order.lines
    ]
    offered = [refusal.offered for refusal in order.refused]
    if order.vouchers:
        offered += codes or [voucher.code for voucher in order.vouchers]
    if order.reward:
        offered.append(order.reward.reward_id)
    content = hash_of(order.customer, order.user, order.placed_at, lines, offered)
    return RecordedOrder(content, order.order_number, order.net_cents, order.refused)


def hash_of(
    customer: str,
    user: str,
    placed_at: datetime,
    lines: Sequence[CartLine],
    offered: Iterable[str | None],
) -> str:
    asked_for = sorted(offer for offer in offered if offer is not None)
    content = (customer, user, placed_at.astimezone(UTC), lines, asked_for)
    return sha256(msgspec.json.encode(content)).hexdigest()


def evolve(record: Record, event: OrderEvent) -> Record:
    match event:
        case HoldsAsked():
            return Record(event.codes)
        case OrderPlaced():
            return replace(record, order=recorded(event, record.codes))
        case _:
            return record


def decide(_: None, __: Record) -> Sequence[OrderEvent]:
    return ()


RECORD_DECIDER: Decider[None, Record, OrderEvent] = Decider(
    "order-record", Record(), decide, evolve
)


def record_history(dealer: str, order_id: str) -> History[Record, OrderEvent]:
    """Read only by imports, so that carts are hashed only for them."""
    return History(Stream(f"order/{dealer}/{order_id}", f"{dealer}/"), RECORD_DECIDER)
