"""Requests that the routes of terms accept."""

from collections.abc import Mapping

from zugabe_testing.examples import CUSTOMER, USER, Example

OPTIONAL = ("missing", "null")

TERMS = {
    "shipping": [{"country": "DE", "cost_cents": 490, "free_from_cents": 5_000}],
    "points_on": "shipped",
    "vouchers_on": "confirmed",
    "earning_minimum_cents": 1_000,
    "claw_back": "charge",
    "buyers_cancel_until": "confirmed",
    "return_days": 30,
    "full_return_cancels": False,
    "gifts_below_limit": "taken-back",
    "approval_days": 10,
    "review_order_cents": 500_000,
    "review_day_cents": 900_000,
    "alarm_after_cancellations": 3,
    "effective_at": "2026-03-01T11:00:00Z",
}
NULLABLE = (
    "return_days",
    "review_order_cents",
    "review_day_cents",
    "alarm_after_cancellations",
    "effective_at",
)
OF_CUSTOMER = {"customer": CUSTOMER}

TERMS_EXAMPLES: Mapping[str, Example] = {
    "PUT /dealers/{dealer}/sales-terms": Example(
        "dealer-staff+edit-sales-terms",
        TERMS,
        takes={
            **{f"body.{name}": ("missing",) for name in TERMS},
            **{f"body.{name}": OPTIONAL for name in NULLABLE},
            "body.shipping.0.free_from_cents": OPTIONAL,
        },
    ),
    "GET /dealers/{dealer}/sales-terms": Example(
        "dealer-staff", query={"at": "2026-03-01T11:00:00Z"}
    ),
    "PUT /dealers/{dealer}/customers/{customer}/terms": Example(
        "dealer-staff+edit-customer-terms",
        {"approval": "above", "above_cents": 50_000, "effective_at": "2026-03-01T11:00:00Z"},
        path=OF_CUSTOMER,
        takes={"body.effective_at": OPTIONAL},
    ),
    "GET /dealers/{dealer}/customers/{customer}/terms": Example(
        "dealer-staff", path=OF_CUSTOMER, query={"at": "2026-03-01T11:00:00Z"}
    ),
    "PUT /dealers/{dealer}/customers/{customer}/approvers/{user}": Example(
        "dealer-staff+edit-customer-terms",
        {"name": "Anna Ast", "email": "anna@example.org"},
        path={**OF_CUSTOMER, "user": USER},
    ),
    "DELETE /dealers/{dealer}/customers/{customer}/approvers/{user}": Example(
        "dealer-staff+edit-customer-terms", path={**OF_CUSTOMER, "user": USER}
    ),
    "GET /dealers/{dealer}/customers/{customer}/approvers": Example(
        "dealer-staff", path=OF_CUSTOMER
    ),
}
