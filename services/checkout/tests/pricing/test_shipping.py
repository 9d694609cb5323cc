"""Shipping costs what the dealer's terms say for the country, and says what is missing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout.pricing.shipping import CountryNotServedError, Shipping, shipping_of
from checkout.pricing.shipping import shipping_sentences as sentences
from zugabe_events.contracts.checkout import SalesTerms, ShippingCharged, ShippingTerms
from zugabe_events.domain.german_countries import WAYS, way_to

TERMS = SalesTerms(
    shipping=(
        ShippingTerms("DE", 590, 5_000),
        ShippingTerms("CH", 1_990),
        ShippingTerms("AT", 0, 5_000),
    )
)

cents = st.integers(0, 10**7)


def shipping(country: str, value_cents: int, *, voucher: bool = False) -> Shipping:
    return shipping_of(TERMS, country, value_cents, has_free_shipping=voucher)


def test_shipping_costs_what_the_terms_say_and_tells_what_is_missing_to_free_shipping() -> None:
    """X-7, N-4"""
    found = shipping("DE", 4_680)
    assert found.charged == ShippingCharged("DE", 590, 590, None, ())
    assert found.missing_cents == 320
    assert list(sentences(found)) == [
        "Versand nach Deutschland: 5,90 €.",
        "Versandkostenfrei ab 50,00 € Netto-Warenwert: es fehlen 3,20 €.",
    ]


def test_a_value_that_is_reached_exactly_makes_shipping_free() -> None:
    assert shipping("DE", 4_999).missing_cents == 1
    found = shipping("DE", 5_000)
    assert found.charged == ShippingCharged("DE", 0, 590, "value", ())
    assert found.missing_cents is None
    assert list(sentences(found)) == [
        "Versand nach Deutschland: kostenlos ab 50,00 € Netto-Warenwert (sonst 5,90 €)."
    ]


def test_a_voucher_for_free_shipping_takes_the_cost_to_zero() -> None:
    """VO-8, X-8"""
    found = shipping("CH", 0, voucher=True)
    assert found.charged == ShippingCharged("CH", 0, 1_990, "voucher", ())
    assert found.missing_cents is None
    assert list(sentences(found)) == [
        "Versand in die Schweiz: kostenlos durch Ihren Gutschein (sonst 19,90 €)."
    ]


def test_a_voucher_is_not_the_reason_where_the_value_is() -> None:
    assert shipping("DE", 5_000, voucher=True).charged.free_because == "value"


def test_shipping_that_always_costs_the_same_promises_nothing() -> None:
    found = shipping("CH", 10**9)
    assert (found.charged.cost_cents, found.free_from_cents, found.missing_cents) == (
        1_990,
        None,
        None,
    )
    assert list(sentences(found)) == ["Versand in die Schweiz: 19,90 €."]


@pytest.mark.parametrize("terms", [TERMS, SalesTerms()])
def test_shipping_without_a_cost_is_free_for_no_reason(terms: SalesTerms) -> None:
    """Without terms, every delivery is free."""
    found = shipping_of(terms, "AT", 100, has_free_shipping=True)
    assert found == Shipping(ShippingCharged("AT", 0, 0, None, ()))
    assert list(sentences(found)) == ["Versand nach Österreich: kostenlos."]


@pytest.mark.parametrize(
    ("country", "detail"),
    [
        ("NL", "Eine Lieferung in die Niederlande ist nicht möglich."),
        ("FR", "Eine Lieferung nach Frankreich ist nicht möglich."),
        ("US", "Eine Lieferung nach „US“ ist nicht möglich."),
        ("de", "Eine Lieferung nach „de“ ist nicht möglich."),
    ],
)
def test_a_country_that_is_not_served_is_refused_by_its_name(country: str, detail: str) -> None:
    """X-7"""
    with pytest.raises(CountryNotServedError) as refused:
        shipping(country, 10**9, voucher=True)
    assert refused.value.code == "country-not-served"
    assert refused.value.detail == detail
    assert refused.value.facts == {"country": country}
    assert [one["country"] for one in refused.value.lists["countries"]] == ["DE", "CH", "AT"]


def test_the_countries_are_those_of_the_union_and_two_neighbours() -> None:
    assert len(WAYS) == 27 + 2
    assert way_to("SK") == "in die Slowakei"


@given(st.builds(ShippingTerms, st.just("DE"), cents, st.none() | cents), cents, st.booleans())
def test_what_is_missing_is_exactly_what_makes_it_free(
    its: ShippingTerms, value: int, voucher: bool
) -> None:
    terms = SalesTerms(shipping=(its,))
    found = shipping_of(terms, "DE", value, has_free_shipping=voucher)
    assert found.charged.cost_cents in (0, found.charged.usual_cents)
    assert found.charged.usual_cents == its.cost_cents
    assert (found.charged.free_because is None) == (found.charged.cost_cents == its.cost_cents)
    if found.missing_cents is not None:
        enough = value + found.missing_cents
        more = shipping_of(terms, "DE", enough, has_free_shipping=voucher)
        less = shipping_of(terms, "DE", enough - 1, has_free_shipping=voucher)
        assert more.charged.free_because == "value"
        assert less.charged.cost_cents == its.cost_cents
