"""Staff draw up campaigns, activate them, and look at them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from zugabe_events.contracts.vouchers import CampaignCreated, SecondPurchaseOffered


async def test_an_activated_campaign_shows_as_active(shop: Any) -> None:
    """VO-3, VO-4, VO-5"""
    await shop.run(description="Für alle")
    view = (await shop.ask("staff", "GET", "/campaigns/spring")).json()
    assert view["status"] == "active"
    assert (view["title"], view["description"]) == ("Frühling", "Für alle")
    assert (view["code"], view["value"], view["valid_until"]) == ("A12345", 1000, "2026-05-31")


async def test_a_voucher_is_used_once_per_user_unless_the_dealer_says_otherwise(
    shop: Any, new: Callable[..., dict[str, Any]]
) -> None:
    """VO-13, VO-15"""
    body = {name: value for name, value in new().items() if name != "max_per_user"}
    await shop.ask("staff", "PUT", "/campaigns/spring", body)
    view = (await shop.ask("staff", "GET", "/campaigns/spring")).json()
    assert view["max_per_user"] == 1
    assert view["max_per_customer"] is None


@pytest.mark.parametrize(
    "name",
    ["title", "code", "discount_type", "value", "valid_from", "valid_until", "minimum_cents"],
)
async def test_mandatory_fields_are_mandatory(
    shop: Any, new: Callable[..., dict[str, Any]], name: str
) -> None:
    """Q22, VO-3"""
    body = {key: value for key, value in new().items() if key != name}
    answer = await shop.ask("staff", "PUT", "/campaigns/spring", body)
    assert answer.status_code == 422
    assert not shop.said(CampaignCreated)


async def test_free_shipping_needs_no_value_and_warns(
    shop: Any, new: Callable[..., dict[str, Any]]
) -> None:
    """VO-9, VO-17"""
    body = new(
        discount_type="free-shipping", minimum_cents=5000, usual_free_shipping_from_cents=5000
    )
    del body["value"]
    answer = await shop.ask("staff", "PUT", "/campaigns/spring", body)
    assert answer.status_code == 200
    assert "50,00 €" in answer.json()["warnings"][0]


async def test_a_code_is_refused_however_it_is_written(
    shop: Any, new: Callable[..., dict[str, Any]]
) -> None:
    """VO-6, X-9"""
    await shop.run()
    answer = await shop.ask("staff", "PUT", "/campaigns/autumn", new(code=" a12345 "))
    assert (answer.status_code, answer.json()["code"]) == (409, "code-taken")
    assert len(shop.said(CampaignCreated)) == 1


async def test_an_own_code_with_a_digit_in_front_is_refused(
    shop: Any, new: Callable[..., dict[str, Any]]
) -> None:
    """VO-7"""
    for kind in ("own", "second-purchase"):
        answer = await shop.ask("staff", "PUT", "/campaigns/spring", new(code="1A", kind=kind))
        assert (answer.status_code, answer.json()["code"]) == (422, "code-begins-with-digit")


async def test_asking_twice_does_it_once(shop: Any) -> None:
    await shop.run(kind="second-purchase")
    await shop.run(kind="second-purchase")
    assert len(shop.said(CampaignCreated)) == 1
    assert len(shop.said(SecondPurchaseOffered)) == 1


async def test_campaigns_are_listed_and_filtered(shop: Any) -> None:
    await shop.run("spring", code="A")
    await shop.run("again", code="B", kind="second-purchase")
    listed = (await shop.ask("staff", "GET", "/campaigns?limit=1")).json()
    assert [one["campaign_id"] for one in listed["items"]] == ["again"]
    following = (await shop.ask("staff", "GET", f"/campaigns?after={listed['next']}")).json()
    assert [one["campaign_id"] for one in following["items"]] == ["spring"]
    filtered = (await shop.ask("staff", "GET", "/campaigns?kind=own&status=active")).json()
    assert [one["campaign_id"] for one in filtered["items"]] == ["spring"]


@pytest.mark.parametrize("who", ["anna", "other-staff"])
async def test_others_draw_up_no_campaigns(
    shop: Any, new: Callable[..., dict[str, Any]], who: str
) -> None:
    assert (await shop.ask(who, "PUT", "/campaigns/spring", new())).status_code == 403


async def test_a_campaign_whose_last_day_is_over_has_expired(shop: Any) -> None:
    """VO-10: at midnight in Berlin; a draft stays one."""
    await shop.run("spring", code="A")
    await shop.run("summer", code="B", valid_until="2026-08-31")
    await shop.ask("staff", "PUT", "/campaigns/draft", DRAFT)

    async def listed(status: str) -> list[str]:
        items = (await shop.ask("staff", "GET", f"/campaigns?status={status}")).json()["items"]
        assert {one["status"] for one in items} <= {status}
        return [one["campaign_id"] for one in items]

    async def status() -> str:
        view = (await shop.ask("staff", "GET", "/campaigns/spring")).json()
        return str(view["status"])

    shop.now = datetime(2026, 5, 31, 21, 59, tzinfo=UTC)
    assert (await listed("active"), await listed("expired")) == (["spring", "summer"], [])
    assert await status() == "active"
    shop.now = datetime(2026, 5, 31, 22, 1, tzinfo=UTC)
    assert (await listed("active"), await listed("expired")) == (["summer"], ["spring"])
    assert await listed("draft") == ["draft"]
    assert await status() == "expired"
    everything = (await shop.ask("staff", "GET", "/campaigns")).json()["items"]
    assert {one["campaign_id"]: one["status"] for one in everything} == {
        "draft": "draft",
        "spring": "expired",
        "summer": "active",
    }


DRAFT = {
    "title": "Entwurf",
    "code": "C",
    "discount_type": "free-shipping",
    "valid_from": "2026-05-01",
    "valid_until": "2026-05-31",
    "minimum_cents": 0,
}


async def test_only_a_voucher_that_is_earned_has_a_minimum_for_it(
    shop: Any, new: Callable[..., dict[str, Any]]
) -> None:
    body = new(earning_minimum_cents=5_000, combines=True)
    answer = await shop.ask("staff", "PUT", "/campaigns/spring", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "earning-minimum-not-wanted")
    await shop.run("again", kind="second-purchase", earning_minimum_cents=5_000, combines=True)
    view = (await shop.ask("staff", "GET", "/campaigns/again")).json()
    assert (view["earning_minimum_cents"], view["combines"]) == (5_000, True)
