"""The pages of managers: what they show, escape, refuse and never lose."""

import re
from typing import Any

import httpx
import msgspec
import pytest
from web_tests.answers import (
    LINE,
    OF_BRAND,
    PAGE,
    PARTNER,
    REVIEW,
    ROOT,
    STOCK,
    answer_manager,
)
from web_tests.onboarding import BRAND, SUMMARY, problem
from web_tests.staff import Staff

DONE = httpx.Response(204)
HOSTILE = "\"><script>alert(1)</script>'&{{ 7 * 7 }}"


@pytest.fixture
async def maxi(manager: Staff) -> Staff:
    answer_manager(manager.onboarding)
    return manager


def asked(staff: Staff, method: str) -> httpx.Request:
    return next(one for one in reversed(staff.onboarding.asked) if one.method == method)


async def test_the_board_shows_who_waits_for_whom_and_when_brands_go_live(maxi: Staff) -> None:
    """N-11"""
    text = (await maxi.open("/board?waits_for=partner&overdue=true&sort=-since")).text
    for words in (
        "Nordwind GmbH",
        "Kontaktübersicht: die Ansprechpartner",
        "1 Datenmodell überfällig",
        "voraussichtlich 01.03.2027",
        "1 Erinnerung, zuletzt am 20.11.2026",
        "1.200 Stunden",
        "1 Tag",
    ):
        assert words in text, words
    query = next(one for one in maxi.onboarding.asked if one.url.path == "/board").url.params
    assert dict(query) == {
        "waits_for": "partner",
        "overdue": "true",
        "sort": "-since",
        "limit": "50",
    }
    assert "after=cursor-2" in text
    assert "/board/dateien/board.xlsx?waits_for=partner&amp;overdue=true&amp;sort=-since" in text


@pytest.mark.parametrize("path", ["/board", PAGE, f"/board/partner/{PARTNER}", REVIEW])
async def test_hostile_texts_are_shown_as_they_are(maxi: Staff, path: str) -> None:
    """S12: names, reasons and answers of others are text, and never part of a page."""
    onboarding = maxi.onboarding
    onboarding.answers |= {
        "GET /board": {"items": [LINE | {"name": HOSTILE, "needs": [HOSTILE]}], "next": HOSTILE},
        f"GET {ROOT}": SUMMARY | {"name": HOSTILE},
        f"GET {OF_BRAND}": BRAND | {"name": HOSTILE},
        f"GET {OF_BRAND}/forms/lagerbestand": STOCK
        | {"reason": HOSTILE, "tables": {"bestaende": [hostile_row()]}},
    }
    page = await maxi.open(path)
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "{{ 7 * 7 }}" in page.text
    assert "&lt;script&gt;" in page.text
    assert "'unsafe" not in page.headers["Content-Security-Policy"]


def hostile_row() -> dict[str, Any]:
    return {"row": "r1", "answers": {"warengruppe": HOSTILE}}


async def test_a_brands_page_says_what_is_missing_and_by_whom(maxi: Staff) -> None:
    """ON-11, ON-4: the warehouse is chosen beside the planned stock."""
    text = (await maxi.open(PAGE)).text
    assert "Kontaktübersicht: die Ansprechpartner" in text
    assert "Stück im Schnitt" in text
    assert "1.600" in text
    assert "Lager Hamburg" in text
    assert "überfällig" in text
    assert "bis 10.11.2026" in text


async def test_every_form_is_sent_once_however_often_it_is_clicked(maxi: Staff) -> None:
    """X-12"""
    path = f"POST {OF_BRAND}/reminders"
    maxi.onboarding.answers[path] = DONE
    page = (await maxi.open(PAGE)).text
    keys = re.findall(r'name="key" value="([0-9a-f-]{36})"', page)
    assert len(keys) == len(set(keys)) > 3
    for _ in range(2):
        sent = await maxi.submit(f"{PAGE}/erinnerung", form="erinnerung", key=keys[0])
        assert (sent.status_code, sent.headers["Location"]) == (303, PAGE)
        assert asked(maxi, "POST").headers["Idempotency-Key"] == keys[0]
    assert "Die Erinnerung ist unterwegs." in (await maxi.open(PAGE)).text


