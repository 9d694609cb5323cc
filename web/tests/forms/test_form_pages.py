"""A partner fills in a form: all mistakes at once and where they are, and nothing typed is lost."""

from typing import Any

import httpx
import pytest
from web_tests.browser import Browser
from web_tests.forms import MATERIAL, OF_BRAND, PATH, Html, bodies, filled, prepare, send
from web_tests.onboarding import PARTNER, SUMMARY, problem

ROW = {"r.bestaende": "ab12", "t.bestaende.ab12.gruppe": "Jacken", "t.bestaende.ab12.menge": "40"}
ANSWERS = {
    "f.bestand": "40",
    "f.preis": "5,50",
    "f.termin": "31.12.2026",
    "f.haengeware": "nein",
    "f.plattformen": ["otto", "peek-cloppenburg"],
    "f.anmerkungen": "  Danke  ",
    **ROW,
}
WRONG = [
    {"where": "answers.bestand", "detail": "Diese Angabe fehlt."},
    {"where": "tables.bestaende.ab12.menge", "detail": "Erwartet wird eine ganze Zahl."},
]


@pytest.fixture
async def kim(browser: Browser) -> Browser:
    """Has come in, and has a form to fill in."""
    prepare(browser)
    await browser.enter()
    return browser


async def test_a_form_shows_its_questions_from_its_definition(kim: Browser) -> None:
    """ON-29, ON-30: quantities by brand; ON-3: material stands before the questions"""
    answer = await kim.open(OF_BRAND)
    text, html = answer.text, Html(answer.text)
    assert answer.status_code == 200
    assert "Lagerinformationen" in text
    assert "für Nordkap" in text
    assert text.index("Mengen und Dimensionen") < text.index("Lagerbestand (Stück)")
    for question in ("bestand", "preis", "termin", "haengeware", "plattformen", "anmerkungen"):
        assert html.field(f"f.{question}"), question
    assert html.by_id("f-bestand")["inputmode"] == "numeric"
    assert html.by_id("f-termin")["type"] == "date"
    assert html.by_id("f-termin")["aria-describedby"] == "f-termin-hilfe"
    assert len(html.ids) == len(set(html.ids)), "ids are unique"
    [row] = [f for f in html.field("r.bestaende") if f["value"] != "neue-zeile"]
    assert row["value"]


async def test_what_is_typed_reaches_onboarding_as_it_takes_it(kim: Browser) -> None:
    """ON-13, ON-29"""
    answer = await send(kim, fields={**ANSWERS, "aktion": "einreichen"})
    assert (answer.status_code, answer.headers["Location"]) == (303, OF_BRAND)
    assert bodies(kim, "PUT", f"{PATH}/submission") == [
        {
            "revision": 0,
            "version": 2,
            "answers": {
                "bestand": "40",
                "preis": "5,50",
                "termin": "2026-12-31",
                "haengeware": "nein",
                "plattformen": ["otto", "peek-cloppenburg"],
                "anmerkungen": "Danke",
            },
            "tables": {
                "bestaende": [{"row": "ab12", "answers": {"gruppe": "Jacken", "menge": "40"}}]
            },
        }
    ]
    assert "Vielen Dank!" in (await kim.open(OF_BRAND)).text


async def test_a_question_that_is_not_asked_is_not_answered(kim: Browser) -> None:
    hidden = {**ANSWERS, "f.haengeware_stueck": "7", "aktion": "speichern"}
    await send(kim, fields=hidden)
    await send(kim, fields={**hidden, "f.haengeware": "ja"})
    first, second = bodies(kim, "PUT", f"{PATH}/draft")
    assert "haengeware_stueck" not in first["answers"]
    assert second["answers"]["haengeware_stueck"] == "7"


async def test_empty_rows_and_strange_fields_are_left_out(kim: Browser) -> None:
    rows = {"r.bestaende": ["ab12", "leer", "../x", "ab12"], "f.fremd": "x", "r.fremd": "y"}
    await send(kim, fields={**ANSWERS, **rows, "aktion": "speichern"})
    [body] = bodies(kim, "PUT", f"{PATH}/draft")
    assert [row["row"] for row in body["tables"]["bestaende"]] == ["ab12"]
    assert "fremd" not in str(body)


