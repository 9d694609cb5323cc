"""A brand names its product types, reports those without data model, and learns of each."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given as examples
from hypothesis import strategies as st
from onboarding_tests.samples import BRAND, MANAGER, NOON, PARTNER, brand_opened, registered

from onboarding.brand.data_models import (
    FlagOverdue,
    NeededProductType,
    NeedProductTypes,
    NoteDataModel,
    NothingToReportError,
    NotMissingError,
    RequestDataModels,
)
from onboarding.brand.decider import BRAND_DECIDER
from onboarding.brand.state import BrandNotFoundError, TooManyError
from zugabe_events.contracts.onboarding import (
    DataModelAvailable,
    DataModelsOverdue,
    DataModelsRequested,
    ProductTypesNeeded,
)
from zugabe_events.domain.calendar import BERLIN, day_of, start_of
from zugabe_testing.deciders import given

HOSE, MUETZE, SCHAL = (
    NeededProductType("hose", "Hose", available=True),
    NeededProductType("muetze", "Mütze", available=False),
    NeededProductType("schal", "Schal", available=False),
)
NEED = NeedProductTypes((MUETZE, HOSE, SCHAL), NOON)
needed = ProductTypesNeeded(
    PARTNER, BRAND, ("hose",), ("muetze", "schal"), NOON, ("Hose", "Mütze", "Schal")
)
DUE = date(2026, 6, 1)
REPORT = RequestDataModels("r1", (), MANAGER, NOON)
reported = DataModelsRequested(
    PARTNER,
    BRAND,
    "Nordkap",
    "r1",
    ("muetze", "schal"),
    ("Mütze", "Schal"),
    MANAGER,
    0,
    NOON,
    DUE,
    start_of(date(2026, 6, 2)),
    "Nordwind GmbH",
)
there = DataModelAvailable(PARTNER, BRAND, "muetze", NOON)
both_there = (there, DataModelAvailable(PARTNER, BRAND, "schal", NOON))
overdue = DataModelsOverdue(PARTNER, BRAND, "r1", ("muetze", "schal"), DUE)
TOO_LATE = start_of(date(2026, 6, 2))


def test_a_brand_says_which_product_types_its_articles_have() -> None:
    """ON-24"""
    given(BRAND_DECIDER, brand_opened).when(NEED).then(needed)


def test_the_same_product_types_again_change_nothing() -> None:
    turned = replace(NEED, types=tuple(reversed(NEED.types)))
    given(BRAND_DECIDER, brand_opened, needed).when(turned).then()


def test_naming_no_product_types_changes_nothing() -> None:
    given(BRAND_DECIDER, brand_opened, needed).when(NeedProductTypes((), NOON)).then()


def test_what_was_there_stays_there_whatever_the_caller_has_seen() -> None:
    """ON-24"""
    stale = NeedProductTypes((replace(HOSE, available=False), MUETZE), NOON)
    expected = ProductTypesNeeded(PARTNER, BRAND, ("hose",), ("muetze",), NOON, ("Hose", "Mütze"))
    given(BRAND_DECIDER, brand_opened, needed).when(stale).then(expected)


def test_an_unknown_brand_needs_nothing() -> None:
    given(BRAND_DECIDER).when(NEED).refused(BrandNotFoundError)


def test_missing_product_types_are_reported_free_of_charge_and_due_in_four_weeks() -> None:
    """ON-27, ON-28"""
    given(BRAND_DECIDER, brand_opened, needed).when(REPORT).then(reported)


def test_some_of_the_missing_can_be_reported() -> None:
    """ON-27"""
    some = replace(REPORT, product_types=("schal",))
    expected = replace_fields(reported, product_types=("schal",), labels=("Schal",))
    given(BRAND_DECIDER, brand_opened, needed).when(some).then(expected)


def test_what_was_reported_is_not_reported_again() -> None:
    """ON-27"""
    one = replace_fields(reported, product_types=("schal",), labels=("Schal",))
    rest = replace_fields(reported, request="r2", product_types=("muetze",), labels=("Mütze",))
    second = replace(REPORT, request="r2")
    given(BRAND_DECIDER, brand_opened, needed, one).when(second).then(rest)
    given(BRAND_DECIDER, brand_opened, needed, reported).when(second).refused(NothingToReportError)
    given(BRAND_DECIDER, brand_opened, needed, *both_there).when(second).refused(
        NothingToReportError
    )


@pytest.mark.parametrize("product_type", ["hose", "zelt"])
def test_what_is_not_missing_cannot_be_reported(product_type: str) -> None:
    """ON-27: everything that does not belong there is named."""
    command = replace(REPORT, product_types=("schal", product_type))
    refusal = given(BRAND_DECIDER, brand_opened, needed).when(command).refused(NotMissingError)
    assert refusal.lists == {"product_types": [{"product_type": product_type}]}
    assert refusal.detail.startswith("Der Produkttyp „")
    both = replace(REPORT, product_types=("zelt", "hose"))
    refusal = given(BRAND_DECIDER, brand_opened, needed).when(both).refused(NotMissingError)
    assert refusal.detail.startswith("Die Produkttypen „zelt“, „Hose“ fehlen der Marke nicht")


@examples(st.integers(-10_000_000, 10_000_000))
def test_four_weeks_are_calendar_days_in_berlin(minutes: int) -> None:
    """ON-28: clocks that change in between change nothing."""
    at = NOON + timedelta(minutes=minutes)
    state = BRAND_DECIDER.fold([brand_opened, needed])
    [event] = BRAND_DECIDER.decide(replace(REPORT, at=at), state)
    assert isinstance(event, DataModelsRequested)
    assert event.due_on == day_of(at) + timedelta(days=28)
    assert event.overdue_at.astimezone(BERLIN).isoformat()[:19] == (
        f"{event.due_on + timedelta(days=1)}T00:00:00"
    )
    assert event.price_cents == 0


@pytest.mark.parametrize(
    ("asked", "due_on", "overdue_at"),
    [
        ("2026-03-10T23:30+01:00", date(2026, 4, 7), "2026-04-07T22:00:00+00:00"),
        ("2026-10-10T00:30+02:00", date(2026, 11, 7), "2026-11-07T23:00:00+00:00"),
        ("2026-02-28T23:59+01:00", date(2026, 3, 28), "2026-03-28T23:00:00+00:00"),
    ],
)
def test_four_weeks_across_a_change_of_clocks(asked: str, due_on: date, overdue_at: str) -> None:
    """ON-28"""
    state = BRAND_DECIDER.fold([brand_opened, needed])
    [event] = BRAND_DECIDER.decide(replace(REPORT, at=datetime.fromisoformat(asked)), state)
    assert isinstance(event, DataModelsRequested)
    assert (event.due_on, event.overdue_at.astimezone(UTC).isoformat()) == (due_on, overdue_at)


def test_a_brand_is_told_once_of_a_data_model_that_it_waits_for() -> None:
    """ON-25"""
    note = NoteDataModel("muetze", NOON)
    given(BRAND_DECIDER, brand_opened, needed, reported).when(note).then(there)
    given(BRAND_DECIDER, brand_opened, needed, reported, there).when(note).then()
    given(BRAND_DECIDER, brand_opened).when(note).then()


def test_a_product_type_of_an_article_counts_even_when_it_was_not_named() -> None:
    """ON-25"""
    given(BRAND_DECIDER, brand_opened, registered).when(NoteDataModel("hose", NOON)).then(
        DataModelAvailable(PARTNER, BRAND, "hose", NOON)
    )


def test_what_was_reported_and_is_not_needed_any_more_still_comes() -> None:
    """ON-28: otherwise it would stay overdue."""
    fewer = ProductTypesNeeded(PARTNER, BRAND, ("hose",), ("schal",), NOON, ("Hose", "Schal"))
    note = NoteDataModel("muetze", NOON)
    given(BRAND_DECIDER, brand_opened, needed, reported, fewer).when(note).then(there)


def test_data_models_are_overdue_when_their_day_is_over() -> None:
    """ON-28"""
    history = (brand_opened, needed, reported)
    early = FlagOverdue("r1", (), TOO_LATE - timedelta(milliseconds=1))
    given(BRAND_DECIDER, *history).when(early).then()
    given(BRAND_DECIDER, *history).when(FlagOverdue("r1", (), TOO_LATE)).then(overdue)


def test_only_those_that_did_not_come_are_overdue_and_only_once() -> None:
    """ON-28"""
    late = FlagOverdue("r1", (), TOO_LATE)
    rest = DataModelsOverdue(PARTNER, BRAND, "r1", ("schal",), DUE)
    given(BRAND_DECIDER, brand_opened, needed, reported, there).when(late).then(rest)
    given(BRAND_DECIDER, brand_opened, needed, reported, *both_there).when(late).then()
    given(BRAND_DECIDER, brand_opened, needed, reported, overdue).when(late).then()
    told_later = FlagOverdue("r1", ("muetze", "schal"), TOO_LATE)
    given(BRAND_DECIDER, brand_opened, needed, reported).when(told_later).then()
    given(BRAND_DECIDER, brand_opened, needed).when(late).then()


def test_a_brand_reports_missing_product_types_a_thousand_times_at_most() -> None:
    """ON-27"""
    many = [
        replace_fields(reported, request=f"r{number}", product_types=("muetze",), labels=("M",))
        for number in range(1_000)
    ]
    more = replace(REPORT, request="more")
    given(BRAND_DECIDER, brand_opened, needed, *many).when(more).refused(TooManyError)
    state = BRAND_DECIDER.fold([brand_opened, needed, *many[:-1]])
    assert len(BRAND_DECIDER.decide(more, state)) == 1


def replace_fields(event: DataModelsRequested, **fields: object) -> DataModelsRequested:
    return msgspec.structs.replace(event, **fields)
