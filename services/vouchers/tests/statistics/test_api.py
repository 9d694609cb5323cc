"""What dealers and central marketing read about what came of vouchers."""

import csv
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from msgspec.structs import replace
from openpyxl import load_workbook

from zugabe_events.contracts.catalog_shops import DealerNamed
from zugabe_events.contracts.checkout import (
    OrderPlaced,
    ShippingCharged,
    VoucherApplied,
    VoucherShare,
)
from zugabe_events.contracts.vouchers import CampaignCreated, CampaignTerms

CENTRAL = "central-summer"
"""The id of a campaign that central marketing drew up."""

BY_DEALER = "/central-campaign-statistics"
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def voucher(hold_id: str, campaign_id: str = "spring", cents: int = 1_000) -> VoucherApplied:
    return VoucherApplied(
        hold_id=hold_id,
        campaign_id=campaign_id,
        campaign_version=1,
        code="A12345",
        discount_type="fixed",
        base_cents=10_000,
        discount_cents=cents,
        shares=(cents,),
        free_shipping=False,
        streams=(),
        explanation="",
    )


async def items(shop: Any, path: str, who: str = "staff") -> list[dict[str, Any]]:
    answer = await shop.ask(who, "GET", path)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def test_a_dealer_reads_what_came_of_each_campaign(shop: Any) -> None:
    """VO-40: the revenue of all campaigns of which vouchers were redeemed, by their titles."""
    await shop.run()
    await shop.run("unused", code="B12345")
    for order_id, user in (("o1", "anna"), ("o2", "bert")):
        await shop.place(order_id, await shop.hold(order_id, user=user), user)
    await shop.place("o3")
    assert await items(shop, "/campaign-statistics") == [
        {
            "dealer": "acme",
            "campaign_id": "spring",
            "title": "Frühling",
            "uses": 2,
            "cancelled_uses": 0,
            "goods_cents": 20_000,
            "revenue_cents": 18_000,
            "discount_cents": 2_000,
            "shipping_cents": 0,
        }
    ]


async def test_revenue_is_told_by_user_with_that_of_their_other_orders(
    shop: Any, placed: Callable[..., OrderPlaced]
) -> None:
    """VO-42: orders of the whole validity count, of its first and last day in Berlin."""
    await shop.run()
    await shop.place("o1", await shop.hold("o1"))
    for order_id, at, net_cents in (
        ("before", datetime(2026, 4, 30, 21, 59, 59, tzinfo=UTC), 1),
        ("first", datetime(2026, 4, 30, 22, tzinfo=UTC), 20),
        ("last", datetime(2026, 5, 31, 21, 59, 59, tzinfo=UTC), 300),
        ("after", datetime(2026, 5, 31, 22, tzinfo=UTC), 4_000),
    ):
        await shop.deliver("checkout", placed(order_id, at, net_cents=net_cents))
    await shop.deliver("checkout", placed("of-bert", user="bert"))
    [anna] = await items(shop, "/campaign-statistics/spring/users")
    assert (anna["user"], anna["customer"], anna["uses"]) == ("anna", "So.COMMERCE", 1)
    assert anna["revenue_cents"] == 9_000
    assert anna["total_revenue_cents"] == 9_000 + 20 + 300
    assert anna["last_used_at"] == "2026-05-04T12:00:00Z"