async def test_a_closed_gate_says_everything_that_is_missing(maxi: Staff) -> None:
    """ON-11"""
    missing = [{"requirement": "warehouse", "detail": "Auswahl des Lagers"}]
    refused = problem(409, "gate-closed", "Ein Punkt fehlt.", missing=missing)
    maxi.onboarding.answers[f"POST {OF_BRAND}/phases/organisation/completion"] = refused
    fields = {"form": "phase", "phase": "organisation", "sure": "ja"}
    page = await maxi.submit(f"{PAGE}/phase", **fields)
    assert page.status_code == 409
    assert page.text.count("Ein Punkt fehlt.") == 2
    assert "<li>Auswahl des Lagers</li>" in page.text


async def test_what_cannot_be_taken_back_needs_a_tick(maxi: Staff) -> None:
    maxi.onboarding.answers[f"POST {OF_BRAND}/phases/organisation/completion"] = DONE
    page = await maxi.submit(f"{PAGE}/phase", form="phase", phase="organisation")
    assert page.status_code == 422
    assert "Bitte bestätigen Sie" in page.text
    assert all(one.method != "POST" for one in maxi.onboarding.asked)


async def test_nothing_typed_is_lost_when_it_is_refused(maxi: Staff) -> None:
    errors = [{"where": "body.reason", "detail": "Höchstens 200 Zeichen."}]
    wrong = problem(422, "request-invalid", "Die Anfrage ist nicht gültig.", errors=errors)
    maxi.onboarding.answers[f"PUT {OF_BRAND}/waivers/warehouse"] = wrong
    fields = {"requirement": "warehouse", "reason": "Weil <es> so ist", "sure": "ja"}
    page = await maxi.submit(f"{PAGE}/verzicht", form="verzicht", **fields)
    assert page.status_code == 422
    assert ">Weil &lt;es&gt; so ist</textarea>" in page.text
    assert 'aria-invalid="true" aria-describedby="verzicht-reason-error"' in page.text
    assert "Höchstens 200 Zeichen." in page.text


async def test_an_uncertain_outcome_keeps_the_key(maxi: Staff) -> None:
    """X-12: sent again, it happens once."""
    maxi.onboarding.answers[f"POST {OF_BRAND}/reminders"] = httpx.ConnectError("gone")
    key = "0b7c8c0e-0000-4000-8000-000000000001"
    page = await maxi.submit(f"{PAGE}/erinnerung", form="erinnerung", key=key)
    assert page.status_code == 503
    assert f'value="{key}"' in page.text


@pytest.mark.parametrize(
    ("command", "fields", "sent"),
    [
        ("lager", {"warehouse": "hamburg"}, ("PUT", "/warehouse", {"warehouse": "hamburg"})),
        (
            "wareneingang",
            {"receipt": "WE/1", "received_on": "2026-11-01", "pieces": "1.200"},
            (
                "PUT",
                "/goods-receipts/WE%2F1",
                {"received_on": "2026-11-01", "pieces": 1200},
            ),
        ),
        (
            "artikel-auslassen",
            {"articles": "A1, A2\nA3", "reason": "kein Bild", "sure": "ja"},
            ("POST", "/left-out-articles", {"reason": "kein Bild", "articles": ["A1", "A2", "A3"]}),
        ),
        (
            "freigabe-abgelehnt",
            {"platform": "otto", "reason": "Sortiment"},
            ("POST", "/platforms/otto/refusal", {"reason": "Sortiment"}),
        ),
        ("freigabe-erteilt", {"platform": "otto"}, ("POST", "/platforms/otto/grant", None)),
    ],
)
async def test_what_a_manager_does_for_a_brand(
    maxi: Staff, command: str, fields: dict[str, str], sent: tuple[str, str, Any]
) -> None:
    """ON-6, ON-16, ON-20, Q32"""
    method, path, body = sent
    maxi.onboarding.answers |= {
        f"{method} {OF_BRAND}{path.replace('%2F', '/')}": DONE,
    }
    answer = await maxi.submit(f"{PAGE}/{command}", form="x", **fields)
    assert answer.status_code == 303
    request = asked(maxi, method)
    assert request.url.raw_path.decode() == OF_BRAND + path
    assert (msgspec.json.decode(request.content) if request.content else None) == body


