"""Statistics of vouchers, computed from orders alone, as the dealer's staff lists them.

Shares no code with the services: cents are plain numbers here, and the rules are those that people
wrote down. It knows orders with one voucher and without a reward.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from stories.dealer import Person

NAMES = ("uses", "cancelled_uses", "goods_cents", "revenue_cents", "discount_cents")
BERLIN = ZoneInfo("Europe/Berlin")

type Figures = Mapping[str, int]


async def orders_of(staff: Person) -> Sequence[Any]:
    page = (await staff.ask("GET", "checkout", "/orders", limit="500")).of(200)
    assert page["next"] is None
    items: Sequence[Any] = page["items"]
    return items


def of_campaign(orders: Iterable[Any], campaign_id: str) -> Figures:
    """The figures of the orders that used a voucher of the campaign."""
    found = Counter(dict.fromkeys(NAMES, 0))
    for order in orders:
        voucher = order["voucher"]
        if voucher is None or voucher["campaign_id"] != campaign_id:
            continue
        if order["status"] == "cancelled":
            found["cancelled_uses"] += 1
            continue
        goods = order["goods_cents"] - order["returned_goods_cents"]
        net = order["net_cents"] - order["returned_net_cents"]
        found["uses"] += 1
        found["goods_cents"] += goods
        found["revenue_cents"] += net
        found["discount_cents"] += goods - net
    return dict(found)


def by_user(
    orders: Iterable[Any], campaign_id: str, since: date = date.min
) -> Mapping[str, Figures]:
    """Of those who used it, with `total_revenue_cents` of all their orders since that day."""
    own: dict[str, list[Any]] = defaultdict(list)
    for order in orders:
        own[order["user"]].append(order)
    return {
        user: {**of_campaign(theirs, campaign_id), "total_revenue_cents": revenue(theirs, since)}
        for user, theirs in own.items()
        if any((one["voucher"] or {}).get("campaign_id") == campaign_id for one in theirs)
    }


def revenue(orders: Iterable[Any], since: date) -> int:
    return sum(
        order["net_cents"] - order["returned_net_cents"]
        for order in orders
        if order["status"] != "cancelled" and day_of(order) >= since
    )


def day_of(order: Any) -> date:
    return datetime.fromisoformat(order["placed_at"]).astimezone(BERLIN).date()


def told(view: Mapping[str, Any], *more: str) -> Figures:
    """The same figures as the statistics tell them."""
    return {name: view[name] for name in (*NAMES, *more)}
