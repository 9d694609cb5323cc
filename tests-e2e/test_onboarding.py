"""A partner's onboarding, from the welcome to the day on which a brand is live."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import date, datetime

import httpx
import pytest
from stories.onboarder import AHEAD, ARTICLES, BEHIND, Onboarder
from stories.read_models import MODELS, rebuild

from zugabe import mails
from zugabe.demo.nordwind import OF_PARTNER
from zugabe.supervisor import Stack
from zugabe_events.domain.calendar import BERLIN
from zugabe_testing.crawler import telling, walk
from zugabe_testing.eventually import eventually

MAILS_OF_ALL = [
    "Herzlich willkommen: Ihr Onboarding beginnt",
    "Nordkap ist live",
    "Nordkap: Die Contentphase beginnt",
    "Nordkap: Die Livesetzung beginnt",
    "Nordkap: Ihr Reporting und Ihre Datenlinks",
    "Nordkap: Lageradresse und Anlieferbedingungen",
]
REPORTING = {
    "reporting_url": "https://bi.example.org/nordkap",
    "data_links": ["https://bi.example.org/nordkap.csv"],
}


def today() -> str:
    day: date = datetime.now(BERLIN).date()
    return day.isoformat()


@pytest.fixture
async def partner(zugabe: Stack) -> AsyncGenerator[Onboarder]:
    async with httpx.AsyncClient(timeout=60) as http:
        yield Onboarder(zugabe, http)
    assert zugabe.failure is None


async def reads(partner: Onboarder) -> set[str]:
    """By which routes the contact reads where to deliver (ON-31)."""
    url = partner.stack.addresses["onboarding"]
    document = (await partner.http.get(f"{url}/openapi.json")).json()

    async def ask(path: str) -> tuple[int, bytes]:
        bearer = {"Authorization": f"Bearer {partner.kim.bearer}"}
        answer = await partner.http.get(url + path, headers=bearer)
        return answer.status_code, answer.content

    names = {
        "partner": partner.id,
        "brand": AHEAD,
        "document": "d1",
        "form": "lagerbestand",
        "item": "insights",
        "product_type": "regenjacke",
        "token": "onboarding.0.1.1",
        "letter": "l1",
        "contact": "kim",
        "warehouse": partner.warehouse,
    }
    return telling(await walk(document, ask, **names), partner.id + "\\n", "Europaletten")


async def test_a_brand_goes_live_with_all_that_it_takes(partner: Onboarder) -> None:
    """ON-1 to ON-10, ON-15, ON-20, ON-31, Q14, Q15; every mail once"""
    await partner.open()
    assert (await partner.jo.ask("GET", "onboarding", f"/partners/{partner.id}")).status == 404
    await partner.welcome()
    overview = await partner.see(partner.kim, "")
    assert overview["manager"]["name"] == "Maxi Meise"
    (await partner.other.ask("GET", "onboarding", f"/partners/{partner.id}")).refused(
        "forbidden", 403
    )

    refused = (await partner.guide("POST", f"/brands/{AHEAD}/phases/content/completion")).body
    assert refused["code"] == "phase-not-started"
    await partner.organise()
    await partner.write_content()
    assert await reads(partner) == set()
    shown = await partner.see(partner.kim, f"/brands/{AHEAD}/warehouse")
    assert (shown["name"], shown["address"]) == ("Lager Hamburg", None)

    await partner.complete("content")
    shown = await partner.see(partner.kim, f"/brands/{AHEAD}/warehouse")
    assert partner.id in shown["address"]
    assert await reads(partner) == {"GET /partners/{partner}/brands/{brand}/warehouse"}
    await partner.deliver(today())

    at = f"/brands/{AHEAD}/platforms"
    for platform in ("amazon", "otto", "zalando"):
        await partner.by(partner.central, "POST", f"{at}/{platform}/request")
    for platform in ("amazon", "otto"):
        await partner.by(partner.central, "POST", f"{at}/{platform}/grant")
    await partner.by(partner.central, "POST", f"{at}/zalando/refusal", {"reason": "Sortiment"})
    live = {"articles": ARTICLES}
    await partner.by(partner.central, "POST", f"{at}/otto/articles", live)
    (await partner.guide("POST", f"{at}/zalando/articles", live)).refused("release-missing")
    (await partner.guide("POST", f"{at}/amazon/articles", live)).refused("precondition-open")
    for precondition in ("brand-registration", "administrators"):
        await partner.by(partner.central, "PUT", f"{at}/amazon/preconditions/{precondition}")
    await partner.by(partner.central, "POST", f"{at}/amazon/articles", live)

    closed = (await partner.guide("POST", f"/brands/{AHEAD}/phases/live/completion")).body
    assert [one["requirement"] for one in closed["missing"]] == ["reporting"]
    await partner.by(partner.central, "PUT", f"/brands/{AHEAD}/reporting", REPORTING)
    await partner.complete("live")
    await partner.complete("live")

    overview = await partner.see(partner.kim, "")
    found = [(one["brand"], one["status"], one["phase"]) for one in overview["brands"]]
    assert found == [(AHEAD, "live", "live"), (BEHIND, "running", "organisation")]

    async def mailed() -> None:
        assert partner.subjects() == MAILS_OF_ALL

    await eventually(mailed)
    [told] = [text for text in partner.texts() if "Europaletten" in text]
    assert partner.id in told

    async def can_be_chosen() -> None:
        """CS-17"""
        answer = await partner.central.ask("GET", "catalog-shops", "/dealers/central/brands")
        assert AHEAD in [one["brand"] for one in answer.of(200)["items"]]

    await eventually(can_be_chosen)


async def test_two_people_submit_one_form_and_one_is_told(partner: Onboarder) -> None:
    """ON-23: the other loses nothing, and submits again over what they have seen."""
    await partner.open()
    await partner.welcome()
    form = "/forms/ansprechpartner"
    path = f"/partners/{partner.id}{form}/submission"
    body = {"revision": 0, **OF_PARTNER["ansprechpartner"]}
    tables = body["tables"]["ansprechpartner"]
    other = {"revision": 0, "tables": {"ansprechpartner": [{**tables[0], "row": "r2"}]}}
    answers = await asyncio.gather(
        partner.kim.ask("PUT", "onboarding", path, body),
        partner.jo.ask("PUT", "onboarding", path, other),
    )
    assert sorted(one.status for one in answers) == [200, 409]
    [late] = [one for one in answers if one.status == 409]
    assert late.refused("form-changed")
    shown = await partner.see(partner.jo, form)
    again = {**other, "revision": shown["revision"]}
    await partner.by(partner.jo, "PUT", f"{form}/submission", again)


async def test_a_form_that_is_sent_back_says_why_by_mail(partner: Onboarder) -> None:
    await partner.open()
    await partner.welcome()
    form, body = "/forms/kundenservice", {"revision": 0, **OF_PARTNER["kundenservice"]}
    seen = await partner.by(partner.kim, "PUT", f"{form}/submission", body)
    reason = {"revision": seen["revision"], "reason": "Bitte eine <Rufnummer> ergänzen"}
    await partner.by(partner.central, "POST", f"{form}/return", reason)

    async def mailed() -> None:
        found = mails.to(partner.mail_of("kim"), partner.stack.addresses["mails"])
        assert len(found) == 2
        [mail] = [one for one in found if str(one["Subject"]).startswith("Bitte noch einmal")]
        assert reason["reason"] in mails.text(mail)
        page = mail.get_body(("html",))
        assert page is not None
        assert "&lt;Rufnummer&gt;" in page.get_content()
        assert "Kim Kranich" in page.get_content()

    await eventually(mailed)


async def test_a_new_link_takes_the_place_of_the_one_before(partner: Onboarder) -> None:
    """X-16"""
    await partner.open()
    await partner.welcome()
    former, before = partner.kim, await partner.link()
    await partner.by(partner.central, "POST", "/link", {})

    async def outdated() -> None:
        answer = await former.ask("GET", "onboarding", f"/partners/{partner.id}")
        assert answer.status == 401, answer.body

    await eventually(outdated)

    async def arrived() -> str:
        link = await partner.link()
        assert link != before
        return link

    partner.kim = partner.person("kim", await partner.session(await eventually(arrived)))
    assert (await partner.see(partner.kim, ""))["status"] == "running"


async def test_the_board_and_lead_times_tell_of_what_is_over(partner: Onboarder) -> None:
    """N-11, X-18"""
    await partner.open()
    await partner.welcome()
    await partner.organise()
    central = partner.central
    found = (await central.ask("GET", "onboarding", "/board", partner=partner.id)).of(200)["items"]
    assert [(one["brand"], one["phase"], one["waits_for"]) for one in found] == [
        (AHEAD, "content", "partner"),
        (BEHIND, "organisation", "partner"),
    ]
    assert all(one["forecast"] >= today() for one in found)
    [organisation, *_] = (await central.ask("GET", "onboarding", "/lead-times")).of(200)["phases"]
    assert organisation["finished"] >= 1


async def test_read_models_built_anew_are_equal_and_send_no_mail(
    zugabe: Stack, partner: Onboarder
) -> None:
    """N-7, N-9: over all that happened so far."""
    await partner.open()
    await partner.welcome()
    await partner.organise()

    async def mailed() -> None:
        assert len(partner.subjects()) == 2

    await eventually(mailed)
    before = len(mails.to("@", zugabe.addresses["mails"]))
    await rebuild(zugabe, "onboarding", MODELS["onboarding"])
    await partner.write_content()
    shown = await partner.see(partner.kim, f"/brands/{AHEAD}")
    assert shown["articles_with_text"] == len(ARTICLES)
    assert len(mails.to("@", zugabe.addresses["mails"])) == before
    assert len(partner.subjects()) == 2
