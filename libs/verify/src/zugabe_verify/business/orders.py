"""A user's orders as checkout's log tells them: attempts, their ends, and what was placed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from zugabe_verify.findings import Findings
from zugabe_verify.records import Body, LoggedEvent

type Kind = Literal["voucher", "reward"]

ENDS: dict[str, tuple[Kind, ...]] = {
    "voucher-taken-off": ("voucher",),
    "reward-taken-off": ("reward",),
    "checkout-lapsed": ("voucher", "reward"),
}


REACHED = {
    "order-confirmed": "confirmed",
    "order-shipped": "shipped",
    "return-period-ended": "return-period-over",
}
"""The state of an order that a step reaches, of a shipment the last one."""


@dataclass(slots=True)
class Order:
    """One stream of checkout; `ended` names what an attempt had asked for and lost.

    `undone` is its cancellation, or the return that counts as one; `steps` are by the state that
    they reach.
    """

    asked: dict[int, LoggedEvent] = field(default_factory=dict)
    ended: set[tuple[int, Kind]] = field(default_factory=set)
    placed: LoggedEvent | None = None
    cancelled: LoggedEvent | None = None
    undone: LoggedEvent | None = None
    returns: list[LoggedEvent] = field(default_factory=list)
    steps: dict[str, LoggedEvent] = field(default_factory=dict)

    def held_by(self, kind: Kind) -> str | None:
        """The hold that paid for the order, the first one of several vouchers."""
        used = self.placed.body[kind] if self.placed else None
        return used["hold_id"] if used else None

    @property
    def undoings(self) -> list[LoggedEvent]:
        """Everything by which parts or the whole of it came back, in order."""
        whole = [self.cancelled] if self.cancelled else []
        return sorted([*self.returns, *whole], key=lambda event: event.version)

    @property
    def vouchers(self) -> dict[str, Body]:
        """Vouchers that the order was priced with, by hold."""
        used = vouchers_of(self.placed.body) if self.placed else []
        return {voucher["hold_id"]: voucher for voucher in used}

    def gave_up(self, attempt: int, hold_id: str, kind: Kind) -> bool:
        """Return true if this stream decided that such a hold is free again."""
        if (attempt, kind) in self.ended:
            return True
        if kind == "voucher":
            return self.placed is not None and hold_id not in self.vouchers
        return self.placed is not None and self.held_by(kind) != hold_id


def vouchers_of(body: Body) -> list[Body]:
    """The vouchers of an order, in the order in which they were applied."""
    return [body["voucher"], *body.get("more_vouchers", ())] if body["voucher"] else []


def orders_of(events: Iterable[LoggedEvent], findings: Findings) -> dict[str, Order]:
    orders: dict[str, Order] = {}
    for event in events:
        if "order_id" not in event.body:
            continue
        order = orders.setdefault(event.body["order_id"], Order())
        take(event, order, findings)
    return orders


def take(event: LoggedEvent, order: Order, findings: Findings) -> None:
    body = event.body
    match event.name:
        case "holds-asked":
            order.asked[body["attempt"]] = event
        case "voucher-taken-off" | "reward-taken-off" | "checkout-lapsed":
            order.ended |= {(body["attempt"], kind) for kind in ENDS[event.name]}
        case "order-placed":
            if order.placed:
                findings.add("order-twice", "checkout", event.stream, "it was placed twice")
            for kind in ("voucher", "reward"):
                if body[kind] and (body["attempt"], kind) in order.ended:
                    what = f"it used the {kind} of attempt {body['attempt']}, which had ended"
                    findings.add("order-after-end", "checkout", event.stream, what)
            order.placed = event
            check_sums(event, findings)
        case "order-cancelled":
            order.cancelled = order.undone = event
        case "order-returned":
            order.returns.append(event)
            if body["is_cancellation"]:
                order.undone = event
        case _:
            order.steps |= state_of(event)


def state_of(event: LoggedEvent) -> dict[str, LoggedEvent]:
    """The event by the state that an order reaches with it."""
    is_part = event.name == "order-shipped" and not event.body["is_complete"]
    state = None if is_part else REACHED.get(event.name)
    return {state: event} if state else {}


def net_cents(line: Body) -> int:
    """Quantity times price, rounded half up to the cent if the catalogue has set the price."""
    said = line.get("from_catalogue")
    if said is None:
        own: int = line["quantity"] * line["unit_cents"]
        return own
    cents = Decimal(said["price_amount"]) * line["quantity"] * 100
    whole, rest = divmod(cents, Decimal(said["price_quantity"]))
    return int(whole) + int(2 * rest >= said["price_quantity"])


def shared_by(discounts: Sequence[Body], lines: int) -> list[int]:
    """Of each line the sum of its shares in several discounts."""
    fitting = [discount["shares"] for discount in discounts if len(discount["shares"]) == lines]
    shares = [sum(of_line) for of_line in zip(*fitting, strict=True)] if fitting else [0] * lines
    return shares if len(fitting) == len(discounts) else []


def check_sums(event: LoggedEvent, findings: Findings) -> None:
    """Lines, discounts and totals of an order add up to the cent."""
    body, lines = event.body, event.body["lines"]
    goods = sum(line["net_cents"] for line in lines)
    off = {"voucher": 0, "reward": 0}
    used = {"voucher": vouchers_of(body), "reward": [body["reward"]] if body["reward"] else []}
    wrong = [
        f"line {line['number']} is not quantity times price"
        for line in lines
        if line["net_cents"] != net_cents(line)
    ]
    for kind, discounts in used.items():
        shares = [line.get(f"{kind}_cents", 0) for line in lines]
        off[kind] = sum(shares)
        if shares != shared_by(discounts, len(lines)) or any(
            discount["discount_cents"] != sum(discount["shares"]) for discount in discounts
        ):
            wrong.append(f"the {kind} does not add up over the lines")
    if body["goods_cents"] != goods:
        wrong.append(f"its lines sum up to {goods} cents and not {body['goods_cents']}")
    net = goods - off["voucher"] - off["reward"]
    if body["net_cents"] != net:
        wrong.append(f"{net} cents are left to pay, and it says {body['net_cents']}")
    if wrong:
        findings.add("order-sums", "checkout", event.stream, ", ".join(wrong))
