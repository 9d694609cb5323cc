"""Forms over HTTP: sealed in the log, plain for the partner and for Customer Success."""

import asyncio
from typing import Any

import pytest
from msgspec.structs import replace
from onboarding_tests.office import Office
from onboarding_tests.samples import (
    BRAND,
    CONTACT,
    LINK,
    MANAGER,
    NOON,
    PARTNER,
    brand_added,
    brand_opened,
    welcomed,
)

from onboarding.brand.decider import brand_history
from onboarding.form.view import FORM_LISTS
from onboarding.partner.decider import partner_history
from zugabe_events.contracts.onboarding import (
    BrandAdded,
    DraftSaved,
    FormAccepted,
    FormDefined,
    FormSentBack,
    FormSubmitted,
    OnboardingOpened,
    OnboardingPaused,
    PartnerWelcomed,
    PlatformsChosen,
    StepDone,
)
from zugabe_events.domain.event import Context, Event, Stream, derived_id
from zugabe_events.domain.event_store import Commit
from zugabe_events.encryption.sealed_text import is_sealed, person_of
from zugabe_testing.personal_data import InMemoryMaster

OWN = f"/partners/{PARTNER}/forms"
OF_BRAND = f"/partners/{PARTNER}/brands/{BRAND}/forms"
KIM = {"abteilung": "Logistik", "name": "Kim Kai", "email": "kim@nordwind.example"}
CONTACTS = {"ansprechpartner": [{"row": "r1", "answers": KIM}]}
PLATFORMS = {"plattformen": ["zalando", "about-you"]}
BRAND_FORM = {
    "marke": "Nordkap",
    "markeninhaber": "Nordwind GmbH",
    "marke_eingetragen": False,
    "sortiment": "Mützen",
    "zielgruppen": ["Kinder"],
    "preispositionierung": "Mitte",
    "vertriebskanaele": ["Noch keine"],
    "auf_plattformen": False,
}


async def say(office: Office, stream: Stream, *events: Event) -> None:
    """It has happened."""
    version = 1 + sum(
        len(commit.events) for commit, _ in office.store.commits if commit.stream.id == stream.id
    )
    context = Context("carla", "central", PARTNER, NOON, "correlation")
    commit_id = derived_id(stream.id, str(version))
    await office.store.append([Commit(commit_id, stream, version, events, context)])


@pytest.fixture
async def office() -> Office:
    """`nordwind` with the brand `nordkap`, and another partner with its own brand."""
    office = Office()
    partner = partner_history(PARTNER).stream
    opened = OnboardingOpened(PARTNER, "Nordwind GmbH", CONTACT)
    await say(office, partner, opened, brand_added, welcomed)
    await say(office, brand_history(PARTNER, BRAND).stream, brand_opened)
    other = partner_history("other").stream
    await say(office, other, OnboardingOpened("other", "Other GmbH", CONTACT))
    theirs = PartnerWelcomed("other", "Other", ("theirs",), CONTACT, MANAGER, LINK, NOON)
    await say(office, other, BrandAdded("other", "theirs", "Theirs"), theirs)
    their_brand = replace(brand_opened, partner="other", brand="theirs")
    await say(office, brand_history("other", "theirs").stream, their_brand)
    return office


async def fill(
    office: Office, path: str, what: str = "submission", *, who: str = "kim", **body: Any
) -> Any:
    answer = await office.ask(who, "PUT", f"{path}/{what}", {"revision": 0, **body})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def accept(office: Office, path: str, revision: int = 1) -> None:
    answer = await office.ask("carla", "POST", f"{path}/acceptance", {"revision": revision})
    assert answer.status_code == 204, answer.text


async def test_an_open_form_says_what_it_asks(office: Office) -> None:
    """ON-23"""
    form = (await office.ask("kim", "GET", f"{OWN}/ansprechpartner")).json()
    assert (form["status"], form["revision"], form["newest"]) == ("open", 0, 1)
    assert form["definition"]["title"] == "Kontaktübersicht"
    assert form["tables"] == {"ansprechpartner": []}
    [table] = form["definition"]["tables"]
    assert [one["name"] for one in table["columns"]][:2] == ["abteilung", "name"]


