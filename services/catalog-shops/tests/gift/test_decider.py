"""Configuring gifts: which articles, from which value on, on which days, in which mode."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from catalog_shops.article.decider import ArticleState
from catalog_shops.gift.decider import (
    GIFTS_DECIDER,
    MAX_OFFERED,
    OfferGift,
    SetGiftMode,
    WithdrawGift,
)
from catalog_shops.gift.refusals import (
    ForSaleError,
    GiftNotFoundError,
    NoGiftArticleError,
    OfferedTwiceError,
    TooManyGiftsError,
    ValidityReversedError,
)
from zugabe_events.contracts.catalog_shops import (
    Article,
    GiftModeSet,
    GiftOffered,
    GiftWithdrawn,
)
from zugabe_events.domain.gift_rules import GiftRules, configuration_at
from zugabe_events.domain.gifts import Gift
from zugabe_testing.deciders import given

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)
LATER, EARLIER = NOW + timedelta(days=1), NOW - timedelta(days=100)
FIRST, LAST = date(2026, 5, 1), date(2026, 5, 31)
CUP = Gift("cup", "G-1", "Tasse", 10_000, FIRST, LAST)
LISTED = ArticleState(Article("Tasse", use="gift", catalogue_flag=1), is_listed=True)
OFFERED = GiftOffered("acme", 1, CUP, NOW)


def offering(**changes: Any) -> OfferGift:
    fields: dict[str, Any] = {
        "dealer": "acme",
        "gift": "cup",
        "number": "G-1",
        "limit_cents": 10_000,
        "valid_from": FIRST,
        "valid_until": LAST,
        "article": LISTED,
        "at": NOW,
    }
    return OfferGift(**{**fields, **changes})


def test_a_gift_has_a_limit_an_article_and_days() -> None:
    """GA-12"""
    given(GIFTS_DECIDER).when(offering()).then(OFFERED)
    given(GIFTS_DECIDER, OFFERED).when(offering(at=LATER)).then()


def test_a_gift_that_is_changed_is_another_version_of_it() -> None:
    """GA-12, X-40"""
    changed = Gift("cup", "G-1", "Tasse", 7_500, FIRST, None)
    again = offering(limit_cents=7_500, valid_until=None, at=LATER)
    given(GIFTS_DECIDER, OFFERED).when(again).then(GiftOffered("acme", 2, changed, LATER))
    rules = GIFTS_DECIDER.fold([OFFERED, GiftOffered("acme", 2, changed, LATER)])
    assert configuration_at(rules, NOW).gifts == (CUP,)
    assert configuration_at(rules, LATER).gifts == (changed,)


@pytest.mark.parametrize(
    "article", [ArticleState(), ArticleState(Article("Tasse", use="gift", catalogue_flag=1))]
)
def test_a_gift_is_an_article_that_is_listed(article: ArticleState) -> None:
    """GA-10"""
    error = (
        given(GIFTS_DECIDER)
        .when(offering(article=article))
        .refused(NoGiftArticleError, "gift-article-missing")
    )
    assert "Der Artikel G-1 ist nicht gelistet." in error.detail


def test_an_article_that_is_sold_is_no_gift() -> None:
    """GA-7, GA-8: the gift has a number of its own."""
    sold = ArticleState(Article("Tasse"), is_listed=True)
    error = (
        given(GIFTS_DECIDER).when(offering(article=sold)).refused(ForSaleError, "article-for-sale")
    )
    assert "unter einer eigenen Nummer" in error.detail


def test_days_do_not_end_before_they_begin() -> None:
    """GA-12, X-11: a single day is enough."""
    reversed_days = offering(valid_until=FIRST - timedelta(days=1))
    given(GIFTS_DECIDER).when(reversed_days).refused(ValidityReversedError, "validity-reversed")
    [event] = GIFTS_DECIDER.decide(offering(valid_until=FIRST), GiftRules())
    assert isinstance(event, GiftOffered)


@pytest.mark.parametrize(
    ("first", "last", "overlaps"),
    [
        (LAST, None, True),
        (LAST + timedelta(days=1), None, False),
        (date(2026, 1, 1), FIRST, True),
        (date(2026, 1, 1), FIRST - timedelta(days=1), False),
        (date(2026, 1, 1), None, True),
    ],
)
def test_an_article_is_one_gift_at_a_time(first: date, last: date | None, overlaps: bool) -> None:
    """GA-15: else there would never be exactly one."""
    other = offering(gift="cup-again", valid_from=first, valid_until=last, at=LATER)
    outcome = given(GIFTS_DECIDER, OFFERED).when(other)
    if overlaps:
        outcome.refused(OfferedTwiceError, "gift-offered-twice")
    else:
        assert len(outcome.attempt()) == 1


def test_a_withdrawn_gift_makes_room_for_its_article() -> None:
    withdrawn = GiftWithdrawn("acme", 2, "cup", LATER)
    other = offering(gift="cup-again", at=LATER)
    assert len(given(GIFTS_DECIDER, OFFERED, withdrawn).when(other).attempt()) == 1


def test_only_so_many_gifts_are_offered_at_once() -> None:
    full = [
        GiftOffered("acme", n, Gift(f"g{n}", f"G-{n}", "", 100, FIRST), NOW)
        for n in range(1, MAX_OFFERED + 1)
    ]
    one_more = offering(gift="one-more", number="X-1", at=LATER)
    error = given(GIFTS_DECIDER, *full).when(one_more).refused(TooManyGiftsError, "too-many-gifts")
    assert error.facts["most"] == MAX_OFFERED
    changed = offering(gift="g7", number="G-7", at=LATER)
    assert len(given(GIFTS_DECIDER, *full).when(changed).attempt()) == 1


def test_the_mode_is_per_amount_until_another_is_set() -> None:
    """GA-13"""
    given(GIFTS_DECIDER).when(SetGiftMode("acme", "per", NOW)).then()
    set_from = GiftModeSet("acme", 1, "from", NOW)
    given(GIFTS_DECIDER).when(SetGiftMode("acme", "from", NOW)).then(set_from)
    given(GIFTS_DECIDER, set_from).when(SetGiftMode("acme", "from", LATER)).then()
    given(GIFTS_DECIDER, set_from).when(SetGiftMode("acme", "per", LATER)).then(
        GiftModeSet("acme", 2, "per", LATER)
    )


def test_history_that_is_set_up_is_in_force_in_the_past() -> None:
    """X-40"""
    past = Gift("cup", "G-1", "Tasse", 5_000, FIRST, LAST)
    command = offering(limit_cents=5_000, at=LATER, effective_at=EARLIER)
    event = GiftOffered("acme", 2, past, EARLIER)
    given(GIFTS_DECIDER, OFFERED).when(command).then(event)
    given(GIFTS_DECIDER, OFFERED, event).when(command).then()
    rules = GIFTS_DECIDER.fold([OFFERED, event])
    assert configuration_at(rules, NOW).gifts == (CUP,)
    assert configuration_at(rules, EARLIER).gifts == (past,)
    mode = SetGiftMode("acme", "from", LATER, EARLIER)
    given(GIFTS_DECIDER).when(mode).then(GiftModeSet("acme", 1, "from", EARLIER))


def test_a_clock_that_is_behind_brings_no_change_before_the_last_one() -> None:
    """X-40"""
    command = SetGiftMode("acme", "from", NOW - timedelta(milliseconds=5))
    given(GIFTS_DECIDER, OFFERED).when(command).then(GiftModeSet("acme", 2, "from", NOW))


def test_a_gift_is_withdrawn_once() -> None:
    """GA-12"""
    withdraw = WithdrawGift("acme", "cup", LATER)
    withdrawn = GiftWithdrawn("acme", 2, "cup", LATER)
    given(GIFTS_DECIDER).when(withdraw).refused(GiftNotFoundError, "gift-not-found")
    given(GIFTS_DECIDER, OFFERED).when(withdraw).then(withdrawn)
    given(GIFTS_DECIDER, OFFERED, withdrawn).when(withdraw).then()
    again = offering(at=LATER)
    given(GIFTS_DECIDER, OFFERED, withdrawn).when(again).then(GiftOffered("acme", 3, CUP, LATER))
