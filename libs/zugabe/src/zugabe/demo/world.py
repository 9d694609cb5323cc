"""The dealer of the demo: module, campaign, bonus programme and customer."""

from collections.abc import Sequence

from zugabe.demo.client import Client

DEALER = "musikhaus"
DEALER_NAME = "Musikhaus Amsel"
CUSTOMER = "So.COMMERCE"
CAMPAIGN = "zweitkauf-1997"
CODE = "ZWEITKAUF97"
REWARD = "5-euro-rabatt"
REWARD_POINTS = 500
REWARD_CENTS = 500
BASIS_POINTS = 1_000
MINIMUM_CENTS = 1_000
VALID_FROM = "1997-01-01"
VALID_UNTIL = "1997-06-30"
PENDING_DAYS = 14
PROMOTION_FROM = "1997-02-01"
PROMOTION_UNTIL = "1997-02-28"
PROMOTION_FACTOR = 2
STAFF_RIGHTS = ("import-orders", "edit-bonus-settings", "edit-campaigns")
SUPPORT_RIGHTS = ("unlock-dealers",)


async def order_module(support: Client) -> Sequence[str]:
    """Order the module that campaigns and programmes need, and name the dealer; return what to
    wait for."""
    body = {"gift_source": "central"}
    answers = [
        await support.ask("PUT", "catalog-shops", "/marketing-module", body),
        await support.ask("PUT", "catalog-shops", "/name", {"name": DEALER_NAME}),
    ]
    return tuple(answer.token for answer in answers if answer.token)


async def set_up(staff: Client, ordered: Sequence[str] = ()) -> None:
    """Create campaign and programme; repeating it changes nothing.

    `ordered` are tokens that stand for the order of the module.
    """
    await staff.ask(
        "PUT",
        "vouchers",
        f"/campaigns/{CAMPAIGN}",
        {
            "kind": "second-purchase",
            "title": "Zweitkauf 1997",
            "description": "10 % auf den zweiten Einkauf",
            "code": CODE,
            "discount_type": "percent",
            "value": BASIS_POINTS,
            "valid_from": VALID_FROM,
            "valid_until": VALID_UNTIL,
            "minimum_cents": MINIMUM_CENTS,
            "max_per_user": 1,
        },
        tokens=ordered,
    )
    await staff.ask("POST", "vouchers", f"/campaigns/{CAMPAIGN}/activation")
    await staff.ask(
        "PUT",
        "bonus",
        "/programme",
        {
            "points_per_euro": 1,
            "point_value_cents": 1,
            "count_after_discounts": True,
            "pending_days": PENDING_DAYS,
            "needs_acceptance": False,
            "starts_on": VALID_FROM,
        },
        tokens=ordered,
    )
    await staff.ask(
        "PUT",
        "bonus",
        f"/programme/rewards/{REWARD}",
        {"title": "5 € Rabatt", "points": REWARD_POINTS, "discount_cents": REWARD_CENTS},
    )
    await staff.ask(
        "PUT",
        "bonus",
        "/programme/promotions/februar-1997",
        {
            "title": "2 x Punkte im Februar",
            "factor": PROMOTION_FACTOR,
            "valid_from": PROMOTION_FROM,
            "valid_until": PROMOTION_UNTIL,
        },
    )
    await staff.ask("POST", "bonus", "/programme/activation")
    await staff.ask("PUT", "bonus", f"/customers/{CUSTOMER}/programme")