async def test_what_is_personal_is_sealed_in_the_log_and_plain_for_those_who_may(
    office: Office,
) -> None:
    """N-8, ON-23"""
    await fill(office, f"{OWN}/ansprechpartner", tables=CONTACTS)
    [event] = office.said(FormSubmitted)
    assert [one.text for one in event.answers] == ["Logistik"]
    assert all(is_sealed(one.text) for one in event.personal)
    assert "Kim Kai" not in str(event)
    assert "kim@" not in str(event)
    for who in ("kim", "carla"):
        form = (await office.ask(who, "GET", f"{OWN}/ansprechpartner")).json()
        assert form["tables"] == CONTACTS, who
    assert (await office.ask("pim", "GET", f"{OWN}/ansprechpartner")).status_code == 403


async def test_what_is_shown_can_be_sent_again_and_is_about_the_same_people(
    office: Office,
) -> None:
    await fill(office, f"{OWN}/ansprechpartner", "draft", tables=CONTACTS)
    form = (await office.ask("kim", "GET", f"{OWN}/ansprechpartner")).json()
    again = {name: form[name] for name in ("revision", "answers", "tables")}
    await fill(office, f"{OWN}/ansprechpartner", **again)
    [draft], [submitted] = office.said(DraftSaved), office.said(FormSubmitted)
    assert submitted.answers == draft.answers
    assert {one.contact_id for one in submitted.personal} == {
        one.contact_id for one in draft.personal
    }


async def test_rows_are_people_of_their_own(office: Office) -> None:
    rows = [{"row": f"r{number}", "answers": KIM} for number in (1, 2)]
    await fill(office, f"{OWN}/ansprechpartner", tables={"ansprechpartner": rows})
    [event] = office.said(FormSubmitted)
    assert len({one.contact_id for one in event.personal}) == 2


async def test_two_submit_the_same_form_and_nothing_is_lost(office: Office) -> None:
    path = f"{OWN}/ansprechpartner"
    jo = {"ansprechpartner": [{"row": "r9", "answers": {**KIM, "name": "Jo Jott"}}]}
    one, two = await asyncio.gather(
        office.ask("kim", "PUT", f"{path}/submission", {"revision": 0, "tables": CONTACTS}),
        office.ask("jo", "PUT", f"{path}/submission", {"revision": 0, "tables": jo}),
    )
    assert sorted((one.status_code, two.status_code)) == [200, 409]
    late = one if one.status_code == 409 else two
    assert (late.json()["code"], late.json()["revision"]) == ("form-changed", 1)
    assert len(office.said(FormSubmitted)) == 1


async def test_a_repeated_submission_is_one(office: Office) -> None:
    """X-12"""
    first = await fill(office, f"{OWN}/ansprechpartner", tables=CONTACTS)
    again = await fill(office, f"{OWN}/ansprechpartner", tables=CONTACTS)
    assert first == again == {"revision": 1}
    assert len(office.said(FormSubmitted)) == 1


async def test_the_last_form_of_a_step_finishes_it_in_the_same_commit(office: Office) -> None:
    """ON-14, ON-16, ON-4: and the platforms are the brand's."""
    await fill(office, f"{OF_BRAND}/plattformauswahl", answers=PLATFORMS)
    await accept(office, f"{OF_BRAND}/plattformauswahl")
    [chosen] = office.said(PlatformsChosen)
    assert chosen.platforms == ("about-you", "zalando")
    assert office.said(StepDone) == []
    await fill(office, f"{OF_BRAND}/marken-und-vertrieb", answers=BRAND_FORM)
    await accept(office, f"{OF_BRAND}/marken-und-vertrieb")
    [done] = office.said(StepDone)
    assert (done.brands, done.step) == ((BRAND,), "releases")
    await office.deliver_own()
    assert len(office.said(StepDone)) == 1


async def test_the_choice_of_platforms_counts_also_when_it_is_accepted_last(
    office: Office,
) -> None:
    """ON-4, ON-16"""
    await fill(office, f"{OF_BRAND}/marken-und-vertrieb", answers=BRAND_FORM)
    await accept(office, f"{OF_BRAND}/marken-und-vertrieb")
    await fill(office, f"{OF_BRAND}/plattformauswahl", answers=PLATFORMS)
    await accept(office, f"{OF_BRAND}/plattformauswahl")
    assert [one.platforms for one in office.said(PlatformsChosen)] == [("about-you", "zalando")]
    assert [one.step for one in office.said(StepDone)] == ["releases"]


async def test_going_live_on_amazon_is_one_question(office: Office) -> None:
    """ON-20: whoever chooses it says whether the brand is registered there, and nobody else."""
    path = f"{OF_BRAND}/plattformauswahl/submission"
    chosen = {"plattformen": ["amazon", "otto"]}
    for answers in (
        chosen,
        {**chosen, "amazon_geplant": False},
        {"plattformen": ["otto"], "amazon_registriert": True},
    ):
        answer = await office.ask("kim", "PUT", path, {"revision": 0, "answers": answers})
        assert (answer.status_code, answer.json()["code"]) == (422, "answers-invalid")
    await fill(
        office, f"{OF_BRAND}/plattformauswahl", answers={**chosen, "amazon_registriert": False}
    )


