"""Which articles a voucher applies to, in sets and in German."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from vouchers.assortment.restriction import Goods, Names, Restriction
from vouchers.campaign.discount import Line, discount_of, explanation
from vouchers.campaign.terms import check
from zugabe_events.contracts.vouchers import Assortment, CampaignTerms
from zugabe_events.domain.errors import InvalidError

type Terms = Callable[..., CampaignTerms]

NAMES = Names({"soe": "Soennecken"}, {"folders": "Ordnen & Registrieren"})
FOLDERS = Assortment(brands=("soe",), groups=("folders",))

ids = st.sampled_from("abc")
some = st.frozensets(ids)
goods = st.builds(Goods, article=ids, brand=st.one_of(st.just(""), ids), groups=some, media=some)
wanted = st.one_of(
    st.builds(Assortment, article_list=st.just("list")),
    st.builds(
        Assortment,
        brands=some.map(tuple),
        medium=st.one_of(st.none(), ids),
        groups=some.map(tuple),
    ),
)


@examples(assortment=wanted, article=goods, listed=some)
def test_a_voucher_applies_to_the_intersection(
    assortment: Assortment, article: Goods, listed: frozenset[str]
) -> None:
    """VO-19, VO-20: each part is a set of articles; those count that are in all of them."""
    matching = [
        not assortment.brands or article.brand in assortment.brands,
        not assortment.groups or bool({*assortment.groups} & article.groups),
        assortment.medium is None or assortment.medium in article.media,
        assortment.article_list is None or article.article in listed,
    ]
    assert Restriction(assortment, listed).covers(article) is all(matching)


@examples(
    assortment=wanted,
    listed=some,
    cart=st.lists(st.tuples(st.integers(0, 10**9), goods, st.booleans()), max_size=8),
    off=st.sampled_from([("fixed", 5_000), ("percent", 1_250), ("free-shipping", 0)]),
)
def test_the_base_is_the_value_of_the_matching_lines(
    terms: Terms,
    assortment: Assortment,
    listed: frozenset[str],
    cart: list[tuple[int, Goods, bool]],
    off: tuple[str, int],
) -> None:
    """Q1, X-10: no other line has a share."""
    restriction = Restriction(assortment, listed)
    lines = [
        Line(number, cents, ("vouchers",) if excluded else (), article)
        for number, (cents, article, excluded) in enumerate(cart, start=1)
    ]
    granted = terms(discount_type=off[0], value=off[1], assortment=assortment)
    discount = discount_of(granted, lines, restriction)
    base = [
        cents if restriction.covers(article) and not excluded else 0
        for cents, article, excluded in cart
    ]
    assert discount.base_cents == sum(base)
    assert sum(discount.shares) == discount.discount_cents <= sum(base)
    assert all(0 <= share <= most for share, most in zip(discount.shares, base, strict=True))


@pytest.mark.parametrize(
    ("assortment", "code"),
    [
        (Assortment(), "assortment-empty"),
        (Assortment(article_list="l", brands=("soe",)), "articles-not-alone"),
        (Assortment(article_list="l", groups=("folders",)), "articles-not-alone"),
        (Assortment(article_list="l", medium="Flyer"), "articles-not-alone"),
    ],
)
def test_articles_stand_alone(terms: Terms, assortment: Assortment, code: str) -> None:
    """VO-43"""
    with pytest.raises(InvalidError) as refused:
        check(terms(assortment=assortment))
    assert refused.value.code == code


@pytest.mark.parametrize(
    "assortment",
    [
        Assortment(article_list="l"),
        Assortment(brands=("soe",), groups=("folders",), medium="Flyer"),
        None,
    ],
)
def test_the_other_three_can_be_combined(terms: Terms, assortment: Assortment | None) -> None:
    """VO-20, VO-43"""
    check(terms(assortment=assortment))


@pytest.mark.parametrize(
    ("assortment", "said"),
    [
        (
            FOLDERS,
            "Artikel der Marke „Soennecken“ aus der Warengruppe „Ordnen & Registrieren“",
        ),
        (
            Assortment(brands=("soe", "leitz"), medium="Flyer Mai"),
            "Artikel der Marken „Soennecken“ und „leitz“ im Werbemittel „Flyer Mai“",
        ),
        (
            Assortment(groups=("a", "b", "c", "d")),
            "Artikel aus den Warengruppen „a“, „b“, „c“ und „d“",
        ),
        (
            Assortment(groups=tuple("abcde")),
            "Artikel aus den Warengruppen „a“, „b“, „c“ und 2 weiteren",
        ),
        (
            Assortment(brands=tuple(str(number) for number in range(1_500))),
            "Artikel der Marken „0“, „1“, „2“ und 1.497 weiterer",
        ),
        (Assortment(article_list="l"), "ausgewählte Artikel"),
    ],
)
def test_the_articles_are_named_in_german(assortment: Assortment, said: str) -> None:
    """VO-21: by names, not by ids."""
    assert Restriction(assortment, names=NAMES).articles_named() == said


@pytest.mark.parametrize(
    ("changes", "excluded", "said"),
    [
        (
            {"value": 1000},
            (),
            "10 % auf den Netto-Warenwert von 40,00 € für Artikel der Marke „Soennecken“ aus der "
            "Warengruppe „Ordnen & Registrieren“, kaufmännisch gerundet: 4,00 €",
        ),
        (
            {"discount_type": "free-shipping", "value": 0},
            (),
            "kostenloser Versand bei einem Netto-Warenwert von 40,00 € für Artikel der Marke "
            "„Soennecken“ aus der Warengruppe „Ordnen & Registrieren“",
        ),
        (
            {"discount_type": "fixed", "value": 500},
            ("vouchers",),
            "Festwert 5,00 € auf den Netto-Warenwert von 40,00 € für rabattfähige Artikel der "
            "Marke „Soennecken“ aus der Warengruppe „Ordnen & Registrieren“",
        ),
    ],
)
def test_an_explanation_says_what_the_base_was(
    terms: Terms, changes: dict[str, Any], excluded: tuple[Any, ...], said: str
) -> None:
    """Q1, N-4"""
    folder = Goods("4711", "soe", frozenset({"folders", "office"}))
    lines = [
        Line(1, 4_000, goods=folder),
        Line(2, 6_000, goods=Goods("4712", "soe", frozenset({"pens"}))),
        *([Line(3, 500, excluded, folder)] if excluded else []),
    ]
    granted = terms(assortment=FOLDERS, **changes)
    restriction = Restriction(FOLDERS, names=NAMES)
    discount = discount_of(granted, lines, restriction)
    assert explanation(2, granted, discount, lines, restriction) == (
        f"Gutschein A12345 der Kampagne „Frühling“ (Fassung 2): {said}."
    )
