"""What a partner's contact sees."""

import re

import pytest
from web_tests.browser import Browser
from web_tests.onboarding import BRAND, LINE, PARTNER, SUMMARY, problem

from zugabe_web.partner.answers import Missing
from zugabe_web.partner.places import place_of


async def test_the_first_page_shows_phases_and_who_waits_for_whom(browser: Browser) -> None:
    """ON-13: where each brand stands; ON-12: the manager with contact in the header"""
    text = (await browser.enter()).text
    assert "Willkommen, Kim Kranich!" in text
    assert "Nordkap" in text
    for phase in ("Organisation", "Content", "Logistik", "Livesetzung"):
        assert phase in text
    yours, ours = text.index("Das brauchen wir von Ihnen"), text.index("Daran arbeiten wir")
    assert yours < text.index("Kontaktübersicht: die Ansprechpartner") < ours
    assert ours < text.index("Auswahl des Lagers")
    assert '<a href="/formulare/ansprechpartner">Kontaktübersicht' in text
    assert 'href="/" aria-current="page"' in text
    assert "Maxi Meise" in text
    assert 'href="mailto:maxi@zugabe.test"' in text


async def test_the_introduction_stands_on_the_first_page(browser: Browser) -> None:
    """ON-2, ON-3: the welcome, then the video about the whole process"""
    text = (await browser.enter()).text
    assert text.index("Willkommen") < text.index("Erklärvideo „Ablauf") < text.index("Nordkap")


async def test_however_many_brands_there_are_three_questions_do(browser: Browser) -> None:
    """ON-13: one overview of all brands"""
    lines = [{**LINE, "brand": f"b{number}"} for number in range(30)]
    answers = browser.onboarding.answers
    answers[f"GET /partners/{PARTNER}"] = {**SUMMARY, "brands": lines}
    answers[f"GET /partners/{PARTNER}/brands"] = [{**BRAND, **line} for line in lines]
    await browser.enter()
    browser.onboarding.asked.clear()
    text = (await browser.open("/")).text
    assert text.count('class="phases"') == 30
    assert len(browser.onboarding.asked) == 3


async def test_the_first_page_is_small_enough_for_a_slow_phone(browser: Browser) -> None:
    """ON-13: a second at 1.6 Mbit/s and 150 ms is 30 kB in few requests, whatever the machine"""
    entered = await browser.enter()
    [link] = entered.history
    page = entered.text
    assets = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page))
    sizes = []
    for path in assets:
        answer = await browser.http.get(path, headers={"Accept-Encoding": "gzip"})
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        sizes.append(int(answer.headers["Content-Length"]))
    assert link.status_code == 303
    assert len(assets) <= 3
    assert len(page.encode()) + sum(sizes) <= 15_000
    others = re.findall(r'(?:href|src|action)="(?:https?:)?//([^"/]+)', page)
    assert set(others) <= {"material.zugabe.test"}, "links that somebody follows, and nothing else"
    loaded = re.findall(r'<(?:link|script|img|iframe)[^>]*(?:href|src)="([^"]+)"', page)
    assert all(path.startswith("/static/") for path in loaded)


@pytest.mark.parametrize(
    ("requirement", "subject", "place"),
    [
        ("form:releases", "plattformauswahl", "/marken/nordkap/formulare/plattformauswahl"),
        ("form:releases", "", "/marken/nordkap#schritt-releases"),
        ("form:contacts", "", "/formulare/ansprechpartner"),
        ("form:data-models", "", "/marken/nordkap/formulare/produkttypen"),
        ("form:warehouse", "", "/marken/nordkap/formulare/lagerbestand"),
        ("form:customer-service", "", "/formulare/kundenservice"),
        ("articles", "", "/marken/nordkap/artikel"),
        ("data-model", "kajak", "/marken/nordkap/datenmodelle"),
        ("goods-receipt", "", "/marken/nordkap/anlieferung"),
        ("precondition:administrators", "amazon", "/marken/nordkap#livesetzung"),
    ],
)
def test_what_is_missing_leads_to_where_it_is_given(
    requirement: str, subject: str, place: str
) -> None:
    """ON-13"""
    assert place_of(Missing(requirement, "partner", subject, 0, ""), "nordkap") == place


async def test_before_the_welcome_there_is_nothing(browser: Browser) -> None:
    """ON-2"""
    refusal = problem(404, "partner-not-found", "Diesen Partner gibt es nicht.")
    browser.onboarding.answers[f"GET /partners/{PARTNER}"] = refusal
    answer = await browser.enter()
    assert answer.status_code == 404
    assert "Nordkap" not in answer.text