async def test_platforms_go_by_ids_whatever_their_labels_are(office: Office) -> None:
    """ON-15, ON-20, Q33"""
    labels = ["Peek & Cloppenburg", "bol.com", "Amazon EU"]
    question = {
        "name": "plattformen",
        "label": "Plattformen",
        "kind": "choices",
        "required": True,
        "choices": labels,
        "choice_ids": ["peek-cloppenburg", "bol", "amazon"],
    }
    body: Any = {"title": "Plattformauswahl", "fields": [question]}
    assert (await office.ask("carla", "PUT", "/forms/plattformauswahl", body)).status_code == 200
    await fill(office, f"{OF_BRAND}/plattformauswahl", answers={"plattformen": labels})
    await accept(office, f"{OF_BRAND}/plattformauswahl")
    [chosen] = office.said(PlatformsChosen)
    assert chosen.platforms == ("amazon", "bol", "peek-cloppenburg")
    shown = (await office.ask("kim", "GET", f"{OF_BRAND}/plattformauswahl")).json()
    assert shown["answers"] == {"plattformen": ["peek-cloppenburg", "bol", "amazon"]}


async def test_a_form_of_the_partner_finishes_its_step_for_all_his_brands(office: Office) -> None:
    """ON-14, Q15"""
    await fill(office, f"{OWN}/ansprechpartner", tables=CONTACTS)
    await accept(office, f"{OWN}/ansprechpartner")
    done = office.said(StepDone)[0]
    assert (done.brands, done.step) == ((BRAND,), "contacts")


async def test_two_forms_accepted_at_one_moment_finish_their_step_all_the_same(
    office: Office,
) -> None:
    """Each was accepted by a process that had not seen the other."""
    for form in ("marken-und-vertrieb", "plattformauswahl"):
        stream = Stream(f"form/{PARTNER}/{form}/{BRAND}", PARTNER)
        nothing = ((), (), ())
        submitted = FormSubmitted(PARTNER, BRAND, form, 1, *nothing, "partner", NOON)
        await say(office, stream, submitted, FormAccepted(PARTNER, BRAND, form, NOON))
    assert office.said(StepDone) == []
    await office.deliver_own()
    assert [one.step for one in office.said(StepDone)] == ["releases"]


async def test_forms_of_the_sales_phase_are_carried_over_by_central(office: Office) -> None:
    """ON-17"""
    for form, answers in (("plattformauswahl", PLATFORMS), ("marken-und-vertrieb", BRAND_FORM)):
        path = f"{OF_BRAND}/{form}"
        body: Any = {"revision": 0, "answers": answers}
        assert (await office.ask("kim", "PUT", f"{path}/carry-over", body)).status_code == 403
        carried = await fill(office, path, "carry-over", who="carla", answers=answers)
        assert carried == {"revision": 2}
        shown = (await office.ask("kim", "GET", path)).json()
        assert (shown["status"], shown["source"]) == ("accepted", "sales")
    assert [one.step for one in office.said(StepDone)] == ["releases"]
    body = {"revision": 0}
    others = await office.ask("carla", "PUT", f"{OF_BRAND}/lagerbestand/carry-over", body)
    assert (others.status_code, others.json()["code"]) == (409, "form-not-of-sales")


async def test_a_form_that_is_sent_back_tells_the_contact_why(office: Office) -> None:
    await fill(office, f"{OWN}/ansprechpartner", tables=CONTACTS)
    body = {"revision": 1, "reason": "Bitte auch die Buchhaltung."}
    path = f"{OWN}/ansprechpartner/return"
    assert (await office.ask("kim", "POST", path, body)).status_code == 403
    assert (await office.ask("carla", "POST", path, body)).status_code == 204
    [event] = office.said(FormSentBack)
    assert event.title == "Kontaktübersicht"
    assert event.contact == replace(CONTACT, link=LINK)
    shown = (await office.ask("kim", "GET", f"{OWN}/ansprechpartner")).json()
    assert (shown["status"], shown["reason"]) == ("sent-back", body["reason"])


