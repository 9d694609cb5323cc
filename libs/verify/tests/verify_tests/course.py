"""One order with everything: submitted, placed, shipped in two parts, returned in two parts."""

import copy
import json
from typing import Any

from zugabe_verify.business.checkout.course import check_courses
from zugabe_verify.findings import Finding, Findings
from zugabe_verify.records import LoggedEvent

type Body = dict[str, Any]
type History = list[tuple[str, Body]]
"""Names and bodies of events of one stream."""

ORDER = "order/acme/o1"


def tax(rate: int, net: int, cents: int) -> Body:
    kind = {1_900: "standard", 700: "reduced"}[rate]
    return {"tax": kind, "rate": rate, "net_cents": net, "tax_cents": cents}


def totals(*taxes: Body) -> Body:
    net, cents = (sum(one[name] for one in taxes) for name in ("net_cents", "tax_cents"))
    return {"net_cents": net, "tax_cents": cents, "gross_cents": net + cents, "taxes": [*taxes]}


def voucher(number: int, base: int, cents: int) -> Body:
    return {
        "hold_id": f"o1/1/{number}", "base_cents": base, "discount_cents": cents,
        "shares": [cents, 0], "free_shipping": False,
    }  # fmt: skip


LINES = [
    {
        "number": 1, "quantity": 3, "unit_cents": 1_000, "net_cents": 3_000, "voucher_cents": 300,
        "reward_cents": 300, "excluded": [], "tax_rate": 1_900, "tax_cents": 456,
    },
    {
        "number": 2, "quantity": 1, "unit_cents": 1_000, "net_cents": 1_000, "voucher_cents": 0,
        "reward_cents": 0, "excluded": ["vouchers", "rewards", "thresholds"], "tax_rate": 700,
        "tax_cents": 70,
    },
]  # fmt: skip

PRICED: Body = {
    "attempt": 1, "lines": LINES, "goods_cents": 4_000, "net_cents": 3_400,
    "voucher": voucher(1, 3_000, 200), "more_vouchers": [voucher(2, 2_800, 100)],
    "reward": {"hold_id": "o1/1/r", "discount_cents": 300, "shares": [300, 0]},
    "gifts": [{"number": 3, "gift": "cup", "pieces": 3, "limit_cents": 1_000}],
    "shipping": {
        "cost_cents": 490, "usual_cents": 490, "free_because": None,
        "taxes": [tax(1_900, 346, 66), tax(700, 144, 10)],
    },
    "totals": totals(tax(1_900, 2_746, 522), tax(700, 1_144, 80)),
    "after_sales": {
        "gift_mode": "per", "gifts_below_limit": "taken-back", "full_return_cancels": True,
    },
}  # fmt: skip


def pieces(**quantities: int) -> list[Body]:
    """By number of line or gift: `pieces(_1=2)`."""
    return [{"number": int(name[1:]), "quantity": some} for name, some in quantities.items()]


def back(number: int, quantity: int, ordered: int, before: int, *amounts: int) -> Body:
    names = ("net_cents", "voucher_cents", "reward_cents", "tax_cents")
    return {
        "number": number, "quantity": quantity, "ordered": ordered, "returned_before": before,
        **dict(zip(names, amounts, strict=True)),
    }  # fmt: skip


OF_ORDER: Body = {
    "voucher_hold_ids": ["o1/1/1", "o1/1/2"], "reward_hold_id": "o1/1/r",
    "reward_discount_cents": 300,
}  # fmt: skip

FIRST: Body = OF_ORDER | {
    "return_id": "r1", "lines": [back(1, 2, 3, 0, 2_000, 200, 200, 304)], "gifts": pieces(_3=2),
    "goods_cents": 2_000, "net_cents": 1_600, "totals": totals(tax(1_900, 1_600, 304)),
    "reward_cents_before": 0, "is_complete": False, "is_cancellation": False, "shipping_cents": 0,
}  # fmt: skip

LAST: Body = OF_ORDER | {
    "return_id": "r2", "gifts": pieces(_3=1), "goods_cents": 2_000, "net_cents": 1_800,
    "lines": [back(1, 1, 3, 2, 1_000, 100, 100, 152), back(2, 1, 1, 0, 1_000, 0, 0, 70)],
    "totals": totals(tax(1_900, 1_146, 218), tax(700, 1_144, 80)),
    "reward_cents_before": 200, "is_complete": True, "is_cancellation": True, "shipping_cents": 490,
}  # fmt: skip

SHIPPED = (
    ("order-shipped", {"shipment_id": "s1", "lines": pieces(_1=2, _3=1), "is_complete": False}),
    (
        "order-shipped",
        {"shipment_id": "s2", "lines": pieces(_1=1, _2=1, _3=2), "is_complete": True},
    ),
)


def whole() -> History:
    return copy.deepcopy([
        ("holds-asked", {"attempt": 1}), ("order-submitted", PRICED), ("order-submitted", PRICED),
        ("order-placed", PRICED), ("order-confirmed", {}), *SHIPPED, ("order-delivered", {}),
        ("order-returned", FIRST), ("order-returned", LAST), ("return-period-ended", {}),
    ])  # fmt: skip


def found(history: History) -> list[Finding]:
    findings = Findings()
    events = [
        LoggedEvent(
            "checkout", ORDER, at, 0, at, f"{at}.0", None, at, name,
            json.dumps({"order_id": "o1", "dealer": "acme", "user": "anna"} | body),
        )
        for at, (name, body) in enumerate(history, start=1)
    ]  # fmt: skip
    check_courses(events, findings)
    return findings.all()


def kinds(history: History) -> set[str]:
    return {finding.kind for finding in found(history)}
