"""Staff sign in at the issuer; what does not fit lets nobody in (S17)."""

from base64 import urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from web_tests.staff import Staff

from zugabe_web.login.desk import RENEWAL_MARGIN


async def test_a_manager_signs_in_and_comes_to_the_page_they_wanted(staff: Staff) -> None:
    asked = await staff.begin("/board?phase=content")
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == "https://portal.zugabe.test/anmelden/antwort"
    back = await staff.come_back(code="c1", state=asked["state"], iss=staff.issuer.url)
    assert (back.status_code, back.headers["Location"]) == (303, "/board?phase=content")
    board = await staff.open("/board")
    assert board.status_code == 200
    assert "Maxi Meise" in board.text
    form = staff.issuer.forms[0]
    digest = sha256(form["code_verifier"].encode()).digest()
    assert urlsafe_b64encode(digest).decode().rstrip("=") == asked["code_challenge"]
    assert form["authorization"].startswith("Basic ")
    assert "client_secret" not in form


async def test_cookies_are_for_this_site_and_out_of_reach_of_scripts(staff: Staff) -> None:
    signed_in = await staff.sign_in()
    cookies = signed_in.headers.get_list("set-cookie")
    kept = [cookie for cookie in cookies if "Max-Age=0" not in cookie]
    assert len(kept) == 2
    for cookie in kept:
        assert cookie.startswith("__Host-")
        assert all(word in cookie for word in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"))
        assert len(cookie) < 4_096
        assert "refresh-1" not in cookie


async def test_services_are_asked_with_the_access_token_and_pages_never_show_it(
    manager: Staff,
) -> None:
    page = await manager.open("/board")
    token = manager.onboarding.asked[-1].headers["Authorization"].removeprefix("Bearer ")
    assert token.count(".") == 2
    assert token not in page.text + str(page.headers)


@pytest.mark.parametrize(
    "identity",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "zugabe", "azp": None},
        {"aud": ["web", "other"], "azp": "other"},
        {"iss": "https://evil.invalid"},
        {"exp": 1},
        {"sub": "another"},
        {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
    ],
)
async def test_an_id_token_that_is_not_for_this_attempt_lets_nobody_in(
    staff: Staff, identity: dict[str, Any]
) -> None:
    staff.issuer.identity = identity
    refused = await staff.sign_in()
    assert refused.status_code == 401
    assert (await staff.open("/board")).status_code == 401


@pytest.mark.parametrize(
    "access", [{"aud": "other"}, {"role": None}, {"iss": "https://evil.invalid"}, {"exp": 1}]
)
async def test_an_access_token_that_services_would_refuse_lets_nobody_in(
    staff: Staff, access: dict[str, Any]
) -> None:
    staff.issuer.access = access
    assert (await staff.sign_in()).status_code == 401


@pytest.mark.parametrize("answer", [{"id_token": None}, {"token_type": "MAC"}, {"access_token": 7}])
async def test_half_an_answer_lets_nobody_in(staff: Staff, answer: dict[str, Any]) -> None:
    staff.issuer.answer = answer
    assert (await staff.sign_in()).status_code == 401


@pytest.mark.parametrize(
    "changed",
    [
        {"state": "another"},
        {"iss": "https://evil.invalid"},
        {"iss": ""},
        {"code": "", "error": "access_denied"},
    ],
)
async def test_an_answer_to_another_question_lets_nobody_in(
    staff: Staff, changed: dict[str, str]
) -> None:
    asked = await staff.begin()
    answer = {"code": "c1", "state": asked["state"], "iss": staff.issuer.url} | changed
    refused = await staff.come_back(**{name: text for name, text in answer.items() if text})
    assert refused.status_code == 401
    assert "Noch einmal anmelden" in refused.text
    assert staff.issuer.forms == []


async def test_nobody_is_signed_in_by_a_link_from_elsewhere(staff: Staff) -> None:
    """Without an attempt of this browser, somebody else's code is worth nothing."""
    assert (await staff.come_back(code="c1", state="s1")).status_code == 401


async def test_an_attempt_works_once_and_for_ten_minutes(staff: Staff) -> None:
    asked = await staff.begin()
    answer = {"code": "c1", "state": asked["state"], "iss": staff.issuer.url}
    staff.later(timedelta(minutes=11))
    assert (await staff.come_back(**answer)).status_code == 401
    asked = await staff.begin()
    answer["state"] = asked["state"]
    assert (await staff.come_back(**answer)).status_code == 303
    assert (await staff.come_back(**answer)).status_code == 401


@pytest.mark.parametrize("back", ["//evil.invalid", "https://evil.invalid", "/board\r\nX: y", "/x"])
async def test_nobody_is_led_elsewhere_afterwards(staff: Staff, back: str) -> None:
    assert (await staff.sign_in(back)).headers["Location"] == "/board"


@pytest.mark.parametrize("role", ["dealer-staff", "user", "partner", "points-manager"])
async def test_others_get_a_page_that_says_so_and_no_session(staff: Staff, role: str) -> None:
    staff.issuer.access = {"role": role, "dealer": "d1", "partner": "p1"}
    refused = await staff.sign_in()
    assert refused.status_code == 403
    assert "Dieses Konto hat hier keinen Zugang" in refused.text
    assert (await staff.open("/board")).status_code == 401


async def test_tokens_are_renewed_before_they_expire(manager: Staff) -> None:
    await manager.open("/board")
    first = manager.onboarding.asked[-1].headers["Authorization"]
    manager.later(manager.issuer.lifetime - RENEWAL_MARGIN)
    manager.issuer.answer = {"refresh_token": "refresh-2"}
    assert (await manager.open("/board")).status_code == 200
    assert manager.issuer.forms[-1]["refresh_token"] == "refresh-1"
    assert manager.onboarding.asked[-1].headers["Authorization"] != first
    manager.later(manager.issuer.lifetime - RENEWAL_MARGIN)
    assert (await manager.open("/board")).status_code == 200
    assert manager.issuer.forms[-1]["refresh_token"] == "refresh-2"
    assert len(manager.issuer.forms) == 3


async def test_a_session_that_the_issuer_ends_is_over(manager: Staff) -> None:
    manager.later(manager.issuer.lifetime)
    manager.issuer.refuse = "invalid_grant"
    over = await manager.open("/board")
    assert over.status_code == 401
    assert "/anmelden?zurueck=/board" in over.text


async def test_without_the_issuer_a_page_says_so(staff: Staff) -> None:
    staff.issuer.down = True
    down = await staff.open("/anmelden")
    assert down.status_code == 503
    assert "Anmeldedienst antwortet nicht" in down.text


async def test_signing_out_ends_both_sessions(manager: Staff) -> None:
    left = await manager.submit("/anmelden/ende")
    assert left.status_code == 200
    assert f"{manager.issuer.url}/end_session?client_id=web" in left.text
    assert "eyJ" not in left.text
    assert (await manager.open("/board")).status_code == 401


async def test_signing_out_needs_the_token_of_the_page(manager: Staff) -> None:
    assert (await manager.submit("/anmelden/ende", csrf="guessed")).status_code == 403
    assert (await manager.open("/board")).status_code == 200


async def test_a_session_is_no_partners_session(manager: Staff) -> None:
    home = await manager.open("/")
    assert (home.status_code, home.headers["Location"]) == (303, "/board")


async def test_tokens_that_fit_no_cookie_are_told(staff: Staff) -> None:
    staff.issuer.answer = {"refresh_token": "r" * 4_000}
    refused = await staff.sign_in()
    assert refused.status_code == 403
    assert "mehr Angaben" in refused.text
