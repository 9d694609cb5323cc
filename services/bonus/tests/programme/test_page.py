"""The page „Bonuspunkte", and points at articles."""

from dataclasses import replace
from datetime import UTC, date, datetime

import msgspec
import pytest
from bonus_tests.samples import (
    APRIL_1,
    DEALER,
    FIVE_EUROS,
    MARCH_1,
    TERMS,
    programme,
    promotion,
)

from bonus.programme.article_points import NOTHING, ArticlePoints, article_points
from bonus.programme.page import ProgrammePage, links_for, page_of
from bonus.programme.position import Position
from bonus.programme.versions import Draft, Programme, RunOff
from bonus.programme.view import ProgrammeView, project
from zugabe_events.contracts.bonus import (
    ProgrammeActivated,
    ProgrammeDeactivated,
    ProgrammeSetUp,
    ProgrammeTerms,
)
from zugabe_events.contracts.checkout import Exclusion
from zugabe_events.domain.event import Event

APRIL = promotion("p", 3, valid_from=date(2026, 4, 1), valid_until=date(2026, 4, 30))


def page(
    *more: Event, terms: ProgrammeTerms = TERMS, at: datetime = APRIL_1, is_user: bool = False
) -> ProgrammePage:
    view: ProgrammeView | None = None
    for event in (
        ProgrammeSetUp(DEALER, 1, terms), FIVE_EUROS, ProgrammeActivated(DEALER, 3), *more
    ):  # fmt: skip
        view = project(view, event)
    assert view is not None
    return page_of(view, terms, "Büro Müller", at, links_for(is_user=is_user))


def test_the_page_tells_the_terms_of_this_dealer() -> None:
    """BO-40, BO-41: the dealer's name, points per euro, and days until they can be redeemed."""
    told = page()
    assert told.introduction[0] == "Mit jeder Bestellung bei Büro Müller sammeln Sie Bonuspunkte."
    assert told.terms == (
        "Büro Müller schreibt Ihnen 1 Punkt je vollem Euro Nettowarenwert einer Position gut,"
        " vor Abzug von Gutscheinen und Prämien.",
        "Punkte zählen für Bestellungen ab dem 01.01.2026.",
        "Punkte sind 14 Tage nach der Bestellung einlösbar.",
        "Einzelne Warengruppen sind ausgenommen.",
        "Wird eine Bestellung storniert oder zurückgegeben, werden ihre Punkte zurückgebucht,"
        " auch wenn dadurch der Punktestand negativ wird.",
    )


def test_the_page_tells_all_settings_that_limit_points() -> None:
    """BO-41, X-33, Q10, X-4"""
    terms = msgspec.structs.replace(
        TERMS,
        points_per_euro=2,
        count_after_discounts=True,
        pending_days=1,
        excluded_groups=(),
        max_share_basis_points=2_550,
        expires_after_months=24,
        claw_back="pending",
    )
    assert page(terms=terms).terms == (
        "Büro Müller schreibt Ihnen 2 Punkte je vollem Euro Nettowarenwert einer Position gut,"
        " nach Abzug von Gutscheinen und Prämien.",
        "Punkte zählen für Bestellungen ab dem 01.01.2026.",
        "Punkte sind 1 Tag nach der Bestellung einlösbar.",
        "Prämien bezahlen höchstens 25,5 % dessen, was nach Gutscheinen vom Warenwert einer"
        " Bestellung bleibt.",
        "Punkte verfallen 24 Monate, nachdem sie einlösbar wurden.",
        "Wird eine Bestellung storniert oder zurückgegeben, werden ihre Punkte zurückgebucht,"
        " eingelöste nur aus Punkten, die noch nicht einlösbar sind.",
    )


def test_the_page_shows_the_rewards_and_promotions_of_the_day() -> None:
    """BO-19, BO-40, BO-53"""
    ten = msgspec.structs.replace(
        FIVE_EUROS,
        version=5,
        reward_id="ten",
        title="10 %",
        short_text="Zehn Prozent",
        description="Auf alles.",
        points=1_000,
        discount_cents=0,
        percent_basis_points=1_000,
        minimum_cents=5_000,
        valid_until=date(2026, 4, 30),
        position=1,
    )
    told = page(ten, APRIL)
    first, second = told.rewards
    assert (first.title, first.short_text, first.description) == (
        "10 %", "Zehn Prozent", "Auf alles.",
    )  # fmt: skip
    assert first.sentence == (
        "10 % Rabatt für 1.000 Punkte ab einem Bestellwert von 50,00 € netto, bis zum 30.04.2026."
    )
    assert second.sentence == "5,00 € Rabatt für 50 Punkte."
    [running] = told.promotions
    assert running.sentence == "3 Punkte je vollem Euro statt 1 Punkt, bis zum 30.04.2026."
    may = datetime(2026, 4, 30, 22, tzinfo=UTC)
    assert [each.reward_id for each in page(ten, APRIL, at=may).rewards] == ["five"]
    assert page(ten, APRIL, at=may).promotions == ()


