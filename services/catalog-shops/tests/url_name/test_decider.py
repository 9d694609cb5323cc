"""URL names of shops: one form, and one shop each."""

import re
import unicodedata

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from catalog_shops.url_name.decider import (
    URL_NAME_DECIDER,
    ClaimUrlName,
    ReleaseUrlName,
    ReserveUrlName,
    UrlNameTakenError,
    normalised,
    slug_of,
)
from zugabe_events.contracts.catalog_shops import UrlNameClaimed, UrlNameReleased
from zugabe_events.domain.errors import InvalidError
from zugabe_testing.deciders import given

CLAIM = ClaimUrlName("acme", "preisaktion", "theme", "sale")
CLAIMED = UrlNameClaimed("acme", "preisaktion", "theme", "sale")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("leitzmarkenshop", "leitzmarkenshop"),
        ("preisaktion", "preisaktion"),
        ("Preis Aktion", "preis-aktion"),
        ("  PREIS--aktion! ", "preis-aktion"),
        ("Büro & Möbel", "buero-moebel"),
        ("Bu\u0308ro", "buero"),
        ("Süß", "suess"),
        ("Café Crème", "cafe-creme"),
        ("ＰＲＥＩＳ", "preis"),
        ("Straße 7/8", "strasse-7-8"),
    ],
)
def test_a_url_name_is_the_same_however_it_is_written(written: str, expected: str) -> None:
    """CS-19, CS-39"""
    assert normalised(written) == expected


@pytest.mark.parametrize("written", ["!!!", "漢字", " - "])
def test_a_url_name_without_letters_and_digits_is_refused(written: str) -> None:
    """CS-19"""
    with pytest.raises(InvalidError) as caught:
        normalised(written)
    assert caught.value.code == "url-name-empty"


def test_a_long_url_name_is_refused() -> None:
    """CS-19"""
    assert normalised("a" * 64) == "a" * 64
    with pytest.raises(InvalidError) as caught:
        normalised("ß" * 33)
    assert caught.value.code == "url-name-too-long"


@for_all(st.text(max_size=100))
def test_the_form_is_safe_in_an_address_and_has_a_form_no_more(written: str) -> None:
    """CS-19"""
    slug = slug_of(written)
    assert re.fullmatch(r"([a-z0-9]+(-[a-z0-9]+)*)?", slug)
    assert slug_of(slug) == slug
    assert slug_of(f"  {written}\u200b ") == slug
    assert slug_of(unicodedata.normalize("NFD", written)) == slug


def test_a_free_name_is_claimed_once() -> None:
    """CS-19"""
    given(URL_NAME_DECIDER).when(CLAIM).then(CLAIMED)
    given(URL_NAME_DECIDER, CLAIMED).when(CLAIM).then()


def test_another_shop_of_either_kind_does_not_get_it() -> None:
    """CS-39: brand and theme shops share their addresses."""
    claim = ClaimUrlName("acme", "preisaktion", "brand", "leitz")
    refusal = (
        given(URL_NAME_DECIDER, CLAIMED).when(claim).refused(UrlNameTakenError, "url-name-taken")
    )
    assert refusal.facts["kind"] == "theme"
    assert refusal.facts["shop"] == "sale"
    assert "Themenshop" in refusal.detail


def test_a_released_name_is_free() -> None:
    """CS-16"""
    release = ReleaseUrlName("acme", "preisaktion", "theme", "sale")
    released = UrlNameReleased("acme", "preisaktion")
    given(URL_NAME_DECIDER, CLAIMED).when(release).then(released)
    given(URL_NAME_DECIDER, CLAIMED, released).when(CLAIM).then(CLAIMED)


def test_nobody_releases_the_name_of_another_shop() -> None:
    """CS-19"""
    release = ReleaseUrlName("acme", "preisaktion", "brand", "leitz")
    given(URL_NAME_DECIDER, CLAIMED).when(release).then()
    given(URL_NAME_DECIDER).when(release).then()


def test_a_reservation_is_never_refused() -> None:
    """CS-19: a brand that went live takes the first name that is free."""
    wanted = ReserveUrlName("acme", "preisaktion", "theme", "sale", is_wanted=True)
    given(URL_NAME_DECIDER).when(wanted).then(CLAIMED)
    given(URL_NAME_DECIDER, CLAIMED).when(wanted).then()
    other = ReserveUrlName("acme", "preisaktion", "brand", "leitz", is_wanted=True)
    given(URL_NAME_DECIDER, CLAIMED).when(other).then()
    unwanted = ReserveUrlName("acme", "preisaktion", "theme", "sale", is_wanted=False)
    given(URL_NAME_DECIDER).when(unwanted).then()
