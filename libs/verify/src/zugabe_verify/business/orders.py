"""A user's orders as checkout's log tells them: attempts, their ends, and what was placed."""

from collections.abc import Iterable
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


@dataclass(slots=True)
class Order:
    """One stream of checkout; `ended` names what an attempt had asked for and lost."""

    asked: dict[int, LoggedEvent] = field(default_factory=dict)
    ended: set[tuple[int, Kind]] = field(default_factory=set)
    placed: LoggedEvent | None = None
    cancelled: LoggedEvent | None = None

    def held_by(self, kind: Kind) -> str | None:
        """The hold that paid for the order."""
        used = self.placed.body[kind] if self.placed else None
        return used["hold_id"] if used else None

    def gave_up(self, attempt: int, hold_id: str, kind: Kind) -> bool:
        """Return true if this stream decided that such a hold is free again."""
        if (attempt, kind) in self.ended:
            return True
        return self.placed is not None and self.held_by(kind) != hold_id


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
            order.cancelled = event
        case _:
            pass


def net_cents(line: Body) -> int:
    """Quantity times price, rounded half up to the cent if the catalogue has set the price."""
    said = line.get("from_catalogue")
    if said is None:
        own: int = line["quantity"] * line["unit_cents"]
        return own
    cents = Decimal(said["price_amount"]) * line["quantity"] * 100
    whole, rest = divmod(cents, Decimal(said["price_quantity"]))
    return int(whole) + int(2 * rest >= said["price_quantity"])


def check_sums(event: LoggedEvent, findings: Findings) -> None:
    """Lines, discounts and totals of an order add up to the cent."""
    body, lines = event.body, event.body["lines"]
    goods = sum(line["net_cents"] for line in lines)
    off = {"voucher": 0, "reward": 0}
    wrong = [
        f"line {line['number']} is not quantity times price"
        for line in lines
        if line["net_cents"] != net_cents(line)
    ]
    for kind in off:
        shares = [line.get(f"{kind}_cents", 0) for line in lines]
        used, off[kind] = body[kind], sum(shares)
        if (used["discount_cents"] if used else 0) != off[kind] or (
            used and list(used["shares"]) != shares
        ):
            wrong.append(f"the {kind} does not add up over the lines")
    if body["goods_cents"] != goods:
        wrong.append(f"its lines sum up to {goods} cents and not {body['goods_cents']}")
    net = goods - off["voucher"] - off["reward"]
    if body["net_cents"] != net:
        wrong.append(f"{net} cents are left to pay, and it says {body['net_cents']}")
    if wrong:
        findings.add("order-sums", "checkout", event.stream, ", ".join(wrong))
