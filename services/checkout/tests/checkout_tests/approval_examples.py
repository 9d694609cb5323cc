"""Requests that the routes of submitted orders accept."""

from collections.abc import Mapping
from datetime import UTC, datetime

from checkout.pricing.discounts import Discounts, with_vouchers
from checkout.pricing.goods import CartLine, at_own_prices
from checkout.pricing.price import Wishes, priced
from checkout.pricing.promise import promise_of, token_of
from checkout.pricing.vat_rates import GERMANY
from checkout_tests.fakes import NOON, reward_for, vouchers_for
from zugabe_events.domain.cursor import encode_cursor
from zugabe_testing.examples import CUSTOMER, USER, Example, with_exports

PRESET = ("missing",)
OPTIONAL = ("missing", "null")
APPROVER = "user-bert+approve-orders"

SUBMITTED = ("s1", "s2", "s3", "s4", "s5")
"""Orders of anna that wait before the examples are sent."""


def quoted() -> str:
    """The quote of what replaces `s5`: 30 euros of goods, with two vouchers and a reward."""
    goods = at_own_prices([CartLine("0017", "", "", 3, 1_000)])
    vouchers = vouchers_for(goods.lines, ("TEN", "ELEVEN"))
    discounts = Discounts(vouchers, reward_for(with_vouchers(goods.lines, vouchers)))
    return token_of(promise_of(priced(goods, discounts, Wishes(), NOON, GERMANY)))


APPROVAL_EXAMPLES: Mapping[str, Example] = {
    "GET /dealers/{dealer}/submissions/{order_id}": Example("user", path={"order_id": "s3"}),
    **with_exports(
        "GET /dealers/{dealer}/submissions",
        Example(
            "user",
            query={
                "user": USER,
                "customer": CUSTOMER,
                "needs": "customer",
                "status": "waiting",
                "sort": "submitted_at",
                "after": encode_cursor(datetime(2026, 1, 4, tzinfo=UTC), "", "submitted_at"),
                "limit": "10",
            },
        ),
    ),
    "POST /dealers/{dealer}/orders/{order_id}/approval": Example(
        APPROVER,
        {"attempt": 1, "quote": quoted()},
        path={"order_id": "s4"},
        takes={"body.quote": (*OPTIONAL, "empty")},
    ),
    "PUT /dealers/{dealer}/orders/{order_id}/submission": Example(
        APPROVER,
        {
            "attempt": 1,
            "lines": [{"article": "0017", "quantity": 3}],
            "voucher_code": "TEN",
            "more_codes": ["ELEVEN"],
            "reward_id": "fiver",
            "gifts": [{"gift": "cup", "pieces": 0}],
            "removed_gifts": ["pen"],
            "delivery": {"country": "DE", "address": "a1"},
            "if_refused": "order-without",
            "quote": quoted(),
        },
        path={"order_id": "s5"},
        takes={
            "body.voucher_code": (*OPTIONAL, "empty", "blank"),
            "body.more_codes": PRESET,
            "body.more_codes.0": ("empty", "blank"),
            "body.reward_id": OPTIONAL,
            "body.gifts": PRESET,
            "body.removed_gifts": PRESET,
            "body.delivery": PRESET,
            "body.delivery.country": PRESET,
            "body.delivery.address": (*PRESET, "empty"),
            "body.if_refused": PRESET,
            "body.quote": (*OPTIONAL, "empty"),
        },
    ),
    "POST /dealers/{dealer}/orders/{order_id}/rejection": Example(
        APPROVER,
        {"attempt": 1, "note": "Zu teuer"},
        path={"order_id": "s1"},
        takes={"body.note": OPTIONAL},
    ),
    "POST /dealers/{dealer}/orders/{order_id}/withdrawal": Example("user", path={"order_id": "s2"}),
}
