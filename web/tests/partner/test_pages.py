"""What a partner's contact sees."""

from web_tests.browser import Browser
from web_tests.onboarding import PARTNER, problem


async def test_the_first_page_shows_phases_and_who_waits_for_whom(browser: Browser) -> None:
    """ON-13: where each brand stands; ON-12: the manager with contact in the header"""
    text = (await browser.enter()).text
    assert "Willkommen, Kim Kranich!" in text
    assert "Nordkap" in text
    for phase in ("Organisation", "Content", "Logistik", "Livesetzung"):
        assert phase in text
    yours, ours = text.index("Das brauchen wir von Ihnen"), text.index("Daran arbeiten wir")
    assert yours < text.index("Kontaktübersicht: Ihre Ansprechpartner") < ours
    assert ours < text.index("Auswahl des Lagers")
    assert "Maxi Meise" in text
    assert 'href="mailto:maxi@zugabe.test"' in text


async def test_before_the_welcome_there_is_nothing(browser: Browser) -> None:
    """ON-2"""
    refusal = problem(404, "partner-not-found", "Diesen Partner gibt es nicht.")
    browser.onboarding.answers[f"GET /partners/{PARTNER}"] = refusal
    answer = await browser.enter()
    assert answer.status_code == 404
    assert "Nordkap" not in answer.text
