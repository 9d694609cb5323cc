"""The gifts of a cart: chosen, added without a choice, reduced, and what people are told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from checkout.gift.choice import GiftsGiven, GiftWish, gifts_for
from checkout.gift.offer import GiftOffer
from checkout.gift.refusals import GiftNotOfferedError
from zugabe_events.contracts.checkout import ChosenGift
from zugabe_events.domain.gifts import (
    Gift,
    GiftMode,
    NextGift,
    Pieces,
    choices,
    fits,
    possible_pieces,
    spent_cents,
)

LONG_AGO = date(2020, 1, 1)


def gift(name: str, limit_cents: int) -> Gift:
    return Gift(name, f"G-{name}", name.title(), limit_cents, LONG_AGO)


CUP, PEN = gift("tasse", 10_000), gift("kuli", 2_500)
ONLY_PEN = GiftOffer("d1", 1, "per", (PEN,))
BOTH = GiftOffer("central", 2, "per", (CUP, PEN))
ONE_OF_BOTH = replace(BOTH, mode="from")


def chosen(*what: tuple[str, int]) -> GiftWish:
    return GiftWish(tuple(ChosenGift(*one) for one in what))


def pieces(given: GiftsGiven) -> list[tuple[str, int]]:
    return [(one.gift.gift, one.pieces) for one in given.pieces]


def codes(given: GiftsGiven) -> list[str]:
    return [notice.code for notice in given.notices]


def details(given: GiftsGiven, code: str) -> list[str]:
    return [notice.detail for notice in given.notices if notice.code == code]


# Added without a choice.


@pytest.mark.parametrize(
    ("mode", "value", "count"),
    [
        ("per", 2_499, 0),
        ("per", 2_500, 1),
        ("per", 9_999, 3),
        ("from", 2_500, 1),
        ("from", 9_999, 1),
    ],
)
def test_the_only_gift_is_added_by_itself_as_often_as_the_value_allows(
    mode: GiftMode, value: int, count: int
) -> None:
    """GA-15, Q3, Q16"""
    given = gifts_for(GiftWish(), replace(ONLY_PEN, mode=mode), value)
    assert pieces(given) == ([("kuli", count)] if count else [])
    assert given.are_automatic == bool(count)
    assert ("gift-added" in codes(given)) == bool(count)


def test_people_are_told_what_was_added_by_itself_and_what_is_missing_for_more() -> None:
    """GA-15, CH-7, X-7"""
    given = gifts_for(GiftWish(), ONLY_PEN, 6_000)
    assert [(one.code, one.detail, one.gift) for one in given.notices] == [
        ("gift-added", "Automatisch in den Warenkorb gelegt: 2 × „Kuli“.", "kuli"),
        (
            "gift-next",
            "Ihnen fehlen noch 15,00 € bis zu einem weiteren Gratis-Artikel „Kuli“.",
            "kuli",
        ),
    ]
    assert given.next == NextGift(PEN, 1_500)
    assert details(gifts_for(GiftWish(), ONLY_PEN, 2_500), "gift-added") == [
        "Automatisch in den Warenkorb gelegt: „Kuli“."
    ]


def test_a_gift_that_the_buyer_removed_stays_removed_and_is_not_hinted_at() -> None:
    """Q16"""
    wish = GiftWish(removed=frozenset({"kuli"}))
    for value in (2_500, 10_000, 2_499, 10_000):
        given = gifts_for(wish, ONLY_PEN, value)
        assert (given.pieces, given.notices, given.next) == ((), (), None)
    assert [one.gift for one in given.choices] == [PEN], "but can be chosen again"


def test_a_removed_gift_that_is_chosen_again_is_given() -> None:
    """Q16"""
    wish = replace(chosen(("kuli", 2)), removed=frozenset({"kuli"}))
    given = gifts_for(wish, ONLY_PEN, 7_500)
    assert pieces(given) == [("kuli", 2)]
    assert not given.are_automatic
    assert details(given, "gift-choice-open") == [
        "Sie können einen weiteren Gratis-Artikel wählen."
    ]


def test_a_number_that_the_buyer_chose_is_not_filled_up() -> None:
    """Q16: as a gift that was removed by hand is not added again."""
    assert pieces(gifts_for(chosen(("kuli", 1)), ONLY_PEN, 10_000)) == [("kuli", 1)]


def test_a_gift_out_of_stock_is_not_added_and_makes_the_other_not_the_only_one() -> None:
    """GA-15, X-27: catalog-shops shows it the same way."""
    missing = GiftOffer("d1", 1, "per", (), unavailable=(PEN,))
    assert gifts_for(GiftWish(), missing, 10_000) == GiftsGiven()
    other = GiftOffer("d1", 1, "per", (PEN,), unavailable=(CUP,))
    given = gifts_for(GiftWish(), other, 10_000)
    assert given.pieces == ()
    assert given.choices == (Pieces(PEN, 4),)
    assert details(given, "gift-choice-open") == ["Sie können bis zu 4 Gratis-Artikel wählen."]


# Chosen.


def test_of_several_gifts_the_buyer_chooses_and_is_told_so() -> None:
    """GA-2, GA-13, CH-7"""
    given = gifts_for(GiftWish(), BOTH, 12_500)
    assert given.pieces == ()
    assert given.choices == (Pieces(CUP, 1), Pieces(PEN, 5))
    assert codes(given) == ["gift-choice-open", "gift-next"]

    given = gifts_for(chosen(("tasse", 1)), BOTH, 12_500)
    assert pieces(given) == [("tasse", 1)]
    assert given.choices == (Pieces(PEN, 1),)
    assert details(given, "gift-choice-open") == [
        "Sie können einen weiteren Gratis-Artikel wählen."
    ]


def test_no_gift_is_in_reach_of_a_small_cart_and_the_missing_amount_is_told() -> None:
    """X-7"""
    given = gifts_for(GiftWish(), BOTH, 1_250)
    assert (given.pieces, given.choices) == ((), ())
    assert [(one.code, one.detail, one.missing_cents) for one in given.notices] == [
        ("gift-next", "Ihnen fehlen noch 12,50 € bis zum Gratis-Artikel „Kuli“.", 1_250)
    ]


def test_from_a_value_on_there_is_one_gift_and_the_first_choice_counts() -> None:
    """GA-14"""
    given = gifts_for(chosen(("kuli", 1), ("tasse", 1)), ONE_OF_BOTH, 1_000_000)
    assert pieces(given) == [("kuli", 1)]
    assert (given.choices, given.next) == ((), None)
    assert [notice.detail for notice in given.notices] == [
        "„Tasse“ wurde aus dem Warenkorb entfernt: Je Bestellung gibt es nur einen Gratis-Artikel."
    ]
    given = gifts_for(chosen(("kuli", 3)), ONE_OF_BOTH, 1_000_000)
    assert pieces(given) == [("kuli", 1)]
    assert [(notice.code, notice.detail, notice.pieces) for notice in given.notices] == [
        (
            "gift-reduced",
            "Von „Kuli“ wurden 2 Stück aus dem Warenkorb entfernt, 1 bleibt: "
            "Je Bestellung gibt es nur einen Gratis-Artikel.",
            2,
        )
    ]


def test_a_gift_that_is_chosen_twice_is_one_gift_with_both_pieces() -> None:
    given = gifts_for(chosen(("kuli", 1), ("tasse", 1), ("kuli", 2)), BOTH, 17_500)
    assert pieces(given) == [("kuli", 3), ("tasse", 1)]


@pytest.mark.parametrize("count", [0, -1])
def test_no_pieces_are_no_choice(count: int) -> None:
    assert pieces(gifts_for(chosen(("tasse", count)), BOTH, 20_000)) == []
    assert pieces(gifts_for(chosen(("kuli", count)), ONLY_PEN, 2_500)) == [("kuli", 1)]


# Reduced.


def test_when_the_value_falls_the_last_added_gift_goes_first_and_the_notice_names_it() -> None:
    """GA-16, Q17, CH-7"""
    wish = chosen(("tasse", 1), ("kuli", 3))
    assert "gift-reduced" not in codes(gifts_for(wish, BOTH, 17_500))

    given = gifts_for(wish, BOTH, 17_499)
    assert pieces(given) == [("tasse", 1), ("kuli", 2)]
    assert [(one.code, one.detail, one.gift, one.missing_cents) for one in given.notices][:1] == [
        (
            "gift-reduced",
            "Von „Kuli“ wurde 1 Stück aus dem Warenkorb entfernt, 2 bleiben: "
            "Es fehlen 0,01 € Netto-Warenwert.",
            "kuli",
            1,
        )
    ]
    given = gifts_for(wish, BOTH, 12_499)
    assert pieces(given) == [("tasse", 1)]
    assert [(one.code, one.detail, one.missing_cents) for one in given.notices][:1] == [
        (
            "gift-removed-below-limit",
            "3 × „Kuli“ wurden aus dem Warenkorb entfernt: Es fehlen 50,01 € Netto-Warenwert.",
            5_001,
        )
    ]


def test_from_a_value_on_a_gift_goes_below_its_limit() -> None:
    """GA-16: in this mode, too."""
    given = gifts_for(chosen(("tasse", 1)), ONE_OF_BOTH, 9_999)
    assert given.pieces == ()
    assert [(one.code, one.detail, one.gift) for one in given.notices][:1] == [
        (
            "gift-removed-below-limit",
            "„Tasse“ wurde aus dem Warenkorb entfernt: Es fehlen 0,01 € Netto-Warenwert.",
            "tasse",
        )
    ]


def test_a_gift_that_was_added_by_itself_goes_with_a_notice_where_it_was_shown_before() -> None:
    """GA-15, GA-16"""
    wish = GiftWish(added_before=(ChosenGift("kuli", 3),))
    given = gifts_for(wish, ONLY_PEN, 2_600)
    assert pieces(given) == [("kuli", 1)]
    assert codes(given) == ["gift-reduced", "gift-added", "gift-next"]
    assert details(given, "gift-reduced") == [
        "Von „Kuli“ wurden 2 Stück aus dem Warenkorb entfernt, 1 bleibt: "
        "Es fehlen 49,00 € Netto-Warenwert."
    ]
    given = gifts_for(wish, ONLY_PEN, 100)
    assert codes(given) == ["gift-removed-below-limit", "gift-next"]
    assert codes(gifts_for(wish, ONLY_PEN, 7_500)) == ["gift-added", "gift-next"]


def test_what_was_added_before_and_is_not_wanted_or_not_the_only_one_is_no_loss() -> None:
    """GA-15"""
    before = (ChosenGift("kuli", 3),)
    wish = GiftWish(removed=frozenset({"kuli"}), added_before=before)
    assert gifts_for(wish, ONLY_PEN, 100).notices == ()
    assert codes(gifts_for(GiftWish(added_before=before), BOTH, 7_500)) == [
        "gift-choice-open",
        "gift-next",
    ]


def test_what_was_added_before_and_is_out_of_stock_now_is_told_and_refuses_no_order() -> None:
    """X-27"""
    gone = GiftOffer("d1", 1, "per", (), unavailable=(PEN,))
    given = gifts_for(GiftWish(added_before=(ChosenGift("kuli", 3),)), gone, 7_500)
    assert [(one.code, one.detail) for one in given.notices] == [
        ("gift-not-offered", "Der Gratis-Artikel „Kuli“ ist zurzeit nicht lieferbar.")
    ]
    given.check()


# Not offered.


def test_a_chosen_gift_that_cannot_be_had_is_left_out_of_a_quote_and_refuses_an_order() -> None:
    """X-7, X-27"""
    offer = GiftOffer("d1", 1, "per", (PEN,), unavailable=(CUP,))
    wish = chosen(("tasse", 1), ("kuli", 1), ("bohrer", 1))
    given = gifts_for(wish, offer, 100_000)
    assert pieces(given) == [("kuli", 1)]
    assert details(given, "gift-not-offered") == [
        "Der Gratis-Artikel „Tasse“ ist zurzeit nicht lieferbar.",
        "Ein Gratis-Artikel Ihres Warenkorbs wird nicht angeboten.",
    ]
    with pytest.raises(GiftNotOfferedError) as refused:
        given.check()
    assert refused.value.code == "gift-not-offered"
    assert refused.value.detail == "2 gewählte Gratis-Artikel können nicht geliefert werden."
    assert [one["gift"] for one in refused.value.lists["gifts"]] == ["tasse", "bohrer"]


def test_a_single_refused_gift_is_named_by_the_refusal() -> None:
    """X-7"""
    offer = GiftOffer("d1", 1, "per", (PEN,), unavailable=(CUP,))
    with pytest.raises(GiftNotOfferedError, match=r"„Tasse“ ist zurzeit nicht lieferbar\."):
        gifts_for(chosen(("tasse", 1)), offer, 100_000).check()


def test_a_dealer_without_gifts_gives_none() -> None:
    """GA-5"""
    assert gifts_for(GiftWish(), GiftOffer(), 10**9) == GiftsGiven()
    assert codes(gifts_for(chosen(("kuli", 1)), GiftOffer(), 10**9)) == ["gift-not-offered"]


def test_an_excluded_customer_gets_none_and_is_told_only_about_a_choice() -> None:
    """X-25"""
    assert gifts_for(GiftWish(), ONLY_PEN, 10**9, is_excluded=True) == GiftsGiven()
    given = gifts_for(chosen(("kuli", 1)), ONLY_PEN, 10**9, is_excluded=True)
    assert given.pieces == ()
    assert [(one.code, one.detail) for one in given.notices] == [
        ("gift-not-offered", "Für Ihr Unternehmen sind keine Gratis-Artikel vorgesehen.")
    ]
    with pytest.raises(GiftNotOfferedError):
        given.check()


# For all carts.

GIFTS = tuple(gift(name, limit) for name, limit in zip("abcd", (100, 250, 333, 1_000), strict=True))

modes: st.SearchStrategy[GiftMode] = st.sampled_from(("per", "from"))
values = st.integers(0, 5_000)
wishes = st.builds(
    GiftWish,
    st.lists(st.builds(ChosenGift, st.sampled_from("abcdx"), st.integers(0, 5)), max_size=6).map(
        tuple
    ),
    st.frozensets(st.sampled_from("abcdx")),
    st.lists(st.builds(ChosenGift, st.sampled_from("abx"), st.integers(0, 5)), max_size=2).map(
        tuple
    ),
)


@st.composite
def offers(draw: st.DrawFn) -> GiftOffer:
    gifts = draw(st.lists(st.sampled_from(GIFTS), unique=True))
    out = draw(st.integers(0, len(gifts)))
    return GiftOffer("d1", 1, draw(modes), tuple(gifts[out:]), tuple(gifts[:out]))


def allowed(given: GiftsGiven, mode: GiftMode, value: int) -> bool:
    if mode == "per":
        return sum(one.gift.limit_cents * one.pieces for one in given.pieces) <= value
    return sum(one.pieces for one in given.pieces) <= 1 and all(
        one.gift.limit_cents <= value for one in given.pieces
    )


@examples(wishes, offers(), values)
def test_never_more_is_given_than_the_value_allows(
    wish: GiftWish, offer: GiftOffer, value: int
) -> None:
    """GA-14, GA-16, Q4, X-27"""
    given = gifts_for(wish, offer, value)
    assert allowed(given, offer.mode, value)
    assert all(one.pieces > 0 and one.gift in offer.gifts for one in given.pieces)
    assert len({one.gift for one in given.pieces}) == len(given.pieces)
    for one in given.choices:
        assert fits(offer.mode, [*given.pieces, one], value)
        more = Pieces(one.gift, one.pieces + 1)
        assert not fits(offer.mode, [*given.pieces, more], value)
    for notice in given.notices:
        assert notice.missing_cents is None or notice.missing_cents > 0
        assert notice.pieces is None or notice.pieces > 0


@examples(wishes, offers(), values)
def test_choices_and_the_next_gift_are_those_of_the_shops_page(
    wish: GiftWish, offer: GiftOffer, value: int
) -> None:
    """GA-2, GA-3: by the functions that catalog-shops shows them with."""
    given = gifts_for(wish, offer, value)
    assert given.choices == choices(offer.mode, offer.gifts, value, given.pieces)
    if given.are_automatic:
        assert len(offer.configured) == 1
        only = given.pieces[0]
        assert only.pieces == possible_pieces(offer.mode, only.gift, value)


@examples(wishes, offers(), values, values)
def test_a_smaller_value_gives_no_more(
    wish: GiftWish, offer: GiftOffer, one: int, other: int
) -> None:
    """GA-16: where two values differ, the larger one gives more of what was added first."""
    wish = replace(wish, chosen=tuple({each.gift: each for each in wish.chosen}.values()))
    low, high = sorted((one, other))
    less, more = gifts_for(wish, offer, low), gifts_for(wish, offer, high)
    if offer.mode == "per":
        assert spent_cents(less.pieces) <= spent_cents(more.pieces)
    assert bool(less.pieces) <= bool(more.pieces)
    order = [*(each.gift for each in wish.chosen), *(each.gift for each in offer.gifts)]
    assert counts(less, order) <= counts(more, order)


def counts(given: GiftsGiven, order: Sequence[str]) -> list[int]:
    by_gift = dict(pieces(given))
    return [by_gift.get(name, 0) for name in dict.fromkeys(order)]


@examples(wishes, offers(), values)
def test_later_choices_take_nothing_from_earlier_ones(
    wish: GiftWish, offer: GiftOffer, value: int
) -> None:
    """Q17: the last added goes first."""
    wish = replace(wish, removed=frozenset("abcd"))
    for length in range(len(wish.chosen)):
        first = gifts_for(replace(wish, chosen=wish.chosen[:length]), offer, value)
        longer = gifts_for(replace(wish, chosen=wish.chosen[: length + 1]), offer, value)
        more = dict(pieces(longer))
        assert all(more[name] >= count for name, count in pieces(first))


@examples(wishes, offers(), values)
def test_choosing_exactly_what_was_given_changes_nothing(
    wish: GiftWish, offer: GiftOffer, value: int
) -> None:
    """GA-16"""
    given = gifts_for(wish, offer, value)
    kept = tuple(ChosenGift(one.gift.gift, one.pieces) for one in given.pieces)
    if given.are_automatic:
        again = gifts_for(replace(wish, chosen=(), added_before=kept), offer, value)
    else:
        again = gifts_for(replace(wish, chosen=kept, added_before=()), offer, value)
    assert (again.pieces, again.choices) == (given.pieces, given.choices)
    assert not {"gift-reduced", "gift-removed-below-limit"} & set(codes(again))


@examples(wishes, offers(), values)
def test_what_the_buyer_removed_and_did_not_choose_is_never_there(
    wish: GiftWish, offer: GiftOffer, value: int
) -> None:
    """Q16"""
    given = gifts_for(wish, offer, value)
    unwanted = wish.removed - {one.gift for one in wish.chosen if one.pieces > 0}
    assert not unwanted & {one.gift.gift for one in given.pieces}
    assert not unwanted & {notice.gift for notice in given.notices}


@examples(wishes, offers(), values)
def test_nobody_loses_a_chosen_gift_without_a_notice(
    wish: GiftWish, offer: GiftOffer, value: int
) -> None:
    """GA-16, X-27"""
    given = gifts_for(wish, offer, value)
    told = {notice.gift for notice in given.notices if notice.code != "gift-next"}
    for name in {one.gift for one in wish.chosen if one.pieces > 0}:
        wanted = sum(one.pieces for one in wish.chosen if one.gift == name and one.pieces > 0)
        assert dict(pieces(given)).get(name, 0) == wanted or name in told


def test_a_second_gift_whose_limit_is_just_reached_went_because_there_is_one_already() -> None:
    """GA-14, GA-16: nothing is missing to its value, and so no amount is told."""
    given = gifts_for(chosen(("kuli", 1), ("tasse", 1)), ONE_OF_BOTH, 10_000)
    assert pieces(given) == [("kuli", 1)]
    [lost] = [notice for notice in given.notices if notice.code == "gift-reduced"]
    assert (lost.gift, lost.missing_cents) == ("tasse", None)
