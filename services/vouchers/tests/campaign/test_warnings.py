"""A voucher for free shipping that brings nothing is worth a warning, and no refusal."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from vouchers.campaign.warnings import of_shipping, warnings_about
from zugabe_events.contracts.checkout import SalesTerms, SalesTermsSet, ShippingTerms
from zugabe_events.contracts.vouchers import CampaignTerms

type Terms = Callable[..., CampaignTerms]

GERMANY = ShippingTerms("DE", 590, 5_000)


def free_from(terms: Terms, minimum_cents: int) -> CampaignTerms:
    return terms(discount_type="free-shipping", value=0, minimum_cents=minimum_cents)


@pytest.mark.parametrize(("minimum", "warned"), [(4_999, False), (5_000, True), (6_000, True)])
def test_a_minimum_from_the_usual_limit_on_is_worth_a_warning(
    terms: Terms, minimum: int, warned: bool
) -> None:
    """VO-17"""
    free = free_from(terms, minimum)
    assert bool(of_shipping(free, [GERMANY], None)) is warned
    assert bool(of_shipping(free, None, 5_000)) is warned
    assert not of_shipping(free, None, None)
    assert not of_shipping(terms(minimum_cents=minimum), [GERMANY], 5_000)


def test_the_dealers_own_terms_count_more_than_what_the_caller_says(terms: Terms) -> None:
    """VO-17"""
    assert not of_shipping(free_from(terms, 4_000), [GERMANY], 3_000)


def test_a_warning_says_for_which_countries(terms: Terms) -> None:
    """VO-17"""
    shipping = [
        GERMANY,
        ShippingTerms("AT", 990, 10_000),
        ShippingTerms("CH", 1_990, None),
        ShippingTerms("LU", 0, None),
    ]
    assert of_shipping(free_from(terms, 7_500), shipping, None) == [
        "Der Mindestbestellwert 75,00 € netto ist nicht niedriger als die übliche "
        "Versandkostenfreigrenze 50,00 € für den Versand nach Deutschland: Der Gutschein brächte "
        "keinen Vorteil.",
        "Der Versand nach Luxemburg ist immer kostenlos: Der Gutschein brächte keinen Vorteil.",
    ]


def test_where_all_shipping_is_free_the_voucher_is_of_no_use(terms: Terms) -> None:
    """VO-17"""
    assert of_shipping(free_from(terms, 0), [], None) == [
        "Der Versand ist immer kostenlos: Der Gutschein brächte keinen Vorteil."
    ]


async def test_drawing_up_and_activating_warn_by_the_terms_of_sale_in_force(
    shop: Any, new: Callable[..., dict[str, Any]]
) -> None:
    """VO-17, X-40: also when terms arrive in another order."""
    body = new(discount_type="free-shipping", value=0, minimum_cents=6_000)
    drawn = await shop.ask("staff", "PUT", "/campaigns/spring", body)
    assert drawn.json()["warnings"] == []
    tomorrow = shop.now + timedelta(days=1)
    none = SalesTerms(shipping=(ShippingTerms("DE", 590, None),))
    shop.shipping.fold(SalesTermsSet("acme", 2, none, tomorrow))
    shop.shipping.fold(SalesTermsSet("acme", 1, SalesTerms(shipping=(GERMANY,)), shop.now))
    shop.shipping.fold(SalesTermsSet("other", 1, none, shop.now))
    drawn = await shop.ask("staff", "PUT", "/campaigns/spring", body)
    assert "50,00 € für den Versand nach Deutschland" in drawn.json()["warnings"][0]
    shop.now = tomorrow
    active = await shop.ask("staff", "POST", "/campaigns/spring/activation")
    assert (active.json()["status"], active.json()["warnings"]) == ("active", [])
    shop.shipping.fold(SalesTermsSet("acme", 3, SalesTerms(shipping=(GERMANY,)), tomorrow))
    again = await shop.ask("staff", "POST", "/campaigns/spring/activation")
    assert len(again.json()["warnings"]) == 1


@pytest.mark.parametrize(
    ("changes", "warned"),
    [
        ({}, None),
        ({"valid_until": date(2026, 5, 3)}, "seit dem 03.05.2026 vorbei"),
        ({"valid_until": date(2199, 12, 31)}, "länger als fünf Jahre"),
        ({"discount_type": "fixed", "value": 501, "budget_cents": 500}, "Das Budget von 5,00 €"),
        ({"discount_type": "fixed", "value": 500, "budget_cents": 500}, None),
    ],
)
def test_terms_that_hardly_anybody_means_are_told(
    terms: Terms, changes: dict[str, Any], warned: str | None
) -> None:
    """VO-10, X-29"""
    found = warnings_about(terms(**changes), None, datetime(2026, 5, 4, 12, tzinfo=UTC))
    assert warned in found[0] if warned else found == []
