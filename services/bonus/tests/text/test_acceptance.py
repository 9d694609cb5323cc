"""Nobody collects before they have accepted what is in force, and points once earned stay."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from bonus_tests.samples import CUSTOMER, DEALER, MARCH_1, TERMS, USER, line, placed, programme
from msgspec.structs import replace as changed

from bonus.account.decider import ACCOUNT_DECIDER
from bonus.account.order import BookOrder
from bonus.customer.decider import Membership, Span
from bonus.programme.versions import ALWAYS, Versions
from bonus.text.acceptance import Rules
from bonus.text.accepting import AcceptTexts, TextsChangedError
from bonus.text.decider import Texts
from zugabe_events.contracts.bonus import (
    AcceptedText,
    PointsAccrued,
    ProgrammeTextsAccepted,
)
from zugabe_testing.deciders import given

DAY = timedelta(days=1)
ASKING = changed(TERMS, needs_acceptance=True)
ENABLED = Membership((Span(MARCH_1),))
RULES = Rules(Versions((programme(terms=ASKING),)), ENABLED, Texts())
ALL = Texts().to_accept


def accepted(days: float) -> ProgrammeTextsAccepted:
    return ProgrammeTextsAccepted(DEALER, CUSTOMER, USER, ALL, MARCH_1 + days * DAY)


def accept(days: float, rules: Rules = RULES, texts: Sequence[AcceptedText] = ALL) -> AcceptTexts:
    return AcceptTexts(DEALER, CUSTOMER, USER, tuple(texts), rules, MARCH_1 + days * DAY)


def points_at(days: float, rules: Rules, *history: ProgrammeTextsAccepted) -> int:
    order = placed("o1", line(1_000), at=MARCH_1 + days * DAY)
    booked = ACCOUNT_DECIDER.decide(
        BookOrder(order, rules, MARCH_1 + 300 * DAY), ACCOUNT_DECIDER.fold(history)
    )
    return sum(event.points for event in booked if isinstance(event, PointsAccrued))


def test_an_order_earns_once_the_texts_were_accepted_before_it() -> None:
    """BO-50: by the instant of the order, whenever it is heard of."""
    assert points_at(2, RULES) == 0
    assert points_at(2, RULES, accepted(1)) == 10
    assert points_at(2, RULES, accepted(2)) == 10
    assert points_at(2, RULES, accepted(2.5)) == 0
    asks_nothing = Rules(Versions((programme(),)), ENABLED, Texts())
    assert points_at(2, asks_nothing) == 10


def test_enabling_a_customer_resets_what_its_users_have_accepted() -> None:
    """BO-29"""
    again = Membership((Span(MARCH_1, MARCH_1 + 5 * DAY), Span(MARCH_1 + 10 * DAY)))
    rules = Rules(RULES.programme, again, Texts())
    assert points_at(4, rules, accepted(1)) == 10
    assert points_at(11, rules, accepted(1)) == 0
    assert points_at(11, rules, accepted(1), accepted(10)) == 10


@pytest.mark.parametrize("what", ["text", "terms"])
def test_what_is_worse_or_material_is_accepted_anew(what: str) -> None:
    """X-23: and orders from before it earn by what was accepted then."""
    since = MARCH_1 + 20 * DAY
    rules = worse_terms(since) if what == "terms" else material_text(since)
    assert points_at(19, rules, accepted(1)) == 10
    assert points_at(20, rules, accepted(1)) == 0
    assert points_at(22, rules, accepted(1), accepted(21)) == 10


def material_text(since: datetime) -> Rules:
    return Rules(RULES.programme, ENABLED, Texts(material=(since,)))


def worse_terms(since: datetime) -> Rules:
    first = programme(terms=ASKING)
    later = replace(first, version=8, effective_at=since, worse_version=8)
    return Rules(Versions((first, later)), ENABLED, Texts())


def test_accepting_says_which_versions() -> None:
    """BO-29"""
    given(ACCOUNT_DECIDER).when(accept(1)).then(accepted(1))
    given(ACCOUNT_DECIDER, accepted(1)).when(accept(2)).then()
    others = (AcceptedText("terms", 1), *ALL[1:])
    given(ACCOUNT_DECIDER).when(accept(1, texts=others)).refused(TextsChangedError)
    given(ACCOUNT_DECIDER).when(accept(1, texts=ALL[:2])).refused(TextsChangedError)
    since = MARCH_1 + 20 * DAY
    given(ACCOUNT_DECIDER, accepted(1)).when(accept(21, material_text(since))).then(accepted(21))


def test_members_since_ever_accept_at_any_time() -> None:
    rules = Rules(RULES.programme, Membership((Span(ALWAYS),)), Texts())
    assert points_at(2, rules) == 0
    assert points_at(2, rules, accepted(1)) == 10