async def test_what_is_cancelled_or_returned_is_no_revenue(
    shop: Any, placed: Callable[..., OrderPlaced], returned: Callable[..., Any], cancelled: Any
) -> None:
    """VO-42, X-2, X-3"""
    await shop.run()
    orders = [placed(f"o{n}", voucher=voucher(f"o{n}/1")) for n in (1, 2, 3)]
    for order in orders:
        await shop.deliver("checkout", order)
    part = {"goods_cents": 4_000, "net_cents": 3_600, "is_complete": False}
    back = returned(
        **part, is_cancellation=False, vouchers=(VoucherShare("spring", "A12345", 400),)
    )
    await shop.deliver("checkout", back)
    whole = (VoucherShare("spring", "A12345", 1_000),)
    lost = {"goods_cents": 10_000, "net_cents": 9_000, "vouchers": whole}
    await shop.deliver("checkout", replace(cancelled("o2"), **lost))
    await shop.deliver("checkout", returned(**lost, order_id="o3", is_cancellation=True))
    [spring] = await items(shop, "/campaign-statistics")
    assert (spring["uses"], spring["cancelled_uses"]) == (1, 2)
    assert (spring["goods_cents"], spring["revenue_cents"]) == (6_000, 5_400)
    assert spring["discount_cents"] == 600
    [anna] = await items(shop, "/campaign-statistics/spring/users")
    assert (anna["uses"], anna["revenue_cents"]) == (1, 5_400)
    assert anna["total_revenue_cents"] == 5_400


async def test_each_of_several_vouchers_counts_with_its_own_discount(
    shop: Any, placed: Callable[..., OrderPlaced]
) -> None:
    """X-31: the order counts for each campaign; free shipping saves what it would have cost."""
    free = replace(voucher("o1/1/2", "free", 0), free_shipping=True)
    order = placed(
        "o1",
        voucher=voucher("o1/1"),
        more_vouchers=(free,),
        shipping=ShippingCharged("DE", 0, 490, "voucher", ()),
    )
    await shop.deliver("checkout", order)
    found = {one["campaign_id"]: one for one in await items(shop, "/campaign-statistics")}
    assert [found[name]["revenue_cents"] for name in ("spring", "free")] == [9_000, 9_000]
    assert [found[name]["discount_cents"] for name in ("spring", "free")] == [1_000, 0]
    assert [found[name]["shipping_cents"] for name in ("spring", "free")] == [0, 490]


async def test_the_statistics_are_a_csv_file_and_a_workbook(shop: Any) -> None:
    """VO-41"""
    await shop.run(title="=Frühling")
    await shop.place("o1", await shop.hold("o1"))
    answer = await shop.ask("staff", "GET", "/campaign-statistics.csv")
    text = answer.content.decode("utf-8-sig")
    [row] = csv.DictReader(StringIO(text, newline=""), delimiter=";")
    assert row == {
        "Kampagne": "'=Frühling",
        "Kampagnen-ID": "spring",
        "Eingelöste Gutscheine": "1",
        "Storniert": "0",
        "Warenwert (EUR)": "100,00",
        "Umsätze mit Gutschein (EUR)": "90,00",
        "Rabatt (EUR)": "10,00",
        "Ersparter Versand (EUR)": "0,00",
    }
    answer = await shop.ask("staff", "GET", "/campaign-statistics/spring/users.xlsx")
    [sheet] = load_workbook(BytesIO(answer.content)).worksheets
    titles, anna = sheet.iter_rows(values_only=True)
    told = dict(zip(titles, anna, strict=True))
    assert told["Benutzer"] == "anna"
    assert told["Eingelöste Gutscheine"] == 1
    assert (told["Umsätze mit Gutschein (EUR)"], told["Umsätze gesamt (EUR)"]) == (90, 90)


async def test_the_sums_of_a_list_are_those_of_all_its_pages(
    shop: Any, placed: Callable[..., OrderPlaced]
) -> None:
    """X-18"""
    for number in range(3):
        order = placed(f"o{number}", voucher=voucher(f"o{number}/1", f"c{number}", number))
        await shop.deliver("checkout", order)
    answer = await shop.ask("staff", "GET", "/campaign-statistics?limit=2&sums=true")
    assert [one["campaign_id"] for one in answer.json()["items"]] == ["c2", "c1"]
    assert answer.json()["sums"]["discount_cents"] == 3
    assert answer.json()["sums"]["count"] == 3


