"""Several vouchers in one order: only if all combine, in a stated order, each on what is left."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from hypothesis import given as examples
from hypothesis import strategies as st

from vouchers.campaign.discount import Line
from vouchers.wallet.combination import Combination, combine
from vouchers.wallet.refusals import Use, objections
from vouchers.wallet.state import Wallet
from zugabe_events.contracts.vouchers import CampaignTerms

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
CART = (Line(1, 4_000), Line(2, 6_000))

type Terms = Callable[..., CampaignTerms]


def use_of(terms: CampaignTerms, lines: Sequence[Line] = CART) -> Use:
    code = terms.code
    return Use(code, "acme", "So.COMMERCE", "anna", code.lower(), 1, terms, tuple(lines), NOON)


def combined(*uses: Use) -> Combination:
    return combine(uses, [objections(use, None, Wallet()) for use in uses], {})


def told(combination: Combination) -> tuple[list[Any], list[Any]]:
    """The refusals by code, and what was applied: code, base and discount."""
    return (
        [(refusal.facts["voucher_code"], refusal.code) for refusal in combination.refusals],
        [
            (one.use.terms.code, one.discount.base_cents, one.discount.discount_cents)
            for one in combination.applied
        ],
    )


def test_percent_comes_first_then_a_fixed_value_then_free_shipping(terms: Terms) -> None:
    """X-8, X-31: each on what the earlier ones left."""
    free = use_of(terms(code="A", discount_type="free-shipping", value=0, combines=True))
    fixed = use_of(terms(code="B", discount_type="fixed", value=1_500, combines=True))
    percent = use_of(terms(code="C", value=1_000, combines=True))
    assert told(combined(free, fixed, percent)) == (
        [],
        [("C", 10_000, 1_000), ("B", 9_000, 1_500), ("A", 7_500, 0)],
    )


def test_vouchers_of_one_kind_are_applied_by_their_codes(terms: Terms) -> None:
    """X-31: in whatever order they were entered."""
    ten, twenty = terms(code="b10", combines=True), terms(code="A20", value=2_000, combines=True)
    expected: tuple[list[Any], list[Any]] = ([], [("A20", 10_000, 2_000), ("b10", 8_000, 800)])
    assert told(combined(use_of(ten), use_of(twenty))) == expected
    assert told(combined(use_of(twenty), use_of(ten))) == expected


def test_of_vouchers_that_do_not_combine_the_one_entered_first_is_kept(terms: Terms) -> None:
    """X-31"""
    alone = use_of(terms(code="ALLEIN"))
    first, second = (use_of(terms(code=code, combines=True)) for code in ("EINS", "ZWEI"))
    refused, applied = told(combined(first, alone, second))
    assert refused == [("ALLEIN", "not-combinable")]
    assert [code for code, *_ in applied] == ["EINS", "ZWEI"]
    refusal, *more = combined(alone, first).refusals
    assert not more
    assert refusal.facts == {"voucher_code": "EINS", "other_code": "ALLEIN"}
    assert refusal.detail == (
        "Die Gutscheine „EINS“ und „ALLEIN“ können nicht zusammen verwendet werden."
    )


def test_a_voucher_that_cannot_be_used_keeps_no_other_out(terms: Terms) -> None:
    """X-31"""
    expensive = use_of(terms(code="TEUER", minimum_cents=20_000))
    refused, applied = told(combined(expensive, use_of(terms(code="ALLEIN"))))
    assert refused == [("TEUER", "minimum-not-reached"), ("TEUER", "not-combinable")]
    assert applied == [("ALLEIN", 10_000, 1_000)]


def test_a_voucher_is_not_spent_on_nothing(terms: Terms) -> None:
    """X-31: earlier vouchers paid for everything."""
    everything = use_of(terms(code="ALLES", value=10_000, combines=True))
    fixed = use_of(terms(code="FEST", discount_type="fixed", value=500, combines=True))
    shipping = use_of(terms(code="PORTO", discount_type="free-shipping", value=0, combines=True))
    refused, applied = told(combined(fixed, everything, shipping))
    assert refused == [("FEST", "nothing-to-pay")]
    assert applied == [("ALLES", 10_000, 10_000), ("PORTO", 0, 0)]


def test_goods_for_nothing_use_up_no_voucher(terms: Terms) -> None:
    for changes in ({}, {"discount_type": "fixed"}, {"discount_type": "free-shipping", "value": 0}):
        nothing = use_of(terms(**changes), (Line(1, 0),))
        assert told(combined(nothing)) == ([("A12345", "nothing-to-pay")], [])


def test_the_minimum_is_compared_with_the_goods_before_all_vouchers(terms: Terms) -> None:
    """Q2, X-31"""
    half = use_of(terms(code="HALB", value=5_000, combines=True))
    minimum = terms(
        code="FEST", discount_type="fixed", value=500, minimum_cents=10_000, combines=True
    )
    assert told(combined(half, use_of(minimum)))[0] == []


carts = st.lists(
    st.builds(
        Line,
        st.just(1),
        st.integers(0, 10**7),
        st.sampled_from([(), ("vouchers",), ("thresholds",), ("vouchers", "thresholds")]),
    ),
    max_size=8,
)
offers = st.lists(
    st.one_of(
        st.tuples(st.just("percent"), st.integers(1, 10_000)),
        st.tuples(st.just("fixed"), st.integers(1, 10**6)),
        st.tuples(st.just("free-shipping"), st.just(0)),
    ),
    min_size=1,
    max_size=5,
)


@examples(cart=carts, offers=offers)
def test_all_vouchers_together_never_take_off_more_than_a_line_is_worth(
    terms: Terms, cart: list[Line], offers: list[tuple[str, int]]
) -> None:
    """X-10, X-24, X-31: bases and shares follow from each other to the cent."""
    uses = [
        use_of(terms(code=f"C{number}", discount_type=kind, value=value, combines=True), cart)
        for number, (kind, value) in enumerate(offers)
    ]
    found = combined(*uses)
    left = [0 if "vouchers" in line.excluded else line.net_cents for line in cart]
    for one in found.applied:
        assert one.discount.base_cents == sum(left)
        assert one.discount.discount_cents == sum(one.discount.shares)
        left = [net - share for net, share in zip(left, one.discount.shares, strict=True)]
        assert all(net >= 0 for net in left)
    refused = {refusal.facts["voucher_code"] for refusal in found.refusals}
    assert refused | {one.use.terms.code for one in found.applied} == {u.terms.code for u in uses}


@examples(
    cart=carts,
    offers=st.lists(
        st.tuples(
            st.sampled_from(["percent", "fixed", "free-shipping"]),
            st.integers(1, 10_000),
            st.booleans(),
            st.integers(0, 20_000),
        ),
        max_size=5,
    ),
)
def test_leaving_out_what_is_refused_one_by_one_ends_with_what_the_check_applied(
    terms: Terms, cart: list[Line], offers: list[tuple[Any, int, bool, int]]
) -> None:
    """X-6, X-31: an order without refused vouchers costs what its quote said."""
    uses = [
        use_of(
            terms(
                code=f"C{number}",
                discount_type=kind,
                value=0 if kind == "free-shipping" else value,
                combines=combines,
                minimum_cents=minimum,
            ),
            cart,
        )
        for number, (kind, value, combines, minimum) in enumerate(offers)
    ]
    at_once = combined(*uses)
    left = uses
    while refusals := combined(*left).refusals:
        refused = refusals[0].facts["voucher_code"]
        left = [use for use in left if use.voucher_code != refused]
    assert combined(*left).applied == at_once.applied