async def test_a_filled_form_keeps_its_version(office: Office) -> None:
    await fill(office, f"{OWN}/ansprechpartner", "draft", tables=CONTACTS)
    name = {"name": "name", "label": "Name", "kind": "text", "personal": True, "required": True}
    table = {"name": "personen", "label": "Personen", "columns": [name]}
    new = {"title": "Ihre Kontakte", "tables": [table]}
    assert (await office.ask("kim", "PUT", "/forms/ansprechpartner", new)).status_code == 403
    assert (await office.ask("carla", "PUT", "/forms/ansprechpartner", new)).json()["version"] == 2
    assert (await office.ask("carla", "PUT", "/forms/ansprechpartner", new)).json()["version"] == 2
    assert len(office.said(FormDefined)) == 1
    old = (await office.ask("kim", "GET", f"{OWN}/ansprechpartner")).json()
    assert (old["definition"]["version"], old["newest"]) == (1, 2)
    fresh = (await office.ask("olga", "GET", "/partners/other/forms/ansprechpartner")).json()
    assert fresh["definition"]["version"] == 2
    await fill(office, f"{OWN}/ansprechpartner", "draft", revision=1, tables=CONTACTS)
    rows = {"personen": [{"row": "r1", "answers": {"name": "Kim Kai"}}]}
    await fill(office, f"{OWN}/ansprechpartner", revision=2, version=2, tables=rows)
    mixed = {"revision": 3, "version": 7, "tables": rows}
    refused = await office.ask("kim", "PUT", f"{OWN}/ansprechpartner/submission", mixed)
    assert (refused.status_code, refused.json()["code"]) == (422, "version-unknown")
    listed = (await office.ask("carla", "GET", "/forms")).json()
    assert [one["version"] for one in listed] == [2, 3, 2, 1, 2, 1]


async def test_the_overview_shows_all_forms_open_ones_included(office: Office) -> None:
    """ON-13"""
    await fill(office, f"{OWN}/ansprechpartner", tables=CONTACTS)
    await accept(office, f"{OWN}/ansprechpartner")
    await fill(office, f"{OF_BRAND}/lagerbestand", "draft", answers={"bestand": 5})
    page = (await office.ask("kim", "GET", OWN)).json()
    own, brand = page["items"]
    assert [(one["form"], one["status"]) for one in own["forms"]] == [
        ("ansprechpartner", "accepted"),
        ("kundenservice", "open"),
    ]
    assert (own["accepted"], brand["brand_name"]) == (1, "Nordkap")
    assert [(one["form"], one["status"]) for one in brand["forms"]] == [
        ("marken-und-vertrieb", "open"),
        ("plattformauswahl", "open"),
        ("produkttypen", "open"),
        ("lagerbestand", "draft"),
    ]
    file = (await office.ask("kim", "GET", f"{OWN}.csv")).text
    assert "Nordkap" in file
    assert "angenommen" in file
    assert "Theirs" not in file


async def test_status_and_revision_of_the_overview_are_those_of_the_form(office: Office) -> None:
    path = f"{OWN}/ansprechpartner"
    await fill(office, path, "draft", tables=CONTACTS)
    await fill(office, path, revision=1, tables=CONTACTS)
    await accept(office, path, 2)
    back = {"revision": 3, "reason": "Ein Kontakt fehlt."}
    assert (await office.ask("carla", "POST", f"{path}/return", back)).status_code == 204
    form = (await office.ask("kim", "GET", path)).json()
    view = await office.views(FORM_LISTS).get(f"{PARTNER}/-")
    assert view is not None
    line = view.forms[0]
    assert (line.status, line.revision, line.reason) == ("sent-back", 4, back["reason"])
    assert (form["status"], form["revision"], form["reason"]) == (
        line.status,
        line.revision,
        line.reason,
    )


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("kim", f"{OWN}/lagerbestand", 404),
        ("kim", f"{OF_BRAND}/ansprechpartner", 404),
        ("kim", f"{OWN}/wunschzettel", 404),
        ("kim", f"/partners/{PARTNER}/brands/theirs/forms/lagerbestand", 404),
        ("kim", "/partners/other/forms/ansprechpartner", 403),
        ("olga", f"{OF_BRAND}/lagerbestand", 403),
        ("carla", "/partners/nobody/forms/ansprechpartner", 404),
    ],
)
async def test_forms_of_others_and_of_nobody_are_refused(
    office: Office, who: str, path: str, status: int
) -> None:
    """X-16"""
    before = len(office.store.commits)
    assert (await office.ask(who, "GET", path)).status_code == status
    draft = await office.ask(who, "PUT", f"{path}/draft", {"revision": 0})
    assert draft.status_code == status
    assert len(office.store.commits) == before