async def test_central_marketing_reads_its_campaigns_by_dealer_and_nothing_about_users(
    shop: Any, placed: Callable[..., OrderPlaced], terms: Callable[..., CampaignTerms]
) -> None:
    """VO-30, X-28"""
    central_campaign(shop, terms)
    shop.dealers.fold(DealerNamed("acme", "Acme GmbH"))
    for dealer, user in (("acme", "anna"), ("acme", "bert"), ("other", "carl")):
        order = placed(user, voucher=voucher(f"{user}/1", CENTRAL), dealer=dealer, user=user)
        await shop.deliver("checkout", order)
    await shop.deliver("checkout", placed("own", voucher=voucher("own/1")))
    answer = await shop.get("central", f"{BY_DEALER}?sort=participant")
    acme, theirs = answer.json()["items"]
    assert (acme["participant_name"], theirs["participant_name"]) == ("Acme GmbH", "")
    assert (acme["participant"], acme["title"], acme["uses"]) == ("acme", "Sommer", 2)
    assert (acme["revenue_cents"], theirs["revenue_cents"]) == (18_000, 9_000)
    assert not {"user", "customer"} & (acme.keys() | theirs.keys())
    told = (
        await shop.get("central", f"{BY_DEALER}?campaign_id={CENTRAL}&sums=true&limit=1")
    ).json()
    assert told["sums"]["revenue_cents"] == 27_000
    other = await shop.get("central", f"{BY_DEALER}?campaign_id=central-other")
    assert other.json()["items"] == []


async def test_a_dealer_reads_what_came_of_a_central_campaign_at_their_own_shop(
    shop: Any, placed: Callable[..., OrderPlaced], terms: Callable[..., CampaignTerms]
) -> None:
    """VO-40, VO-42"""
    central_campaign(shop, terms)
    for dealer, user in (("acme", "anna"), ("other", "carl")):
        order = placed(user, voucher=voucher(f"{user}/1", CENTRAL), dealer=dealer, user=user)
        await shop.deliver("checkout", order)
    [summer] = await items(shop, "/campaign-statistics")
    assert (summer["title"], summer["uses"]) == ("Sommer", 1)
    [anna] = await items(shop, f"/campaign-statistics/{CENTRAL}/users")
    assert (anna["user"], anna["total_revenue_cents"]) == ("anna", 9_000)


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("central", "/campaign-statistics", 403),
        ("central", "/campaign-statistics/spring/users", 403),
        ("other-staff", "/campaign-statistics", 403),
        ("anna", "/campaign-statistics", 403),
        ("staff", "/campaign-statistics/unknown/users", 404),
        ("staff", "/campaign-statistics?sort=title", 422),
    ],
)
async def test_nobody_else_reads_statistics(shop: Any, who: str, path: str, status: int) -> None:
    """X-16, X-28"""
    await shop.run()
    assert (await shop.ask(who, "GET", path)).status_code == status
    assert (await shop.get("staff", BY_DEALER)).status_code == 403


async def test_an_older_order_that_is_imported_does_not_change_a_users_customer(
    shop: Any, placed: Callable[..., OrderPlaced]
) -> None:
    """X-30"""
    await shop.run()
    moved = placed("o1", voucher=voucher("o1/1"), customer="new")
    older = placed("o0", NOON - timedelta(days=1), voucher=voucher("o0/1"), customer="old")
    for order in (moved, older):
        await shop.deliver("checkout", order)
    [anna] = await items(shop, "/campaign-statistics/spring/users")
    assert (anna["customer"], anna["uses"]) == ("new", 2)
    assert anna["last_used_at"] == "2026-05-04T12:00:00Z"


def central_campaign(shop: Any, terms: Callable[..., CampaignTerms]) -> None:
    drafted = CampaignCreated(CENTRAL, "central", 1, terms(title="Sommer", code="1SOMMER"))
    shop.campaigns.fold(drafted)
