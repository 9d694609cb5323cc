"""A brand's page: phases, sub-steps with their material and forms, and links that stay."""

from typing import Any

import pytest
from web_tests.browser import Browser
from web_tests.forms import MATERIAL, prepare
from web_tests.onboarding import BRAND, PARTNER

ROOT = f"/partners/{PARTNER}"
LINE: dict[str, Any] = {
    "step": "warehouse",
    "status": "draft",
    "revision": 1,
    "reason": "",
    "changed_at": None,
}
FORMS = [
    {
        "brand": "",
        "brand_name": "",
        "accepted": 0,
        "forms": [{**LINE, "form": "kundenservice", "title": "Service", "step": "releases"}],
    },
    {
        "brand": "nordkap",
        "brand_name": "Nordkap",
        "accepted": 0,
        "forms": [{**LINE, "form": "lagerbestand", "title": "Lagerinformationen"}],
    },
    {"brand": "sund", "brand_name": "Sund", "accepted": 0, "forms": [{**LINE, "form": "x",
                                                                      "title": "Fremdes"}]},
]  # fmt: skip


@pytest.fixture
async def kim(browser: Browser) -> Browser:
    prepare(browser)
    browser.onboarding.answers[f"GET {ROOT}/forms"] = {"items": FORMS, "next": None}
    await browser.enter()
    return browser


async def test_steps_have_their_material_before_their_forms(kim: Browser) -> None:
    """ON-1, ON-3, ON-13, ON-14, ON-19, ON-32"""
    text = (await kim.open("/marken/nordkap")).text
    for phase in ("1. Organisation", "2. Content", "3. Logistik", "4. Livesetzung"):
        assert phase in text
    assert text.index("Mengen und Dimensionen") < text.index(
        'href="/marken/nordkap/formulare/lagerbestand"'
    )
    assert 'href="/formulare/kundenservice"' in text
    assert "Second-Level-Support werktäglich" in text
    assert "Fremdes" not in text
    assert "Reporting" not in text


async def test_reporting_and_data_links_stay_once_they_were_sent(kim: Browser) -> None:
    """ON-9"""
    sent = {**BRAND, "reporting_url": "https://bi.test/r", "data_links": ["https://bi.test/d"]}
    kim.onboarding.answers[f"GET {ROOT}/brands/nordkap"] = sent
    text = (await kim.open("/marken/nordkap")).text
    assert 'href="https://bi.test/r"' in text
    assert 'href="https://bi.test/d"' in text


async def test_the_two_addresses_of_amazon_stand_beside_the_forms(kim: Browser) -> None:
    """ON-20 to ON-22"""
    hint = {"lines": ["Bitte <zuerst> registrieren."], "registry_url": "https://registry.test"}
    kim.onboarding.answers[f"GET {ROOT}/material"] = {**MATERIAL, "amazon": hint}
    text = (await kim.open("/marken/nordkap")).text
    assert "Bitte &lt;zuerst&gt; registrieren." in text


async def test_a_brand_of_others_is_no_page(kim: Browser) -> None:
    """X-16"""
    assert (await kim.open("/marken/fremd")).status_code == 404
