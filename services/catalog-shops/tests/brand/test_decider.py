"""Brands: one for each name, however it is written."""

import re
from unicodedata import normalize

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from catalog_shops.brand.decider import (
    BRAND_DECIDER,
    UNKNOWN,
    BrandNotFoundError,
    NameBrand,
    Named,
    RenameBrand,
    decide,
)
from catalog_shops.brand.name import brand_id
from zugabe_events.contracts.catalog_shops import BrandNamed, BrandOrigin
from zugabe_events.domain.errors import InvalidError
from zugabe_events.http.fields import ID_PATTERN
from zugabe_testing.deciders import given

LEITZ = BrandNamed("acme", "leitz", "Leitz", "catalogue")


def name(text: str, origin: BrandOrigin = "catalogue") -> NameBrand:
    return NameBrand("acme", text, origin)


@pytest.mark.parametrize(
    "written",
    [
        "Müller",
        normalize("NFD", "Müller"),
        "müller",
        "MÜLLER ",
        " Müller",
        "Mueller",
        "Mül\u200bler",
    ],
)
def test_all_ways_to_write_a_name_are_one_brand(written: str) -> None:
    """D14"""
    assert brand_id(written) == "mueller"


@pytest.mark.parametrize(
    ("written", "brand"),
    [
        ("Weiß", "weiss"),
        ("WEISS", "weiss"),
        ("Faber-Castell", "faber-castell"),
        ("Faber Castell®", "faber-castell"),
        ("3M", "3m"),
        ("Tipp-Ex", "tipp-ex"),
        ("Crème", "creme"),
        ("&", ""),
    ],
)
def test_the_id_of_a_brand_is_made_of_its_name(written: str, brand: str) -> None:
    """D14"""
    assert brand_id(written) == brand


def test_long_names_that_begin_alike_are_different_brands() -> None:
    """D14: an id has 64 characters at most, the beginning of the name among them."""
    names = ["a" * 64, "a" * 65, "a" * 66]
    ids = [brand_id(name) for name in names]
    assert ids[0] == "a" * 64
    assert [len(found) for found in ids[1:]] == [64, 64]
    assert len(set(ids)) == 3
    assert all(found.startswith("a" * 51 + "-") for found in ids[1:])


@examples(st.text(max_size=200))
def test_every_id_fits_into_a_url_and_names_itself(text: str) -> None:
    found = brand_id(text)
    assert found == "" or re.fullmatch(ID_PATTERN, found)
    assert brand_id(found) == found
    assert brand_id(normalize("NFD", text)) == found


def test_a_brand_is_named_once() -> None:
    given(BRAND_DECIDER).when(name("Leitz")).then(LEITZ)
    given(BRAND_DECIDER, LEITZ).when(name("LEITZ")).then()


def test_a_central_brand_needs_no_twin_at_the_dealer() -> None:
    assert decide(name("LEITZ"), UNKNOWN, Named("Leitz", "onboarding")) == []


def test_who_knows_best_says_how_a_brand_is_written() -> None:
    live = BrandNamed("acme", "leitz", "LEITZ", "onboarding")
    given(BRAND_DECIDER, LEITZ).when(name("LEITZ", "onboarding")).then(live)
    given(BRAND_DECIDER, live).when(name("Leitz")).then()
    again = BrandNamed("acme", "leitz", "leitz", "onboarding")
    given(BRAND_DECIDER, live).when(name("leitz", "onboarding")).then(again)
    renamed = BrandNamed("acme", "leitz", "Leitz ACCO", "staff")
    given(BRAND_DECIDER, live).when(RenameBrand("acme", "leitz", "Leitz ACCO")).then(renamed)
    given(BRAND_DECIDER, renamed).when(name("LEITZ", "onboarding")).then()
    given(BRAND_DECIDER, renamed).when(RenameBrand("acme", "leitz", "Leitz ACCO")).then()


def test_an_unknown_brand_cannot_be_renamed() -> None:
    renamed = given(BRAND_DECIDER).when(RenameBrand("acme", "leitz", "Leitz"))
    renamed.refused(BrandNotFoundError, "brand-not-found")


@pytest.mark.parametrize("text", ["", "  ", "®", "x" * 201])
def test_a_name_says_something(text: str) -> None:
    given(BRAND_DECIDER).when(name(text)).refused(InvalidError, "brand-name-invalid")