async def test_all_mistakes_are_shown_at_once_and_where_they_are(kim: Browser) -> None:
    """A summary with links, and a sentence at each field that the field names."""
    refusal = problem(422, "answers-invalid", "Einige Angaben fehlen.", errors=WRONG, mistakes=2)
    kim.onboarding.answers[f"PUT {PATH}/submission"] = refusal
    wrong = {**ANSWERS, "f.bestand": "", "t.bestaende.ab12.menge": "viele"}
    answer = await send(kim, fields={**wrong, "aktion": "einreichen"})
    html = Html(answer.text)
    assert answer.status_code == 422
    assert "<title>Fehler: Lagerinformationen" in answer.text
    assert "diese Angaben" in answer.text
    for place in ("f-bestand", "t-bestaende-ab12-menge"):
        assert f'href="#{place}"' in answer.text
        field = html.by_id(place)
        assert field["aria-invalid"] == "true"
        assert f"{place}-fehler" in (field["aria-describedby"] or "")
    assert html.by_id("t-bestaende-ab12-menge")["value"] == "viele"
    assert "autofocus" in next(a for tag, a in html.tags if a.get("role") == "alert")


async def test_a_form_with_mistakes_keeps_the_rest_as_a_draft(kim: Browser) -> None:
    refusal = problem(422, "answers-invalid", "", errors=WRONG, mistakes=2)
    kim.onboarding.answers[f"PUT {PATH}/submission"] = refusal
    answer = await send(kim, fields={**ANSWERS, "aktion": "einreichen"})
    [draft] = bodies(kim, "PUT", f"{PATH}/draft")
    assert draft["answers"]["preis"] == "5,50"
    assert "bestand" not in draft["answers"]
    assert draft["tables"]["bestaende"] == [{"row": "ab12", "answers": {"gruppe": "Jacken"}}]
    assert "Alle anderen Angaben sind als Entwurf gespeichert." in answer.text
    assert Html(answer.text).field("revision")[0]["value"] == "1"


async def test_more_mistakes_than_are_listed_are_counted(kim: Browser) -> None:
    refusal = problem(422, "answers-invalid", "", errors=WRONG, mistakes=1_052)
    kim.onboarding.answers[f"PUT {PATH}/submission"] = refusal
    answer = await send(kim, fields={**ANSWERS, "aktion": "einreichen"})
    assert "und 1.050 weitere Fehler" in answer.text


@pytest.mark.parametrize(
    ("where", "place"),
    [
        ("tables.bestaende", "t-bestaende"),
        ("tables.bestaende.ab12", "t-bestaende-ab12"),
        ("body.tables.bestaende.0.answers.menge.str", "t-bestaende-ab12"),
        ("body.answers.bestand.str", "f-bestand"),
    ],
)
async def test_mistakes_of_rows_and_of_the_request_are_placed(
    kim: Browser, where: str, place: str
) -> None:
    errors = [{"where": where, "detail": "Zu lang."}]
    kim.onboarding.answers[f"PUT {PATH}/submission"] = problem(422, "invalid", "", errors=errors)
    answer = await send(kim, fields={**ANSWERS, "aktion": "einreichen"})
    assert f'href="#{place}' in answer.text
    assert place in Html(answer.text).ids


