"""Brands wait for the data model of a product type, and are told when it is there."""

from datetime import UTC, datetime, timedelta

from onboarding.product_type.decider import (
    PRODUCT_TYPE_DECIDER,
    AwaitDataModel,
    ImplementDataModel,
    LabelDiffersError,
)
from zugabe_events.contracts.onboarding import (
    DataModelAnswered,
    DataModelAwaited,
    DataModelImplemented,
    WaitingBrand,
)
from zugabe_testing.deciders import given

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
