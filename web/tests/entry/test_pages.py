"""The link of a mail becomes a session: encrypted, for hours, and not in any later address."""

from datetime import timedelta

import httpx
from web_tests.browser import PORTAL, Browser
from web_tests.onboarding import LINK, PARTNER, problem


async def test_a_link_becomes_a_session_and_leaves_the_address(browser: Browser) -> None:
    """S17: exchanged at once, for a session of hours"""
    answer = await browser.http.get(f"/einstieg/{PARTNER}", params={"link": LINK})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-zugabe=")
    assert LINK not in cookie
    for wanted in ("HttpOnly", "Secure", "SameSite=lax", "Path=/", "Max-Age=43200"):
        assert wanted in cookie
    assert answer.headers["Referrer-Policy"] == "no-referrer"


async def test_a_session_ends_after_its_hours(browser: Browser) -> None:
    """S17: a session of hours"""
    assert (await browser.enter()).status_code == 200
    browser.now += timedelta(hours=12)
    answer = await browser.open("/")
    assert answer.status_code == 401
    assert "Bitte öffnen Sie Ihren Link" in answer.text


async def test_a_refused_link_says_why_and_signs_nobody_in(browser: Browser) -> None:
    """S17"""
    refusal = problem(401, "link-outdated", "Dieser Link gilt nicht mehr.")
    browser.onboarding.answers[f"GET /partners/{PARTNER}"] = refusal
    answer = await browser.enter()
    assert answer.status_code == 401
    assert "Dieser Link gilt nicht mehr" in answer.text
    assert "Set-Cookie" not in answer.headers


async def test_a_link_that_was_revoked_meanwhile_ends_the_session(browser: Browser) -> None:
    """S17: revocation"""
    await browser.enter()
    browser.onboarding.answers[f"GET /partners/{PARTNER}"] = problem(401, "link-outdated", "")
    answer = await browser.open("/")
    assert answer.status_code == 401
    assert "Max-Age=0" in answer.headers["Set-Cookie"]


async def test_signing_out_forgets_the_session(browser: Browser) -> None:
    await browser.enter()
    assert (await browser.submit("/abmelden")).status_code == 200
    assert (await browser.open("/")).status_code == 401


async def test_a_change_from_another_page_is_refused(browser: Browser) -> None:
    """By its origin, by what the browser says about the site, and by the token of the session."""
    await browser.enter()
    session = browser.site.sessions.open(browser.http.cookies["__Host-zugabe"], browser.now)
    assert session is not None
    good = {"csrf": session.csrf}
    for headers, fields in (
        ({"Origin": "https://evil.test"}, good),
        ({"Origin": PORTAL, "Sec-Fetch-Site": "cross-site"}, good),
        ({"Sec-Fetch-Site": "same-site"}, good),
        ({}, good),
        ({"Origin": PORTAL}, {}),
        ({"Origin": PORTAL}, {"csrf": "x"}),
    ):
        answer = await browser.http.post("/abmelden", data=fields, headers=headers)
        assert answer.status_code == 403, headers
    assert (await browser.open("/")).status_code == 200


async def test_every_page_forbids_foreign_content(browser: Browser) -> None:
    for answer in (await browser.enter(), await browser.open("/gibt-es-nicht")):
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["Cache-Control"] == "no-store"
        assert "<style" not in answer.text
        assert " style=" not in answer.text


async def test_a_service_that_is_down_gives_a_page_with_what_to_do(browser: Browser) -> None:
    await browser.enter()
    browser.onboarding.answers[f"GET /partners/{PARTNER}"] = httpx.ConnectError("down")
    answer = await browser.open("/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "in einer Minute" in answer.text