def test_the_link_to_leave_is_the_last_one_and_only_for_who_is_logged_in() -> None:
    """BO-43, BO-44"""
    assert [link.rel for link in page().links] == ["terms", "rewards"]
    links = page(is_user=True).links
    assert [link.rel for link in links] == ["terms", "rewards", "account", "opt-out"]
    assert links[-1].text == "Vom Bonusprogramm abmelden"


def test_who_has_left_finds_the_link_to_join_again() -> None:
    """BO-47"""
    links = links_for(is_user=True, must_accept=True, has_left=True)
    assert [link.rel for link in links] == ["terms", "rewards", "account", "rejoin"]


def test_the_page_of_a_run_off_says_how_long_points_can_be_redeemed() -> None:
    """BO-12"""
    told = page(APRIL, ProgrammeDeactivated(DEALER, 4, date(2027, 12, 31), APRIL_1))
    assert told.notice == (
        "Das Bonusprogramm ist beendet: Neue Bestellungen bringen keine Punkte."
        " Ihre gesammelten Punkte können Sie bis zum 31.12.2027 einlösen."
    )
    assert len(told.introduction) == 1
    assert told.promotions == ()
    assert [each.reward_id for each in told.rewards] == ["five"]


def test_the_page_says_so_to_who_was_switched_off_alone() -> None:
    """BO-49: the date of their own run-off, and nothing of collecting."""
    view: ProgrammeView | None = None
    for event in (ProgrammeSetUp(DEALER, 1, TERMS), ProgrammeActivated(DEALER, 3), APRIL):
        view = project(view, event)
    assert view is not None
    told = page_of(view, TERMS, "Büro Müller", APRIL_1, (), date(2027, 12, 31))
    assert told.notice == (
        "Das Bonusprogramm ist für Sie beendet: Neue Bestellungen bringen keine Punkte."
        " Ihre gesammelten Punkte können Sie bis zum 31.12.2027 einlösen."
    )
    assert told.introduction == (
        "Ihre Punkte tauschen Sie gegen Prämien ein: Rabatte auf Ihre Bestellung.",
    )
    assert told.promotions == ()


def at_article(
    rules: Programme,
    *,
    brand: str = "Soennecken",
    group: str = "Papier",
    excluded: tuple[Exclusion, ...] = (),
    at: datetime = APRIL_1,
) -> ArticlePoints:
    line = Position(1, 2_599, 0, 0, brand, frozenset({group}), excluded)
    return article_points("A-1", line, at, rules)


def test_an_article_says_what_it_earns() -> None:
    """BO-42"""
    told = at_article(programme())
    assert (told.earns, told.points_per_euro, told.factor, told.points) == (True, 1, 1, 25)
    assert told.sentence == "1 Punkt je vollem Euro Nettowarenwert."


def test_an_article_says_which_promotion_gives_more() -> None:
    """BO-42"""
    told = at_article(programme(APRIL, promotion("two", 2)))
    assert (told.promotion_id, told.promotion_title, told.points) == ("p", "3 x Punkte", 75)
    assert told.sentence == (
        "3 Punkte je vollem Euro Nettowarenwert statt 1 Punkt: Aktion „3 x Punkte“ bis zum"
        " 30.04.2026."
    )
    assert at_article(programme(APRIL), at=MARCH_1).promotion_id is None


def test_an_article_that_earns_nothing_says_so() -> None:
    """BO-42, X-24"""
    for told in (
        at_article(programme(), group="Kleben & Versenden"),
        at_article(programme(), excluded=("points",)),
    ):
        assert (told.earns, told.points, told.sentence) == (False, 0, NOTHING)


@pytest.mark.parametrize(
    "rules",
    [
        Draft(terms=TERMS),
        RunOff(4, TERMS, {}, {}, APRIL_1, 0, APRIL_1, date(2027, 12, 31)),
        replace(programme(), terms=msgspec.structs.replace(TERMS, starts_on=date(2026, 4, 2))),
    ],
)
def test_articles_of_a_programme_that_does_not_run_say_nothing(rules: Programme) -> None:
    """BO-7, BO-12, BO-42"""
    told = at_article(rules)
    assert (told.earns, told.sentence) == (False, "")
