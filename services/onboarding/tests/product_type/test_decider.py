"""However a product type is written, it is one; brands wait for its data model, and are told."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from onboarding.product_type.decider import (
    PRODUCT_TYPE_DECIDER,
    AwaitDataModel,
    ImplementDataModel,
    LabelDiffersError,
    id_of,
)
from zugabe_events.contracts.onboarding import (
    DataModelAnswered,
    DataModelAwaited,
    DataModelImplemented,
    WaitingBrand,
)
from zugabe_events.http.fields import ID_PATTERN
from zugabe_testing.deciders import given

GERMAN = st.text("aäbcdefoöuüßzAÄOÖUÜZ0189 -/().,&", min_size=1, max_size=40)

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=3)
NORDWIND = WaitingBrand("acme", "nordwind")
SUEDWIND = WaitingBrand("acme", "suedwind")

IMPLEMENT = ImplementDataModel("hemden", "Hemden", "Bekleidung", LATER)
awaited = DataModelAwaited("hemden", "Hemden", NORDWIND)
awaited_too = DataModelAwaited("hemden", "hemden", SUEDWIND)
implemented = DataModelImplemented("hemden", "Hemden", "Bekleidung", (NORDWIND,), NOON)


def test_implementing_a_data_model_names_all_who_wait_for_it() -> None:
    """ON-24, ON-25"""
    told = DataModelImplemented("hemden", "Hemden", "Bekleidung", (NORDWIND, SUEDWIND), LATER)
    given(PRODUCT_TYPE_DECIDER, awaited, awaited_too).when(IMPLEMENT).then(told)


def test_a_data_model_may_be_there_before_anybody_needs_it() -> None:
    """ON-26"""
    there = DataModelImplemented("hemden", "Hemden", "Bekleidung", (), LATER)
    given(PRODUCT_TYPE_DECIDER).when(IMPLEMENT).then(there)


def test_the_same_words_again_change_nothing() -> None:
    given(PRODUCT_TYPE_DECIDER, implemented).when(IMPLEMENT).then()


def test_a_correction_tells_nobody_again_and_keeps_the_day() -> None:
    corrected = DataModelImplemented("hemden", "HEMDEN", "Mode", (), NOON)
    command = ImplementDataModel("hemden", "HEMDEN", "Mode", LATER)
    given(PRODUCT_TYPE_DECIDER, awaited, implemented).when(command).then(corrected)


def test_a_label_belongs_to_its_id() -> None:
    """ON-26: no product type is entered twice."""
    command = ImplementDataModel("hemden", "Blusen", "Bekleidung", LATER)
    refusal = given(PRODUCT_TYPE_DECIDER).when(command).refused(LabelDiffersError)
    assert refusal.facts == {"product_type": "blusen"}


def test_a_brand_waits_once() -> None:
    command = AwaitDataModel("hemden", "Hemden", NORDWIND)
    given(PRODUCT_TYPE_DECIDER).when(command).then(awaited)
    given(PRODUCT_TYPE_DECIDER, awaited).when(command).then()
    given(PRODUCT_TYPE_DECIDER, awaited_too).when(command).then(awaited)


def test_who_asks_for_what_is_there_is_answered() -> None:
    """ON-24: also when it came between the question and now."""
    command = AwaitDataModel("hemden", "Hemden", SUEDWIND)
    answer = DataModelAnswered("hemden", SUEDWIND, NOON)
    given(PRODUCT_TYPE_DECIDER, awaited, implemented).when(command).then(answer)
    given(PRODUCT_TYPE_DECIDER, implemented, answer).when(command).then(answer)


@examples(st.text(max_size=200))
def test_every_label_has_an_id_that_fits_into_a_stream(label: str) -> None:
    """X-10"""
    assert re.fullmatch(ID_PATTERN, id_of(label))


@examples(st.text(max_size=200))
def test_an_id_names_itself(label: str) -> None:
    assert id_of(id_of(label)) == id_of(label)


@examples(GERMAN)
def test_case_blanks_and_the_unicode_form_do_not_matter(label: str) -> None:
    """ON-26"""
    for other in (
        f"  {label}\t",
        label.upper(),
        label.casefold(),
        label.replace(" ", "\u00a0 "),
        unicodedata.normalize("NFD", label),
        unicodedata.normalize("NFC", label),
    ):
        assert id_of(other) == id_of(label)


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Damenschuhe", "damenschuhe"),
        ("  T-Shirt ", "t-shirt"),
        ("T Shirt", "t-shirt"),
        ("Möbel & Küche", "moebel-kueche"),
        ("Große Töpfe", "grosse-toepfe"),
        ("Café-Tische", "cafe-tische"),
        ("Damen\u00adschuhe", "damenschuhe"),
        ("Ｔ-Shirt", "t-shirt"),
    ],
)
def test_people_can_read_the_id(label: str, expected: str) -> None:
    assert id_of(label) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("靴", "帽子"),
        ("Typ А", "Typ Б"),
        ("Größe 50+", "Größe 50"),
        ("x" * 100 + "a", "x" * 100 + "b"),
        ("&", "+"),
    ],
)
def test_what_no_id_shows_still_tells_labels_apart(one: str, other: str) -> None:
    assert id_of(one) != id_of(other)


def test_a_long_label_has_an_id_of_64_signs() -> None:
    """ON-26"""
    assert id_of("x" * 64) == "x" * 64
    assert len(id_of("x" * 65)) == 64
    assert id_of("x" * 65).startswith("x" * 47 + "-")
