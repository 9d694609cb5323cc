"""Changes of terms that are worse for users."""

from datetime import date

import msgspec
import pytest
from bonus_tests.samples import APRIL_1, DEALER, FIVE_EUROS, MARCH_1, TERMS

from bonus.programme.decider import PROGRAMME_DECIDER, SetTerms
from bonus.programme.terms import is_worse
from bonus.programme.versions import Active, ProgrammeEvent
from zugabe_events.contracts.bonus import ProgrammeActivated, ProgrammeSetUp, ProgrammeTerms

MIDDLE: ProgrammeTerms = msgspec.structs.replace(
    TERMS,
    points_per_euro=5,
    point_value_cents=5,
    max_share_basis_points=5_000,
    expires_after_months=24,
    claw_back="balance",
)

WORSE: list[dict[str, object]] = [
    {"points_per_euro": 4},
    {"point_value_cents": 4},
    {"count_after_discounts": True},
    {"pending_days": 15},
    {"excluded_groups": ("Kleben & Versenden", "Papier")},
    {"starts_on": date(2026, 1, 2)},
    {"max_share_basis_points": 4_999},
    {"expires_after_months": 23},
    {"claw_back": "negative"},
    {"points_per_euro": 6, "pending_days": 15},
]
NOT_WORSE: list[dict[str, object]] = [
    {},
    {"points_per_euro": 6},
    {"point_value_cents": 6},
    {"pending_days": 0},
    {"excluded_groups": ()},
    {"starts_on": date(2025, 1, 1)},
    {"max_share_basis_points": None},
    {"expires_after_months": None},
    {"claw_back": "pending"},
    {"needs_acceptance": True},
]


@pytest.mark.parametrize("change", WORSE)
def test_terms_are_worse_by_whatever_users_lose(change: dict[str, object]) -> None:
    """X-23"""
    assert is_worse(MIDDLE, msgspec.structs.replace(MIDDLE, **change))


@pytest.mark.parametrize("change", NOT_WORSE)
def test_other_changes_are_not_worse(change: dict[str, object]) -> None:
    """X-23"""
    assert not is_worse(MIDDLE, msgspec.structs.replace(MIDDLE, **change))


def test_an_expiry_that_is_new_is_worse_and_so_is_a_cap() -> None:
    """X-23, X-33, Q10"""
    assert is_worse(TERMS, msgspec.structs.replace(TERMS, expires_after_months=120))
    assert is_worse(TERMS, msgspec.structs.replace(TERMS, max_share_basis_points=9_999))


def test_a_programme_that_runs_says_which_version_made_its_terms_worse() -> None:
    """X-23"""
    slower = msgspec.structs.replace(TERMS, pending_days=30)
    draft = (ProgrammeSetUp(DEALER, 1, TERMS, MARCH_1), FIVE_EUROS)
    given_draft = PROGRAMME_DECIDER.fold(draft)
    [in_draft] = PROGRAMME_DECIDER.decide(SetTerms(DEALER, slower, MARCH_1), given_draft)
    assert in_draft == ProgrammeSetUp(DEALER, 3, slower, MARCH_1, is_worse=False)
    running: list[ProgrammeEvent] = [*draft, ProgrammeActivated(DEALER, 3, MARCH_1)]
    state = PROGRAMME_DECIDER.fold(running)
    [worse] = PROGRAMME_DECIDER.decide(SetTerms(DEALER, slower, APRIL_1), state)
    assert worse == ProgrammeSetUp(DEALER, 4, slower, APRIL_1, is_worse=True)
    state = PROGRAMME_DECIDER.fold([*running, worse])
    [better] = PROGRAMME_DECIDER.decide(SetTerms(DEALER, TERMS, APRIL_1), state)
    assert isinstance(better, ProgrammeSetUp)
    assert not better.is_worse
    present = PROGRAMME_DECIDER.fold([*running, worse, better]).present
    assert isinstance(present, Active)
    assert (present.version, present.worse_version) == (5, 4)