async def test_nothing_moves_while_the_onboarding_rests(office: Office) -> None:
    await fill(office, f"{OWN}/ansprechpartner", tables=CONTACTS)
    stream = partner_history(PARTNER).stream
    await say(office, stream, OnboardingPaused(PARTNER, (BRAND,), "Urlaub", NOON))
    body: Any = {"revision": 1, "tables": CONTACTS}
    filled = await office.ask("kim", "PUT", f"{OWN}/ansprechpartner/submission", body)
    accepted = await office.ask(
        "carla", "POST", f"{OWN}/ansprechpartner/acceptance", {"revision": 1}
    )
    for answer in (filled, accepted):
        assert (answer.status_code, answer.json()["code"]) == (409, "onboarding-paused")
    assert (await office.ask("kim", "GET", f"{OWN}/ansprechpartner")).json()["revision"] == 1


async def test_a_row_of_an_erased_person_is_refused_and_shown_as_erased(office: Office) -> None:
    """X-15"""
    await fill(office, f"{OWN}/ansprechpartner", tables=CONTACTS)
    [event] = office.said(FormSubmitted)
    person = person_of(PARTNER, event.personal[0].contact_id)
    persons: Any = office.people._persons
    persons.by_id[person] = type(persons.by_id[person])(None)
    office.people.evict(person)
    form = (await office.ask("kim", "GET", f"{OWN}/ansprechpartner")).json()
    [row] = form["tables"]["ansprechpartner"]
    assert row["answers"]["name"] == "gelöscht"
    body = {"revision": 1, "tables": CONTACTS}
    again = await office.ask("kim", "PUT", f"{OWN}/ansprechpartner/submission", body)
    assert again.status_code == 422
    assert again.json()["errors"][0]["where"] == "tables.ansprechpartner.r1"


async def test_without_keys_nothing_is_written(office: Office) -> None:
    """N-8"""
    assert isinstance(office.people.master, InMemoryMaster)
    office.people.master.away = True
    body = {"revision": 0, "tables": CONTACTS}
    answer = await office.ask("kim", "PUT", f"{OWN}/ansprechpartner/submission", body)
    assert answer.status_code == 503
    assert office.said(FormSubmitted) == []


async def test_everything_that_is_wrong_is_told_at_once(office: Office) -> None:
    """X-7, X-10"""
    rows = [{"row": "r1", "answers": {"abteilung": "Keine", "email": "kim"}}]
    body = {"revision": 0, "answers": {"frage": 1}, "tables": {"ansprechpartner": rows}}
    answer = await office.ask("kim", "PUT", f"{OWN}/ansprechpartner/submission", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "answers-invalid")
    assert {one["where"] for one in answer.json()["errors"]} == {
        "answers.frage",
        "tables.ansprechpartner.r1.abteilung",
        "tables.ansprechpartner.r1.name",
        "tables.ansprechpartner.r1.email",
    }


@pytest.mark.parametrize(
    "body",
    [
        {"revision": -1},
        {"revision": "0"},
        {"revision": 0, "answers": {"marke": "x" * 5_001}},
        {"revision": 0, "answers": {"marke": {"$gt": ""}}},
        {"revision": 0, "answers": {"$where": "1"}},
        {"revision": 0, "answers": []},
        {"revision": 0, "tables": {"a": [{"row": "../x", "answers": {}}]}},
        {"revision": 0, "tables": {"a": [{"row": "r1", "answers": {}, "extra": 1}]}},
        {"revision": 0, "tables": {"a": [{"row": "r1", "answers": {}}] * 301}},
        {"revision": 0, "answers": {"a" * number: "" for number in range(1, 100)}},
        {"revision": 0, "source": "sales"},
    ],
)
async def test_what_is_no_form_is_refused(office: Office, body: Any) -> None:
    """X-10"""
    answer = await office.ask("kim", "PUT", f"{OF_BRAND}/marken-und-vertrieb/draft", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert office.said(DraftSaved) == []


async def test_ten_megabytes_are_too_large(office: Office) -> None:
    body = {"revision": 0, "answers": {"marke": "x" * 10_000_000}}
    answer = await office.ask("kim", "PUT", f"{OF_BRAND}/marken-und-vertrieb/draft", body)
    assert answer.status_code == 413


async def test_the_longest_form_fits_into_one_event(office: Office) -> None:
    text = "\U0001f600" * 200
    kim = {**KIM, "name": text, "position": text[:100], "anmerkung": text}
    rows = [{"row": f"r{number}", "answers": kim} for number in range(100)]
    await fill(office, f"{OWN}/ansprechpartner", tables={"ansprechpartner": rows})
