"""The uploaded assortment of a shop."""

from datetime import UTC, datetime

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from catalog_shops.shop.assortment import (
    ASSORTMENT_DECIDER,
    MAX_ARTICLES,
    AssortmentTooLargeError,
    ImportAssortment,
    assortment_of,
)
from catalog_shops.shop.state import ShopKey
from zugabe_events.contracts.catalog_shops import AssortmentImported
from zugabe_testing.deciders import given

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)
WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=10)
KEY = ShopKey("acme", "theme", "sale")


def of(*numbers: str, name: str = "sale.xls") -> ImportAssortment:
    return ImportAssortment(KEY, name, numbers, NOW)


def test_an_assortment_is_kept_with_the_name_of_its_file_and_in_its_order() -> None:
    """CS-22, CS-27, CS-40"""
    imported = AssortmentImported("acme", "theme", "sale", "sale.xls", ("2", "1"), NOW)
    given(ASSORTMENT_DECIDER).when(of("2", "1")).then(imported)
    given(ASSORTMENT_DECIDER, imported).when(of("2", "1")).then()
    for other in (of("1", "2"), of("2", "1", name="other.xls"), of("2")):
        assert ASSORTMENT_DECIDER.decide(other, ASSORTMENT_DECIDER.fold([imported]))
    assert ASSORTMENT_DECIDER.fold([imported]).count == 2


def test_twenty_thousand_articles_are_an_assortment_and_one_more_is_not() -> None:
    """CS-22"""
    numbers = tuple(f"{at:08}" for at in range(MAX_ARTICLES + 1))
    [event] = ASSORTMENT_DECIDER.decide(of(*numbers[:-1]), assortment_of("", ()))
    assert len(event.articles) == MAX_ARTICLES
    given(ASSORTMENT_DECIDER).when(of(*numbers)).refused(
        AssortmentTooLargeError, "assortment-too-large"
    )


def test_numbers_too_long_for_one_event_are_refused_clearly() -> None:
    """CS-22"""
    numbers = [f"{at:05}".ljust(64, "x") for at in range(MAX_ARTICLES)]
    given(ASSORTMENT_DECIDER).when(of(*numbers)).refused(
        AssortmentTooLargeError, "assortment-too-large"
    )


@pytest.mark.parametrize("numbers", [(), ("1",)])
def test_nothing_is_in_an_assortment_that_was_not_imported(numbers: tuple[str, ...]) -> None:
    assert not assortment_of("", ()).is_there
    assert assortment_of("sale.xls", numbers).is_there


@for_all(st.lists(WORDS, unique=True, max_size=50), WORDS)
def test_it_knows_its_articles_and_no_others(numbers: list[str], other: str) -> None:
    """CS-31"""
    assortment = assortment_of("sale.xls", numbers)
    assert all(number in assortment for number in numbers)
    assert (other in assortment) == (other in numbers)
