"""Ids of platforms whose names are not among the shipped ones (ON-15, ON-20, Q33)."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from onboarding_tests.office import Office
from onboarding_tests.samples import BRAND, PARTNER
from onboarding_tests.story import choose_platforms, later, welcome

from onboarding.brand.api import demanded_by
from onboarding.form.policy import PlatformUnnamedError, platform_id
from onboarding.labels import platform_label
from zugabe_events.contracts.onboarding import ReleaseRequested

AT = f"/partners/{PARTNER}/brands/{BRAND}"
FITS_ROUTES = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


@pytest.mark.parametrize(
    ("name", "platform"),
    [
        ("Peek & Cloppenburg", "peek-cloppenburg"),
        ("Amazon.de", "amazon-de"),
        ("bol.com", "bol-com"),
        ("Amazon EU", "amazon-eu"),
        ("About You", "about-you"),
        ("Möbel Höffner", "mobel-hoffner"),
        ("amazon", "amazon"),
    ],
)
def test_a_name_becomes_an_id_that_fits_routes(name: str, platform: str) -> None:
    """ON-15, Q33: choices of forms from before they had ids"""
    assert platform_id(name) == platform
    assert FITS_ROUTES.fullmatch(platform)


@given(st.text(max_size=200))
def test_any_name_becomes_one_or_is_refused(name: str) -> None:
    """Q33"""
    try:
        platform = platform_id(name)
    except PlatformUnnamedError:
        return
    assert FITS_ROUTES.fullmatch(platform)
    assert platform_id(platform) == platform


def test_names_are_read_again_in_texts() -> None:
    """ON-15"""
    for name in ("Peek & Cloppenburg", "Amazon.de", "bol.com", "Amazon EU"):
        assert platform_label(platform_id(name)) == name


def test_a_family_shares_preconditions_unless_one_has_its_own() -> None:
    """ON-20: „Amazon EU“ is Amazon"""
    configured = {"amazon": ("brand-registration",), "amazon-us": ("trademark",)}
    assert demanded_by("amazon-eu", configured) == ("brand-registration",)
    assert demanded_by("amazon-us", configured) == ("trademark",)
    assert demanded_by("amazonas", configured) == ()
    assert demanded_by("otto", configured) == ()


async def test_amazon_eu_keeps_the_preconditions_and_the_hint(office: Office) -> None:
    """ON-20, Q33: through the form, the request and what the partner reads"""
    await welcome(office)
    question: dict[str, Any] = {
        "name": "plattformen",
        "label": "Plattformen",
        "kind": "choices",
        "required": True,
        "choices": ["Amazon EU", "Otto"],
        "choice_ids": ["amazon-eu", "otto"],
    }
    form = {"title": "Plattformauswahl", "fields": [question]}
    assert (await office.ask("carla", "PUT", "/forms/plattformauswahl", form)).status_code == 200
    await choose_platforms(office, "amazon-eu")
    later(office, 1)
    material = (await office.ask("kim", "GET", f"/partners/{PARTNER}/material")).json()
    assert material["amazon"] is not None
    asked = await office.ask("carla", "POST", f"{AT}/platforms/amazon-eu/request")
    assert asked.status_code == 204
    [requested] = office.said(ReleaseRequested)
    assert requested.preconditions == ("brand-registration", "administrators")
