"""D10: of the two forms of the releases, the one that is missing is named."""

from typing import Any

import pytest
from onboarding_tests.office import Office
from onboarding_tests.samples import BRAND, PARTNER
from onboarding_tests.story import BRAND_FORM, welcome

from onboarding.mail.render import render
from zugabe_events.contracts.onboarding import PartnerReminded
from zugabe_events.domain.policy import ReceivedEvent

AT = f"/partners/{PARTNER}/brands/{BRAND}"
BOTH = "Plattformfreigaben: die beiden Formulare zur Marke"
CHOICE = "Plattformfreigaben: das Formular „Plattformauswahl“ zur Marke"
SALES = "Plattformfreigaben: das Formular „Marken- und Vertriebsinformationen“ zur Marke"


@pytest.fixture
async def office() -> Office:
    office = Office()
    await welcome(office)
    return office


async def accept(office: Office, form: str, answers: Any, revision: int = 0) -> None:
    path, body = f"{AT}/forms/{form}", {"revision": revision, "answers": answers}
    seen = await office.ask("kim", "PUT", f"{path}/submission", body)
    assert seen.status_code == 200, seen.text
    accepted = await office.ask("carla", "POST", f"{path}/acceptance", seen.json())
    assert accepted.status_code == 204
    await office.deliver_own()


async def named(office: Office) -> list[str]:
    shown = (await office.ask("kim", "GET", AT)).json()
    [gate] = [each for each in shown["missing"] if each["requirement"] == "form:releases"]
    board = (await office.ask("carla", "GET", "/board.csv")).text
    assert gate["detail"] in board
    refused = await office.ask("carla", "POST", f"{AT}/phases/organisation/completion")
    details = [each["detail"] for each in refused.json()["missing"]]
    assert gate["detail"] in details
    return [gate["detail"], gate["owner"]]


async def test_board_brand_gate_and_reminder_name_the_one_form(office: Office) -> None:
    assert await named(office) == [BOTH, "partner"]
    await accept(office, "marken-und-vertrieb", BRAND_FORM)
    assert await named(office) == [CHOICE, "partner"]
    assert (await office.ask("carla", "POST", f"{AT}/reminders")).status_code == 204
    [reminded] = office.said(PartnerReminded)
    mail = render(ReceivedEvent("1", reminded, "", office.now))
    assert mail is not None
    assert CHOICE in mail.text
    assert BOTH not in mail.text


async def test_a_form_sent_back_after_acceptance_is_missing_again(office: Office) -> None:
    await accept(office, "plattformauswahl", {"plattformen": ["otto"]})
    assert await named(office) == [SALES, "partner"]
    back = {"revision": 2, "reason": "Bitte noch einmal"}
    path = f"{AT}/forms/plattformauswahl/return"
    assert (await office.ask("carla", "POST", path, back)).status_code == 204
    await office.deliver_own()
    assert await named(office) == [BOTH, "partner"]


async def test_a_step_that_reopens_names_the_form_that_was_sent_back(office: Office) -> None:
    await accept(office, "plattformauswahl", {"plattformen": ["otto"]})
    await accept(office, "marken-und-vertrieb", BRAND_FORM)
    shown = (await office.ask("kim", "GET", AT)).json()
    assert "form:releases" not in [each["requirement"] for each in shown["missing"]]
    back = {"revision": 2, "reason": "Bitte noch einmal"}
    path = f"{AT}/forms/marken-und-vertrieb/return"
    assert (await office.ask("carla", "POST", path, back)).status_code == 204
    await office.deliver_own()
    assert await named(office) == [SALES, "partner"]
