"""Gifts in an order: lines of their own at 0,00 €, marked as such."""

from datetime import date

from checkout.gift.choice import GiftWish, gifts_for
from checkout.gift.lines import gift_lines, sentences
from checkout.gift.offer import GiftOffer
from zugabe_events.contracts.checkout import ChosenGift, GiftLine
from zugabe_events.domain.gifts import Gift

CUP = Gift("g1", "GA-100", "Tasse", 10_000, date(2020, 1, 1))
PEN = Gift("g2", "GA-200", "Kuli", 2_500, date(2020, 1, 1))


def test_gifts_are_numbered_after_the_lines_and_ship_from_the_warehouse_of_their_owner() -> None:
    """GA-8, X-20, X-27"""
    offer = GiftOffer("d1", 1, "per", (CUP, PEN))
    given = gifts_for(GiftWish((ChosenGift("g2", 2), ChosenGift("g1", 1))), offer, 15_000)
    assert gift_lines(given, offer, 4) == (
        GiftLine(4, "GA-200", "Kuli", 2, "g2", 2_500, is_automatic=False, warehouse="d1"),
        GiftLine(5, "GA-100", "Tasse", 1, "g1", 10_000, is_automatic=False, warehouse="d1"),
    )
    assert list(sentences(given, offer)) == [
        "Gratis-Artikel: 2 × „Kuli“ (je 25,00 € Netto-Warenwert): 0,00 €.",
        "Gratis-Artikel: „Tasse“ (je 100,00 € Netto-Warenwert): 0,00 €.",
    ]


def test_a_gift_that_was_added_without_a_choice_is_marked_as_such() -> None:
    """GA-15, N-4"""
    offer = GiftOffer("central", 1, "from", (PEN,))
    given = gifts_for(GiftWish(), offer, 15_000)
    assert gift_lines(given, offer, 1) == (
        GiftLine(1, "GA-200", "Kuli", 1, "g2", 2_500, is_automatic=True, warehouse="central"),
    )
    assert list(sentences(given, offer)) == [
        "Gratis-Artikel: „Kuli“ (ab 25,00 € Netto-Warenwert, automatisch hinzugefügt): 0,00 €."
    ]


def test_an_order_without_gifts_has_no_such_lines() -> None:
    given = gifts_for(GiftWish(), GiftOffer(), 15_000)
    assert gift_lines(given, GiftOffer(), 1) == ()
    assert list(sentences(given, GiftOffer())) == []
