"""No discount exceeds its base, and its shares add up to the cent."""

from collections.abc import Callable

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from vouchers.campaign.discount import Discount, Line, discount_of, explanation
from zugabe_events.contracts.vouchers import CampaignTerms

cents = st.integers(0, 10**9)
carts = st.lists(cents, max_size=12).map(
    lambda nets: [Line(number, net) for number, net in enumerate(nets, 1)]
)


@examples(
    cart=carts,
    off=st.one_of(
        st.tuples(st.just("fixed"), st.integers(1, 10**9)),
        st.tuples(st.just("percent"), st.integers(1, 10_000)),
        st.tuples(st.just("free-shipping"), st.just(0)),
    ),
)
def test_a_discount_is_shared_by_its_lines_to_the_cent(
    terms: Callable[..., CampaignTerms], cart: list[Line], off: tuple[str, int]
) -> None:
    """X-10, Q1: the base of an unrestricted voucher is the whole goods value."""
    discount = discount_of(terms(discount_type=off[0], value=off[1]), cart)
    assert discount.base_cents == sum(line.net_cents for line in cart)
    assert 0 <= discount.discount_cents <= discount.base_cents
    assert sum(discount.shares) == discount.discount_cents
    assert all(
        0 <= share <= one.net_cents for share, one in zip(discount.shares, cart, strict=True)
    )


@pytest.mark.parametrize(
    ("off", "expected"),
    [
        ({"value": 1250}, Discount(999, 125, (125,), False)),
        ({"discount_type": "fixed", "value": 500}, Discount(999, 500, (500,), False)),
        ({"discount_type": "fixed", "value": 5000}, Discount(999, 999, (999,), False)),
        ({"discount_type": "free-shipping", "value": 0}, Discount(999, 0, (0,), True)),
    ],
)
def test_each_discount_type_takes_off_what_it_says(
    terms: Callable[..., CampaignTerms], off: dict[str, object], expected: Discount
) -> None:
    """VO-8, VO-9, Q25"""
    assert discount_of(terms(**off), [Line(1, 999)]) == expected


def test_an_explanation_names_rule_version_condition_base_and_rounding(
    terms: Callable[..., CampaignTerms],
) -> None:
    """N-4"""
    granted = terms(value=1250, minimum_cents=900)
    assert explanation(1, granted, discount_of(granted, [Line(1, 999)]), [Line(1, 999)]) == (
        "Gutschein A12345 der Kampagne „Frühling“ (Fassung 1): 12,5 % auf den "
        "Netto-Warenwert 9,99 €, kaufmännisch gerundet: 1,25 €, Mindestbestellwert 9,00 € netto "
        "erreicht."
    )


def test_an_explanation_says_that_a_fixed_value_was_cut(
    terms: Callable[..., CampaignTerms],
) -> None:
    """N-4, X-10"""
    granted = terms(discount_type="fixed", value=1000)
    assert "begrenzt auf den Netto-Warenwert 9,99 €" in explanation(
        1, granted, discount_of(granted, [Line(1, 999)]), [Line(1, 999)]
    )


@pytest.mark.parametrize(
    ("granted", "told"),
    [
        (
            {"discount_type": "fixed", "value": 999},
            "Festwert 9,99 € auf den Netto-Warenwert 9,99 €",
        ),
        (
            {"discount_type": "fixed", "value": 1_000},
            "Festwert 10,00 €, begrenzt auf den Netto-Warenwert 9,99 €: 9,99 €",
        ),
        (
            {"discount_type": "free-shipping", "value": 0},
            "kostenloser Versand bei einem Netto-Warenwert von 9,99 €",
        ),
    ],
)
def test_an_explanation_says_what_each_discount_type_gave(
    terms: Callable[..., CampaignTerms], granted: dict[str, object], told: str
) -> None:
    """N-4, X-10: without a minimum there is no word about one."""
    of = terms(**granted)
    assert explanation(1, of, discount_of(of, [Line(1, 999)]), [Line(1, 999)]) == (
        f"Gutschein A12345 der Kampagne „Frühling“ (Fassung 1): {told}."
    )
