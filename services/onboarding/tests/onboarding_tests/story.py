"""The steps of central, a partner and the systems around in an onboarding, one by one."""

from datetime import timedelta
from typing import Any

import httpx

from onboarding.brand.decider import brand_history
from onboarding.brand.steps import FinishStep
from onboarding.partner.decider import partner_history
from onboarding_tests.office import Office
from onboarding_tests.samples import BRAND, PARTNER
from zugabe_events.contracts.onboarding import Step
from zugabe_events.domain.event import Context, derived_id
from zugabe_events.encryption.key_store import StoredKey
from zugabe_events.eventstore.command_handler import handle

NEW_PARTNER = {
    "name": "Nordwind GmbH",
    "contact": {"contact_id": "kim", "name": "Kim Kranich", "email": "kim@example.org"},
}
MANAGER = {"manager_id": "maxi", "name": "Maxi Meise", "email": "maxi@example.org"}
WAREHOUSE = {"name": "Hamburg", "address": "Kai 1, Hamburg", "conditions": "Werktags bis 14 Uhr"}
ARTICLES = [{"article": "0017", "product_type": "hose"}]


def later(office: Office, seconds: float) -> None:
    office.now += timedelta(seconds=seconds)


def context(office: Office, partner: str = PARTNER) -> Context:
    return Context("test", "central", partner, office.now, "correlation")


async def does(
    office: Office, who: str, said: str, body: Any = None, brand: str = BRAND
) -> httpx.Response:
    """`said` such as `PUT /manager`, or `PUT ./warehouse` for the brand's."""
    method, _, path = said.partition(" ")
    if path.startswith("./"):
        path = f"/brands/{brand}{path[1:]}"
    answer = await office.ask(who, method, f"/partners/{PARTNER}{path}", body)
    assert answer.status_code == 204, answer.text
    await office.deliver_own()
    return answer


async def prepare(office: Office, partner: str = PARTNER) -> None:
    at = f"/partners/{partner}"
    for path, body in (
        (at, NEW_PARTNER),
        (f"{at}/manager", MANAGER),
        (f"{at}/brands/{BRAND}", {"name": "Nordkap"}),
    ):
        answer = await office.ask("carla", "PUT", path, body)
        assert answer.status_code == 204, answer.text


async def welcome(office: Office, partner: str = PARTNER) -> None:
    await prepare(office, partner)
    answer = await office.ask("carla", "POST", f"/partners/{partner}/welcome")
    assert answer.status_code == 204, answer.text
    await office.deliver_own()


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


async def choose_platforms(office: Office, *platforms: str) -> None:
    """By the two forms, as the partner filled them in during the sales phase (ON-16, ON-17)."""
    choice: dict[str, Any] = {"plattformen": platforms}
    if "amazon" in platforms:
        choice["amazon_registriert"] = False
    for form, answers in (("plattformauswahl", choice), ("marken-und-vertrieb", BRAND_FORM)):
        path = f"/partners/{PARTNER}/brands/{BRAND}/forms/{form}/carry-over"
        answer = await office.ask("carla", "PUT", path, {"revision": 0, "answers": answers})
        assert answer.status_code == 200, answer.text
    await office.deliver_own()


async def finish_for_all(office: Office, step: Step) -> None:
    """All forms of a step that the partner does once for all their brands are accepted."""
    command = FinishStep(step, office.now)
    attempt = derived_id("finish", step)
    await handle(office.store, partner_history(PARTNER), command, context(office), attempt=attempt)
    await office.deliver_own()


async def finish(office: Office, step: Step) -> None:
    """All forms of a brand's step are accepted."""
    command = FinishStep(step, office.now)
    history = brand_history(PARTNER, BRAND)
    attempt = derived_id("finish", BRAND, step)
    await handle(office.store, history, command, context(office), attempt=attempt)


def erase(office: Office, person: str) -> None:
    """Their key is gone."""
    office.persons.by_id[person] = StoredKey(None)
    office.people.evict(person)
