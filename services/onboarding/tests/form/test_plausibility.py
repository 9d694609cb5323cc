"""Answers that are right by themselves, and cannot be meant (D18)."""

from datetime import date
from typing import Any

import pytest
from onboarding_tests.form_examples import STOCK
from onboarding_tests.office import Office
from onboarding_tests.samples import BRAND, PARTNER
from onboarding_tests.story import BRAND_FORM, welcome

from onboarding.form.answers import FormInput, checked
from onboarding.form.definition import mistakes_of
from onboarding.form.refusals import AnswersInvalidError
from zugabe_events.contracts.onboarding import FormColumn, FormDefined

AT = f"/partners/{PARTNER}/brands/{BRAND}/forms"
TODAY = date(2026, 5, 4)


def form(*columns: FormColumn) -> FormDefined:
    return FormDefined("kundenservice", 2, "customer-service", "Service", "", False, columns)


WEB = FormColumn("seite", "Seite", "text", web_address=True)


@pytest.mark.parametrize(
    "address",
    [
        "nordkap.de",
        "www.nordkap.de",
        "https://www.nordkap.de/ueber-uns?a=1#b",
        "HTTP://NORDKAP.DE:8080/",
        "müller-möbel.de",
        "shop.nordkap.co.uk",
    ],
)
def test_web_addresses_are_taken(address: str) -> None:
    """D18"""
    found = checked(form(WEB), FormInput({"seite": address}), complete=True)
    assert [answer.text for answer in found.said] == [address]


@pytest.mark.parametrize(
    "address",
    ["kein url", "nordkap", "keine", "-", "javascript:alert(1)", "ftp://nordkap.de", "a..de",
     "https://", "https://nordkap", "kim@nordkap.de", "nordkap.de und mehr", "1.2.3.4"],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(address: str) -> None:
    """D18"""
    with pytest.raises(AnswersInvalidError) as caught:
        checked(form(WEB), FormInput({"seite": address}), complete=False)
    assert caught.value.lists is not None


def wrong(office_answer: Any) -> dict[str, str]:
    assert office_answer.status_code == 422, office_answer.text
    return {each["where"]: each["detail"] for each in office_answer.json()["errors"]}


@pytest.fixture
async def office() -> Office:
    office = Office()
    await welcome(office)
    return office


async def test_a_website_that_is_none_and_a_falling_price_are_refused(office: Office) -> None:
    """D18"""
    path = f"{AT}/marken-und-vertrieb/submission"
    answers = {**BRAND_FORM, "webseite": "kein url", "preis_von": "100", "preis_bis": "5,50"}
    body = {"revision": 0, "answers": answers}
    assert wrong(await office.ask("kim", "PUT", path, body)) == {
        "answers.webseite": "Erwartet wird eine Webadresse wie www.ihre-marke.de.",
        "answers.preis_bis": "Diese Zahl ist kleiner als die zuvor genannte.",
    }
    body["answers"] = {**answers, "webseite": "www.nordkap.de", "preis_bis": "100"}
    assert (await office.ask("kim", "PUT", path, body)).status_code == 200


async def test_a_first_delivery_in_the_past_is_refused_when_it_is_handed_in(
    office: Office,
) -> None:
    """D18: a draft may still say so."""
    path = f"{AT}/lagerbestand"
    answers = {**STOCK["answers"], "erste_lieferung": "2020-01-31"}
    body = {**STOCK, "answers": answers}
    assert (await office.ask("kim", "PUT", f"{path}/draft", body)).status_code == 200
    body["revision"] = 1
    assert wrong(await office.ask("kim", "PUT", f"{path}/submission", body)) == {
        "answers.erste_lieferung": "Dieser Tag ist schon vorbei."
    }
    body["answers"] = {**answers, "erste_lieferung": "2026-05-04"}
    assert (await office.ask("kim", "PUT", f"{path}/submission", body)).status_code == 200


def test_days_are_compared_as_days() -> None:
    """D18"""
    first = FormColumn("von", "Von", "date")
    last = FormColumn("bis", "Bis", "date", at_least="von")
    asked = form(first, last)
    checked(asked, FormInput({"von": "2026-05-04", "bis": "2026-05-04"}), complete=True)
    checked(asked, FormInput({"bis": "2026-05-04"}), complete=True)
    with pytest.raises(AnswersInvalidError):
        checked(asked, FormInput({"von": "2026-05-04", "bis": "2026-05-03"}), complete=True)


@pytest.mark.parametrize(
    "column",
    [
        FormColumn("a", "A", "date", web_address=True),
        FormColumn("a", "A", "text", not_past=True),
        FormColumn("a", "A", "decimal", at_least="b"),
        FormColumn("a", "A", "text", at_least="seite"),
        FormColumn("a", "A", "decimal", at_least="tag"),
    ],
)
def test_definitions_compare_only_what_can_be_compared(column: FormColumn) -> None:
    """D18"""
    assert len(mistakes_of(form(WEB, FormColumn("tag", "Tag", "date"), column))) == 1