HOSTILE = [
    '<script>alert("x")</script>',
    '"><img src=x onerror=alert(1)>',
    "' onfocus=alert(1) autofocus '",
    "</textarea><script>alert(1)</script>",
    "{{ 7*7 }}",
    "javascript:alert(1)",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("status", ["draft", "sent-back", "submitted", "accepted"])
async def test_hostile_answers_are_shown_as_text(browser: Browser, text: str, status: str) -> None:
    """Nothing that was typed becomes markup, wherever it stands."""
    prepare(
        browser,
        status=status,
        revision=3,
        reason=text,
        answers={"anmerkungen": text, "bestand": text, "termin": text, "plattformen": [text]},
        tables={"bestaende": [{"row": "ab12", "answers": {"gruppe": text}}]},
    )
    await browser.enter()
    html = Html((await browser.open(OF_BRAND)).text)
    scripts = [attributes for tag, attributes in html.tags if tag == "script"]
    assert all((script["src"] or "").startswith("/static/") for script in scripts)
    assert "img" not in [tag for tag, _ in html.tags]
    for _, attributes in html.tags:
        assert not [name for name in attributes if name.startswith("on")]
        assert not (attributes.get("href") or "").startswith("javascript:")
    if status in ("draft", "sent-back"):
        assert html.by_id("f-bestand")["value"] == text


async def test_what_is_sent_in_hostile_names_is_not_echoed(kim: Browser) -> None:
    fields = {"f.<script>": "x", "r.bestaende": "<b>", "aktion": "zeile+<script>"}
    assert "<script>x" not in (await send(kim, fields=fields)).text
    for action in ("zeile+fremd", "zeile-", "zeile-fremd.x", "zeile-bestaende.<b>"):
        answer = await send(kim, fields={**ANSWERS, "aktion": action})
        assert answer.status_code == 200, action
        assert "<b>" not in answer.text


async def test_rows_come_and_go_without_a_script(kim: Browser) -> None:
    more = await send(kim, fields={**ANSWERS, "aktion": "zeile+bestaende"})
    rows = [f["value"] for f in Html(more.text).field("r.bestaende")]
    assert rows[0] == "ab12"
    assert len(rows) == 3, "with the pattern"
    assert Html(more.text).by_id("t-bestaende-ab12-menge")["value"] == "40"
    less = await send(kim, fields={**ANSWERS, "aktion": "zeile-bestaende.ab12"})
    rows = [f["value"] for f in Html(less.text).field("r.bestaende")]
    assert "ab12" not in rows
    assert bodies(kim, "PUT", f"{PATH}/draft") == []


async def test_a_form_that_was_sent_back_says_why(browser: Browser) -> None:
    """ON-13"""
    prepare(browser, status="sent-back", revision=2, reason="Bitte die Mengen\nje Stück.")
    await browser.enter()
    text = (await browser.open(OF_BRAND)).text
    assert "Zurückgegeben, weil" in text
    assert "Bitte die Mengen\nje Stück." in text


async def test_a_form_of_the_sales_phase_need_not_be_filled_in_again(browser: Browser) -> None:
    """ON-17"""
    prepare(browser, status="accepted", source="sales", revision=2, answers={"preis": "5.5"})
    await browser.enter()
    text = (await browser.open(OF_BRAND)).text
    assert "aus den Vertriebsgesprächen übernommen" in text
    assert "5,5" in text
    assert 'name="aktion"' not in text


async def test_a_submitted_form_is_read_and_may_be_changed(browser: Browser) -> None:
    prepare(browser, status="submitted", revision=1, answers={"bestand": "40"})
    await browser.enter()
    text = (await browser.open(OF_BRAND)).text
    assert "Eingereicht. Wir prüfen Ihre Angaben" in text
    assert 'name="f.bestand"' not in text
    html = Html((await browser.open(f"{OF_BRAND}?aendern=true")).text)
    assert html.by_id("f-bestand")["value"] == "40"
    assert not [a for _, a in html.tags if "data-draft" in a], "drafts of it are refused"


async def test_somebody_else_changed_the_form_and_both_answers_are_shown(kim: Browser) -> None:
    """X-12"""
    refusal = problem(409, "form-changed", "Das Formular wurde inzwischen geändert.", revision=5)
    kim.onboarding.answers[f"PUT {PATH}/submission"] = refusal
    theirs: dict[str, Any] = {
        "revision": 5,
        "status": "draft",
        "answers": {"bestand": "99", "preis": "5.50"},
        "tables": {"bestaende": [{"row": "cd34", "answers": {"gruppe": "Hosen"}}]},
    }
    kim.onboarding.answers[f"GET {PATH}"] = filled(**theirs)
    answer = await send(kim, fields={**ANSWERS, "aktion": "einreichen"})
    html = Html(answer.text)
    assert answer.status_code == 409
    assert "inzwischen geändert" in answer.text
    assert html.by_id("f-bestand")["value"] == "40"
    assert "Inzwischen gespeichert: 99" in answer.text
    assert "Inzwischen gespeichert: 5,50" not in answer.text
    assert html.field("revision")[0]["value"] == "5", "the next attempt says what was seen"
    assert html.by_id("t-bestaende-cd34-gruppe")["value"] == "Hosen"


async def test_a_form_accepted_meanwhile_shows_what_was_typed(kim: Browser) -> None:
    refusal = problem(409, "form-accepted", "Das Formular ist bereits angenommen.")
    kim.onboarding.answers[f"PUT {PATH}/submission"] = refusal
    accepted = filled(status="accepted", revision=5, answers={"bestand": "99"})
    kim.onboarding.answers[f"GET {PATH}"] = accepted
    answer = await send(kim, fields={**ANSWERS, "aktion": "einreichen"})
    assert answer.status_code == 409
    assert "bereits angenommen" in answer.text
    assert "Ihre Eingabe, die nicht mehr gespeichert wurde: 40" in answer.text
    assert "Ihre Eingabe, die nicht mehr gespeichert wurde: Jacken" in answer.text
    assert 'name="aktion"' not in answer.text


async def test_a_paused_onboarding_keeps_what_was_typed(kim: Browser) -> None:
    detail = "Das Onboarding ist unterbrochen."
    kim.onboarding.answers[f"PUT {PATH}/draft"] = problem(409, "onboarding-paused", detail)
    answer = await send(kim, fields={**ANSWERS, "aktion": "speichern"})
    assert answer.status_code == 409
    assert detail in answer.text
    assert Html(answer.text).by_id("f-bestand")["value"] == "40"


@pytest.mark.parametrize("path", [f"PUT {PATH}/submission", f"GET {PATH}"])
async def test_while_onboarding_is_away_what_was_typed_can_be_sent_again(
    kim: Browser, path: str
) -> None:
    kim.onboarding.answers[path] = httpx.ConnectError("down")
    answer = await send(kim, fields={**ANSWERS, "f.anmerkungen": "</textarea>", "aktion": "x"})
    assert answer.status_code == 503 or answer.status_code == 303
    if answer.status_code == 503:
        assert "Ihre Eingaben sind noch da" in answer.text
        assert 'name="f.bestand"' in answer.text
        assert "&lt;/textarea&gt;" in answer.text


async def test_a_page_of_an_earlier_session_keeps_what_was_typed(kim: Browser) -> None:
    answer = await send(kim, fields={**ANSWERS, "csrf": "of-yesterday", "aktion": "einreichen"})
    assert answer.status_code == 403
    assert "Ihre Eingaben sind noch da" in answer.text
    assert "of-yesterday" not in answer.text
    assert bodies(kim, "PUT", f"{PATH}/submission") == []


async def test_another_site_changes_nothing(kim: Browser) -> None:
    for headers in ({"Origin": "https://evil.test"}, {"Sec-Fetch-Site": "cross-site"}):
        for path in (OF_BRAND, f"{OF_BRAND}/entwurf"):
            assert (await send(kim, path, ANSWERS, **headers)).status_code == 403
    assert bodies(kim, "PUT", f"{PATH}/draft") == bodies(kim, "PUT", f"{PATH}/submission") == []


@pytest.mark.parametrize(("status", "word"), [("paused", "unterbrochen"), ("closed", "beendet")])
async def test_while_the_onboarding_rests_forms_are_read_only(
    browser: Browser, status: str, word: str
) -> None:
    """Nobody types what could not be taken."""
    prepare(browser, status="draft", revision=1, answers={"bestand": "40"})
    browser.onboarding.answers[f"GET /partners/{PARTNER}"] = {**SUMMARY, "status": status}
    await browser.enter()
    text = (await browser.open(OF_BRAND)).text
    assert f"Ihr Onboarding ist {word}." in text
    assert 'name="f.bestand"' not in text
    assert '<span class="said">40</span>' in text


async def test_files_of_the_material_stand_beside_the_form(kim: Browser) -> None:
    """ON-3: files too, with their size"""
    file = {
        "id": "insights",
        "title": "Maße richtig messen",
        "kind": "document",
        "phase": "organisation",
        "step": "warehouse",
        "file_name": "masse.pdf",
        "media_type": "application/pdf",
        "size_bytes": 120_000,
    }
    path = f"GET /partners/{PARTNER}/material"
    other = {**file, "id": "faq", "step": "releases"}
    kim.onboarding.answers[path] = {**MATERIAL, "files": [file, other]}
    text = (await kim.open(OF_BRAND)).text
    assert 'href="/material/insights"' in text
    assert "masse.pdf, 120 KB" in text
    assert "/material/faq" not in text


async def test_forms_of_others_are_no_pages(kim: Browser) -> None:
    """X-16"""
    strange = ("/formulare/fremd", "/formulare/a%3Fb", "/formulare/..%2F..%2Fx", "/formulare/%23")
    for path in ("/marken/fremd/formulare/lagerbestand", *strange):
        assert (await kim.open(path)).status_code == 404, path
    asked = [request.url.path for request in kim.onboarding.asked if "/forms/" in request.url.path]
    assert asked == [
        f"/partners/{PARTNER}/brands/fremd/forms/lagerbestand",
        f"/partners/{PARTNER}/forms/fremd",
    ]


async def test_a_form_for_all_brands_has_a_page_of_its_own(kim: Browser) -> None:
    """ON-23"""
    form = filled(form="ansprechpartner", brand="")
    kim.onboarding.answers[f"GET /partners/{PARTNER}/forms/ansprechpartner"] = form
    answer = await kim.open("/formulare/ansprechpartner")
    assert answer.status_code == 200
    assert "für Nordkap" not in answer.text


class TestDrafts:
    """Drafts that save themselves: what the script is told."""

    PATH = f"{OF_BRAND}/entwurf"

    async def test_a_draft_is_saved_and_told(self, kim: Browser) -> None:
        answer = await send(kim, self.PATH, ANSWERS)
        assert answer.json() == {"message": "Entwurf gespeichert um 13:00 Uhr.", "revision": 1}
        assert len(bodies(kim, "PUT", f"{PATH}/draft")) == 1

    async def test_a_draft_with_a_mistake_keeps_the_rest(self, kim: Browser) -> None:
        asked = 0

        def answer(request: httpx.Request) -> httpx.Response:
            nonlocal asked
            asked += 1
            if asked == 1:
                return problem(422, "answers-invalid", "", errors=WRONG[1:], mistakes=1)
            return httpx.Response(200, json={"revision": 4})

        kim.onboarding.answers[f"PUT {PATH}/draft"] = answer
        told = (await send(kim, self.PATH, ANSWERS)).json()
        assert told == {
            "message": "Entwurf gespeichert um 13:00 Uhr, bis auf eine Angabe mit Fehlern.",
            "revision": 4,
            "mistakes": [
                {"id": "t-bestaende-ab12-menge", "detail": "Erwartet wird eine ganze Zahl."}
            ],
        }

    @pytest.mark.parametrize("code", ["form-changed", "form-accepted", "form-submitted"])
    async def test_a_form_changed_meanwhile_stops_the_drafts(self, kim: Browser, code: str) -> None:
        kim.onboarding.answers[f"PUT {PATH}/draft"] = problem(409, code, "Inzwischen anders.")
        answer = await send(kim, self.PATH, ANSWERS)
        assert answer.status_code == 409
        assert answer.json()["stopped"] is True
        assert "Ihre Eingaben stehen weiter hier." in answer.json()["message"]

    async def test_a_page_of_an_earlier_session_saves_nothing(self, kim: Browser) -> None:
        answer = await send(kim, self.PATH, {**ANSWERS, "csrf": "of-yesterday"})
        assert (answer.status_code, answer.json()["stopped"]) == (403, True)
        assert bodies(kim, "PUT", f"{PATH}/draft") == []
