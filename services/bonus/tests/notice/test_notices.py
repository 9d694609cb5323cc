"""One window after login with what is new; each notice is seen once."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from bonus_tests.samples import (
    APRIL_1,
    DEALER,
    MARCH_1,
    TERMS,
    USER,
    line,
    placed,
    programme,
    promotion,
    rules_of,
)
from msgspec.structs import replace as changed

from bonus.account.decider import ACCOUNT_DECIDER
from bonus.account.order import BookOrder
from bonus.account.state import Account
from bonus.customer.decider import Membership, Span
from bonus.notice.decider import NOTICES_DECIDER, SeeNotices
from bonus.notice.lightbox import lightbox
from bonus.programme.versions import ALWAYS
from bonus.text.acceptance import Rules
from zugabe_events.contracts.bonus import NoticesSeen
from zugabe_testing.deciders import given

MARCH = promotion("double", 2, valid_from=date(2026, 3, 1), valid_until=date(2026, 3, 31))
RULES = rules_of(programme(MARCH))
ENDED = Membership((Span(ALWAYS, MARCH_1, date(2027, 12, 31)),))


def kinds(rules: Rules, at: datetime = MARCH_1) -> list[str]:
    return [notice.kind for notice in lightbox(rules, Account(), frozenset(), at).notices]


def with_points() -> Account:
    order = placed("o1", line(10_000), at=MARCH_1 - timedelta(days=30))
    return ACCOUNT_DECIDER.fold(ACCOUNT_DECIDER.decide(BookOrder(order, RULES, MARCH_1), Account()))


def test_programme_and_promotions_come_in_one_window() -> None:
    """BO-23, BO-32, BO-39"""
    shown = lightbox(RULES, Account(), frozenset(), MARCH_1)
    assert [(one.kind, one.title) for one in shown.notices] == [
        ("programme-available", "Jetzt Bonuspunkte sammeln"),
        ("promotion", "2 x Punkte"),
    ]
    assert shown.notices[1].text == (
        "Bis zum 31.03.2026 sammeln Sie mit dieser Aktion 2-mal so viele Punkte."
    )
    assert not shown.must_accept
    assert kinds(RULES, APRIL_1) == ["programme-available"]


def test_what_was_seen_is_not_shown_again() -> None:
    """BO-38"""
    shown = lightbox(RULES, Account(), frozenset(), MARCH_1)
    seen = frozenset(notice.id for notice in shown.notices)
    assert lightbox(RULES, Account(), seen, MARCH_1).notices == ()
    renewed = rules_of(programme(changed(MARCH, version=4)))
    again = lightbox(renewed, Account(), seen, MARCH_1).notices
    assert [notice.kind for notice in again] == ["promotion"]


def test_a_customer_without_the_programme_hears_nothing_of_it() -> None:
    """BO-7, BO-11"""
    assert kinds(replace(RULES, membership=Membership())) == []


def test_the_end_is_told_to_users_with_points_only() -> None:
    """BO-13, BO-38"""
    ended = replace(RULES, membership=ENDED)
    assert kinds(ended) == []
    [notice] = lightbox(ended, with_points(), frozenset(), MARCH_1).notices
    assert notice.kind == "programme-ended"
    assert "noch bis zum 31.12.2027 einlösen" in notice.text


def test_the_end_is_told_to_who_waits_for_points() -> None:
    """BO-38, Q20: points that wait for their order still become active."""
    order = placed("o1", line(10_000), at=MARCH_1 - timedelta(days=30), points_on="shipped")
    waiting = ACCOUNT_DECIDER.fold(
        ACCOUNT_DECIDER.decide(BookOrder(order, RULES, MARCH_1), Account())
    )
    assert waiting.lots.points == 0
    [notice] = lightbox(replace(RULES, membership=ENDED), waiting, frozenset(), MARCH_1).notices
    assert notice.kind == "programme-ended"


def test_texts_to_accept_are_part_of_the_window() -> None:
    """BO-29: until they are accepted, however often it is shown."""
    asking = rules_of(programme(terms=changed(TERMS, needs_acceptance=True)))
    assert lightbox(asking, Account(), frozenset(), MARCH_1).must_accept
    done = Account(accepted=(MARCH_1 - timedelta(days=1),))
    assert not lightbox(asking, done, frozenset(), MARCH_1).must_accept
    away = replace(asking, membership=ENDED)
    assert not lightbox(away, Account(), frozenset(), MARCH_1).must_accept


def test_a_notice_is_seen_first_once() -> None:
    """BO-38: on two devices at once, too."""
    see = SeeNotices(DEALER, USER, ("a", "b", "a"), MARCH_1)
    both = NoticesSeen(DEALER, USER, ("a", "b"), MARCH_1)
    given(NOTICES_DECIDER).when(see).then(both)
    given(NOTICES_DECIDER, both).when(see).then()
    more = SeeNotices(DEALER, USER, ("b", "c"), MARCH_1)
    given(NOTICES_DECIDER, both).when(more).then(NoticesSeen(DEALER, USER, ("c",), MARCH_1))
