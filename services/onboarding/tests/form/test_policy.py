"""N-11: whose turn it is with the forms of a step, told by what becomes of the forms."""

from typing import Any

import pytest
from onboarding_tests.office import Office
from onboarding_tests.samples import BRAND, PARTNER
from onboarding_tests.story import later, welcome

from onboarding.brand.policy import remind
from zugabe_events.contracts.onboarding import PartnerReminded, StepTurned
from zugabe_events.domain.event import Context

AT = f"/partners/{PARTNER}"
OF_BRAND = f"{AT}/brands/{BRAND}/forms"
CONTACTS = {
    "ansprechpartner": [
        {"row": "r1", "answers": {"abteilung": "IT", "name": "Lou", "email": "lou@example.org"}}
    ]
}
TYPES = {"produkttypen": [{"row": "r1", "answers": {"produkttyp": "Hose"}}]}


async def says(office: Office, who: str, method: str, path: str, body: Any) -> Any:
    answer = await office.ask(who, method, path, body)
    assert answer.is_success, answer.text
    later(office, 3_600)
    await office.deliver_own()
    return answer.json() if answer.content else None


async def owners(office: Office) -> dict[str, str]:
    """Of what is missing, as the partner sees it."""
    shown = (await office.ask("kim", "GET", f"{AT}/brands/{BRAND}")).json()
    return {one["requirement"]: one["owner"] for one in shown["missing"]}


def turned(office: Office) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(one.step, one.turn, one.brands) for one in office.said(StepTurned)]


@pytest.fixture
async def office() -> Office:
    office = Office()
    await welcome(office)
    return office


async def test_what_waits_for_customer_success_is_not_owed_by_the_partner(office: Office) -> None:
    form, body = f"{OF_BRAND}/produkttypen", {"revision": 0, "tables": TYPES}
    seen = await says(office, "kim", "PUT", f"{form}/submission", body)
    assert (await owners(office))["form:data-models"] == "central"
    back = {**seen, "reason": "Welche Hosen?"}
    await says(office, "carla", "POST", f"{form}/return", back)
    assert (await owners(office))["form:data-models"] == "partner"
    assert turned(office) == [
        ("data-models", "central", (BRAND,)),
        ("data-models", "partner", (BRAND,)),
    ]


@pytest.mark.parametrize("place", [f"{AT}/forms/ansprechpartner", f"{OF_BRAND}/produkttypen"])
async def test_turns_that_are_heard_late_come_to_rest(office: Office, place: str) -> None:
    """Sent back before the service has heard that it was handed in."""
    tables = CONTACTS if "ansprechpartner" in place else TYPES
    body: dict[str, Any] = {"revision": 0, "tables": tables}
    seen = (await office.ask("kim", "PUT", f"{place}/submission", body)).json()
    back = {**seen, "reason": "Bitte noch einmal"}
    assert (await office.ask("carla", "POST", f"{place}/return", back)).is_success
    await office.deliver_own()
    assert "partner" in (await owners(office)).values()
    for turn in ("central", "partner", "central", "partner"):
        event = StepTurned(PARTNER, (BRAND,), "contacts", turn, office.now)
        await office.deliver(event, f"{turn}{place}", f"partner/{PARTNER}")
    await office.deliver_own()
    assert (await owners(office))["form:contacts"] == "partner"


async def test_of_a_step_with_two_forms_both_have_to_be_in(office: Office) -> None:
    """ON-16"""
    choice = {"plattformen": ["otto"]}
    body = {"revision": 0, "answers": choice}
    await says(office, "kim", "PUT", f"{OF_BRAND}/plattformauswahl/submission", body)
    assert (await owners(office))["form:releases"] == "partner"
    assert turned(office) == []