async def test_a_number_that_is_none_is_told_at_its_field(maxi: Staff) -> None:
    fields = {"receipt": "WE1", "received_on": "2026-11-01", "pieces": "viele"}
    maxi.onboarding.answers[f"GET {OF_BRAND}"] = BRAND | {"phase": "logistics"}
    page = await maxi.submit(f"{PAGE}/wareneingang", form="wareneingang", **fields)
    assert page.status_code == 422
    assert 'value="viele"' in page.text
    assert 'id="wareneingang-pieces-error"' in page.text


async def test_a_form_is_reviewed_beside_the_version_before(maxi: Staff) -> None:
    """ON-13"""
    text = (await maxi.open(REVIEW)).text
    assert "geändert" in text
    assert text.index("1.600") < text.index(">600<")
    assert text.count('class="changed"') == 1
    maxi.onboarding.answers[f"POST {OF_BRAND}/forms/lagerbestand/return"] = DONE
    sent = await maxi.submit(
        f"{REVIEW}/rueckgabe", form="rueckgabe", revision="3", reason="Bitte prüfen"
    )
    assert (sent.status_code, sent.headers["Location"]) == (303, PAGE)
    assert msgspec.json.decode(asked(maxi, "POST").content) == {
        "revision": 3,
        "reason": "Bitte prüfen",
    }


async def test_a_form_that_changed_meanwhile_is_not_accepted(maxi: Staff) -> None:
    changed = problem(409, "form-changed", "Das Formular wurde inzwischen geändert.")
    maxi.onboarding.answers[f"POST {OF_BRAND}/forms/lagerbestand/acceptance"] = changed
    page = await maxi.submit(f"{REVIEW}/annahme", form="annahme", revision="2")
    assert page.status_code == 409
    assert "inzwischen geändert" in page.text


async def test_a_partner_is_prepared_and_nothing_typed_is_lost(maxi: Staff) -> None:
    """ON-2"""
    fields = {
        "partner": "südwind",
        "name": "Südwind GmbH",
        "contact_name": "Jo Jott",
        "email": "jo@s.example",
    }
    page = await maxi.submit("/board/neuer-partner", form="partner", **fields)
    assert page.status_code == 404
    wrong = problem(
        422,
        "request-invalid",
        "Ungültig.",
        errors=[{"where": "path.partner", "detail": "Nur Kleinbuchstaben."}],
    )
    maxi.onboarding.answers["PUT /partners/südwind"] = wrong
    page = await maxi.submit("/board/neuer-partner", form="partner", **fields)
    assert page.status_code == 422
    assert 'value="Südwind GmbH"' in page.text
    assert "Nur Kleinbuchstaben." in page.text
    maxi.onboarding.answers["PUT /partners/suedwind"] = DONE
    sent = await maxi.submit("/board/neuer-partner", **fields | {"partner": "suedwind "})
    assert sent.headers["Location"] == "/board/partner/suedwind"
    contact = {"contact_id": "ansprechpartner", "name": "Jo Jott", "email": "jo@s.example"}
    assert msgspec.json.decode(asked(maxi, "PUT").content) == {
        "name": "Südwind GmbH",
        "contact": contact,
    }


