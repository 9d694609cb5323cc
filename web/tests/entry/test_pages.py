"""The link of a mail becomes a session: encrypted, for hours, and not in any later address."""

from datetime import timedelta

import httpx
import msgspec
import pytest
from web_tests.browser import PORTAL, Browser
from web_tests.onboarding import LINK, PARTNER, TOKEN, problem


async def test_a_link_becomes_a_session_and_leaves_the_address(browser: Browser) -> None:
    """S17: exchanged at once, for a session of hours"""
    answer = await browser.http.get(f"/einstieg/{PARTNER}", params={"link": LINK})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-zugabe=")
    assert LINK not in cookie
    [asked] = browser.onboarding.asked
    assert msgspec.json.decode(asked.content) == {"link": LINK}
    await browser.open("/")
    bearers = {one.headers["Authorization"] for one in browser.onboarding.asked[1:]}
    assert bearers == {f"Bearer {TOKEN}"}
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


async def test_a_session_of_the_service_may_end_earlier(browser: Browser) -> None:
    """S17: the cookie does not outlive it"""
    soon = {"token": TOKEN, "expires_at": "2026-11-30T12:30:00Z"}
    browser.onboarding.answers[f"POST /partners/{PARTNER}/sessions"] = soon
    answer = await browser.http.get(f"/einstieg/{PARTNER}", params={"link": LINK})
    assert "Max-Age=1800" in answer.headers["Set-Cookie"]


@pytest.mark.parametrize(
    ("refusal", "asks_for"),
    [
        (problem(409, "link-outdated", "Dieser Link gilt nicht mehr."), f'value="{LINK}"'),
        (problem(409, "link-invalid", "Dieser Link ist nicht gültig."), 'name="email"'),
        (problem(422, "invalid", "So geht das nicht."), 'name="email"'),
    ],
)
async def test_a_refused_link_signs_nobody_in_and_offers_a_new_one(
    browser: Browser, refusal: httpx.Response, asks_for: str
) -> None:
    """S17: a new link on request; by the old one if it was ours, else by the address"""
    browser.onboarding.answers[f"POST /partners/{PARTNER}/sessions"] = refusal
    answer = await browser.enter()
    assert answer.status_code == 401
    assert "Set-Cookie" not in answer.headers
    assert "Neuen Link anfordern" in answer.text
    assert f'action="/einstieg/{PARTNER}/neuer-link"' in answer.text
    assert asks_for in answer.text


@pytest.mark.parametrize("fields", [{"link": LINK}, {"email": "kim@nordwind.test"}])
@pytest.mark.parametrize("answered", [httpx.Response(202), problem(422, "invalid", "Nein.")])
async def test_asking_for_a_link_tells_nobody_anything(
    browser: Browser, fields: dict[str, str], answered: httpx.Response
) -> None:
    """S17: the page is the same, whether the address is known or not"""
    browser.onboarding.answers[f"POST /partners/{PARTNER}/link-requests"] = answered
    answer = await browser.submit(f"/einstieg/{PARTNER}/neuer-link", **fields)
    assert answer.status_code == 200
    assert "vorausgesetzt" in answer.text
    [asked] = browser.onboarding.asked
    assert msgspec.json.decode(asked.content) == fields
    assert "Authorization" not in asked.headers


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
        assert answer.headers["Referrer-Policy"] == "strict-origin", "forms name their origin"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "<style" not in answer.text
        assert " style=" not in answer.text


async def test_a_service_that_is_down_gives_a_page_with_what_to_do(browser: Browser) -> None:
    await browser.enter()
    browser.onboarding.answers[f"GET /partners/{PARTNER}"] = httpx.ConnectError("down")
    answer = await browser.open("/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "in einer Minute" in answer.text
