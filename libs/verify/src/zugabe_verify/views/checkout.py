"""Read models of checkout: orders, and sums by buyer."""

from collections import Counter
from collections.abc import Sequence

from zugabe_verify.business.orders import vouchers_of
from zugabe_verify.records import Body, LoggedEvent
from zugabe_verify.views.model import Model, picked

SUMMED = {"order-placed", "order-cancelled", "order-returned"}
"""Only these change the sums of a buyer."""
PRICED = {"order-placed", "order-submitted"}
SHOWN = {
    *SUMMED, *PRICED, "submission-ended", "order-confirmed", "order-shipped", "order-delivered",
}  # fmt: skip
LINE = (
    "number", "article", "product_group", "brand", "quantity", "unit_cents", "net_cents",
)  # fmt: skip
VOUCHER = (
    "campaign_id", "code", "discount_type", "base_cents", "discount_cents", "free_shipping",
    "explanation",
)  # fmt: skip
REWARD = ("reward_id", "title", "points", "base_cents", "discount_cents", "explanation")


def order_key(event: LoggedEvent) -> str | None:
    return f"{event.body['dealer']}/{event.body['order_id']}" if event.name in SHOWN else None


def order(events: Sequence[LoggedEvent]) -> Body | None:
    view: Body | None = None
    for event in events:
        if event.name in PRICED and not (view and view["order_number"]):
            view = priced(event.body) | {"status": event.name.removeprefix("order-")}
        elif view is not None:
            view |= {"status": status(event, view)} | changed(event, view)
    return view


def status(event: LoggedEvent, view: Body) -> str:
    body, has_returns = event.body, view["status"] in ("returned", "partly-returned")
    match event.name:
        case "submission-ended" if view["status"] == "submitted":
            return str(body["outcome"])
        case "order-cancelled":
            return "cancelled"
        case "order-returned":
            return "returned" if body["is_complete"] else "partly-returned"
        case "order-confirmed":
            return "confirmed"
        case "order-shipped" if not has_returns:
            return "shipped" if body["is_complete"] else "partly-shipped"
        case "order-delivered" if not has_returns:
            return "delivered"
        case _:
            return str(view["status"])


def changed(event: LoggedEvent, view: Body) -> Body:
    body = event.body
    match event.name:
        case "order-cancelled":
            return {"cancelled_at": body["cancelled_at"], "cancelled_reason": body["reason"]}
        case "order-returned":
            names = ("goods_cents", "net_cents")
            return {f"returned_{name}": view[f"returned_{name}"] + body[name] for name in names}
        case _:
            return {}


def priced(body: Body) -> Body:
    names = (
        "dealer", "order_id", "order_number", "customer", "user", "goods_cents", "net_cents",
        "explanation", "placed_at", "imported", "refused",
    )  # fmt: skip
    voucher, reward, orderer = body["voucher"], body["reward"], body["orderer"]
    lines = [
        picked(line, *LINE)
        | {name: line.get(name, 0) for name in ("voucher_cents", "reward_cents")}
        | {"price_source": line.get("price_source", "caller")}
        | {"from_catalogue": line.get("from_catalogue")}
        for line in body["lines"]
    ]
    return picked(body, *names) | {
        "returned_goods_cents": 0,
        "returned_net_cents": 0,
        "orderer": picked(orderer, "name", "email") if orderer else None,
        "lines": lines,
        "voucher": picked(voucher, *VOUCHER) if voucher else None,
        "more_vouchers": [picked(one, *VOUCHER) for one in body.get("more_vouchers", ())],
        "reward": picked(reward, *REWARD) if reward else None,
    }


def buyer_key(event: LoggedEvent) -> str | None:
    return f"{event.body['dealer']}/{event.body['user']}" if event.name in SUMMED else None


def buyer(events: Sequence[LoggedEvent]) -> Body | None:
    if not events:
        return None
    sums: Counter[str] = Counter()
    refusals: Counter[str] = Counter()
    for event in events:
        body = event.body
        if event.name == "order-cancelled":
            sums["cancelled"] += 1
            sums["cancelled_goods_cents"] += body.get("goods_cents", 0)
            sums["cancelled_net_cents"] += body.get("net_cents", 0)
            continue
        if event.name == "order-returned":
            sums["returns"] += 1
            sums["fully_returned"] += body["is_complete"]
            sums["returned_goods_cents"] += body["goods_cents"]
            sums["returned_net_cents"] += body["net_cents"]
            continue
        sums["orders"] += 1
        sums["goods_cents"] += body["goods_cents"]
        sums["net_cents"] += body["net_cents"]
        refusals.update(refused["code"] for refused in body["refused"])
        rewards = [body["reward"]] if body["reward"] else []
        for kind, used in (("voucher", vouchers_of(body)), ("reward", rewards)):
            sums[f"{kind}s_redeemed"] += len(used)
            sums[f"{kind}_discount_cents"] += sum(one["discount_cents"] for one in used)
    names = (
        "orders", "cancelled", "goods_cents", "net_cents", "cancelled_goods_cents",
        "cancelled_net_cents", "vouchers_redeemed", "voucher_discount_cents", "rewards_redeemed",
        "reward_discount_cents", "returns", "fully_returned", "returned_goods_cents",
        "returned_net_cents",
    )  # fmt: skip
    return picked(events[0].body, "dealer", "user") | {
        **{name: sums[name] for name in names},
        "refusals": dict(refusals),
    }


MODELS = (
    Model("checkout.orders", "checkout", order_key, order),
    Model("checkout.buyers", "checkout", buyer_key, buyer),
)