async def test_a_form_of_all_brands_is_in_for_each_also_for_one_that_comes_later(
    office: Office,
) -> None:
    """ON-23, Q15"""
    body = {"revision": 0, "tables": CONTACTS}
    seen = await says(office, "kim", "PUT", f"{AT}/forms/ansprechpartner/submission", body)
    await says(office, "carla", "PUT", f"{AT}/brands/sund", {"name": "Sund"})
    for brand in (BRAND, "sund"):
        shown = (await office.ask("kim", "GET", f"{AT}/brands/{brand}")).json()
        owned = {one["requirement"]: one["owner"] for one in shown["missing"]}
        assert owned["form:contacts"] == "central", brand
    await says(office, "carla", "POST", f"{AT}/forms/ansprechpartner/acceptance", seen)
    assert "form:contacts" not in await owners(office)


@pytest.mark.parametrize("brand", ["", BRAND])
async def test_a_form_sent_back_after_acceptance_reopens_its_step(
    office: Office, brand: str
) -> None:
    """ON-14, Q14: the gate waits for it, until it is accepted again."""
    place = f"{OF_BRAND}/produkttypen" if brand else f"{AT}/forms/ansprechpartner"
    step = "form:data-models" if brand else "form:contacts"
    tables = TYPES if brand else CONTACTS
    body: dict[str, Any] = {"revision": 0, "tables": tables}
    seen = await says(office, "kim", "PUT", f"{place}/submission", body)
    await says(office, "carla", "POST", f"{place}/acceptance", seen)
    assert step not in await owners(office)
    back = {"revision": 2, "reason": "Bitte noch einmal"}
    await says(office, "carla", "POST", f"{place}/return", back)
    assert (await owners(office))[step] == "partner"
    gate = await office.ask("carla", "POST", f"{AT}/brands/{BRAND}/phases/organisation/completion")
    assert step in [lacking["requirement"] for lacking in gate.json()["missing"]]
    again = {**body, "revision": 3}
    seen = await says(office, "kim", "PUT", f"{place}/submission", again)
    assert (await owners(office))[step] == "central"
    await says(office, "carla", "POST", f"{place}/acceptance", seen)
    assert step not in await owners(office)


async def test_nobody_is_reminded_of_a_form_that_he_has_handed_in(office: Office) -> None:
    body = {"revision": 0, "tables": CONTACTS}
    await says(office, "kim", "PUT", f"{AT}/forms/ansprechpartner/submission", body)
    context = Context("timers", "service", PARTNER, office.now, "correlation")
    await remind(office.store, f"{PARTNER}/{BRAND}/organisation", context)
    [reminded] = office.said(PartnerReminded)
    owed = {one.requirement for one in reminded.missing}
    assert "form:contacts" not in owed
    assert "form:releases" in owed


async def test_on_the_board_it_is_central_that_is_waited_for_when_all_is_in(office: Office) -> None:
    """N-11"""
    for requirement in ("form:data-models", "form:warehouse", "form:customer-service"):
        reason = {"reason": "Bekannt"}
        await says(office, "carla", "PUT", f"{AT}/brands/{BRAND}/waivers/{requirement}", reason)
    contacts = {"revision": 0, "tables": CONTACTS}
    await says(office, "kim", "PUT", f"{AT}/forms/ansprechpartner/submission", contacts)
    choice = {"plattformen": ["otto"]}
    sent = {"revision": 0, "answers": choice}
    await says(office, "carla", "PUT", f"{OF_BRAND}/plattformauswahl/carry-over", sent)
    [shown] = (await office.ask("carla", "GET", "/board")).json()["items"]
    assert shown["waits_for"] == "partner"
    since = office.now
    release = {
        "marke": "Nordkap",
        "markeninhaber": "Nordwind GmbH",
        "marke_eingetragen": False,
        "sortiment": "Jacken",
        "zielgruppen": ["Damen"],
        "preispositionierung": "Mitte",
        "vertriebskanaele": ["Noch keine"],
        "auf_plattformen": False,
    }
    body = {"revision": 0, "answers": release}
    await says(office, "kim", "PUT", f"{OF_BRAND}/marken-und-vertrieb/submission", body)
    [shown] = (await office.ask("carla", "GET", "/board")).json()["items"]
    assert (shown["waits_for"], shown["waiting_since"]) == ("central", since.isoformat()[:-6] + "Z")