async def test_files_are_passed_on_as_they_are(maxi: Staff) -> None:
    kind, name = "text/csv; charset=utf-8", 'attachment; filename="onboardings.csv"'
    headers = {"Content-Type": kind, "Content-Disposition": name}
    maxi.onboarding.answers["GET /board.csv"] = httpx.Response(200, text="a;b", headers=headers)
    file = await maxi.open("/board/dateien/board.csv?phase=content")
    assert (file.text, file.headers["Content-Disposition"]) == ("a;b", name)
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert str(maxi.onboarding.asked[-1].url.query, "ascii") == "phase=content"
    for other in ("secrets.csv", "board.exe"):
        assert (await maxi.open(f"/board/dateien/{other}")).status_code == 404


async def test_a_right_that_is_missing_is_told(maxi: Staff) -> None:
    refused = problem(403, "forbidden", "Dafür fehlt Ihnen das Recht.")
    maxi.onboarding.answers["GET /board"] = refused
    page = await maxi.open("/board")
    assert page.status_code == 403
    assert "Dafür fehlt Ihnen das Recht." in page.text


async def test_a_session_that_services_refuse_leads_to_no_loop(maxi: Staff) -> None:
    maxi.onboarding.answers["GET /board"] = problem(401, "unauthenticated", "Abgelaufen.")
    page = await maxi.open("/board")
    assert page.status_code == 401
    assert "Bitte melden Sie sich an" in page.text


@pytest.mark.parametrize("path", ["/board", PAGE, REVIEW, f"/board/partner/{PARTNER}"])
async def test_partners_see_no_page_of_managers(browser: Any, staff: Staff, path: str) -> None:
    """S17: a partner's session opens none, and neither does none at all."""
    assert (await staff.open(path)).status_code == 401
    await browser.enter()
    assert (await browser.open(path)).status_code == 404


async def test_a_form_of_another_page_changes_nothing(maxi: Staff) -> None:
    sent = await maxi.submit(f"{PAGE}/erinnerung", form="erinnerung", csrf="guessed")
    assert sent.status_code == 403
    foreign = await maxi.http.post(
        f"{PAGE}/erinnerung",
        data={"csrf": maxi.csrf, "form": "erinnerung"},
        headers={"Origin": "https://evil.invalid"},
    )
    assert foreign.status_code == 403
    assert all(one.method != "POST" for one in maxi.onboarding.asked)


async def test_a_brands_history_is_read_page_by_page(maxi: Staff) -> None:
    """ON-13, X-13"""
    entry = {
        "id": "c.0",
        "at": "2026-11-30T13:05:00Z",
        "by": "central",
        "actor": "zoe",
        "name": None,
        "text": HOSTILE,
    }
    own = entry | {"by": "system", "name": None, "text": "Die Phase Content hat begonnen."}
    known = entry | {"name": "Maxi Meise", "text": "Der Partner wurde erinnert."}
    entries = {"items": [entry, own, known], "next": "older"}
    maxi.onboarding.answers[f"GET {OF_BRAND}/history"] = entries
    page = (await maxi.open(f"{PAGE}/verlauf?after=here")).text
    for words in ("30.11.2026, 14:05 Uhr", "Kennung zoe", "von selbst", "verlauf?after=older"):
        assert words in page, words
    assert "<script>alert" not in page
    request = next(one for one in maxi.onboarding.asked if one.url.path.endswith("/history"))
    assert dict(request.url.params) == {"limit": "50", "after": "here"}


@pytest.mark.parametrize("path", [PAGE, f"/board/partner/{PARTNER}"])
async def test_an_address_that_is_not_reachable_is_shown(maxi: Staff, path: str) -> None:
    """ON-13"""
    assert "Adresse nicht erreichbar" not in (await maxi.open(path)).text
    failed = {"failed_at": "2026-11-30T13:05:00Z", "detail": "Die Adresse ist nicht erreichbar."}
    maxi.onboarding.answers[f"GET {ROOT}/address"] = failed
    text = (await maxi.open(path)).text
    assert "Adresse nicht erreichbar." in text
    assert "Zuletzt versucht am 30.11.2026" in text
