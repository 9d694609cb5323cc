"""The approvals that an order needs before it is placed (X-26, S1)."""

from datetime import datetime, timedelta

from checkout.pricing.sale import Sale
from zugabe_events.contracts.checkout import ApprovalNeed
from zugabe_events.domain.calendar import days_after, start_of

REVIEWS: frozenset[ApprovalNeed] = frozenset({"order-value", "day-value"})
"""The dealer's staff decide about these, the customer's approvers about the other."""


def needs(
    sale: Sale, goods_cents: int, day_cents: int, exempt: frozenset[ApprovalNeed]
) -> tuple[ApprovalNeed, ...]:
    """Values are of goods, net and before discounts; `day_cents` that of the user's other orders
    of the day. `exempt` are those that the caller could satisfy themself.
    """
    terms = sale.terms
    applying: tuple[tuple[ApprovalNeed, bool], ...] = (
        ("customer", needs_approver(sale, goods_cents)),
        ("order-value", is_above(goods_cents, terms.review_order_cents)),
        ("day-value", is_above(day_cents + goods_cents, terms.review_day_cents)),
    )
    return tuple(need for need, applies in applying if applies and need not in exempt)


def needs_approver(sale: Sale, goods_cents: int) -> bool:
    match sale.approval:
        case "none":
            return False
        case "always":
            return True
        case "above":
            return goods_cents > sale.approval_above_cents


def is_above(cents: int, cap: int | None) -> bool:
    return cap is not None and cents > cap


def end_of_waiting(now: datetime, days: int) -> datetime:
    """The end of the last day in Berlin on which an order can be approved."""
    return start_of(days_after(now, days) + timedelta(days=1))
