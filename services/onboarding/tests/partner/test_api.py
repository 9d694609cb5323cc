"""Central prepares, welcomes and guides a partner over HTTP."""

from datetime import timedelta
from typing import Any

import pytest
from onboarding_tests.office import Office
from onboarding_tests.samples import BRAND, NOON, PARTNER
from onboarding_tests.story import NEW_PARTNER, erase, finish_for_all, prepare, welcome

from zugabe_events.contracts.onboarding import (
    BrandAdded,
    BrandOpened,
    LinkSent,
    ManagerAssigned,
    OnboardingOpened,
    PartnerWelcomed,
    PhaseStarted,
    StepDone,
)
from zugabe_events.encryption.sealed_text import is_sealed
from zugabe_testing.callers import problem_code

AT = f"/partners/{PARTNER}"


async def test_an_onboarding_is_prepared_and_welcomed(office: Office) -> None:
    """ON-2, ON-12"""
    await prepare(office)
    assert office.said(PhaseStarted) == []
    assert (await office.ask("carla", "POST", f"{AT}/welcome")).status_code == 204
    [welcomed] = office.said(PartnerWelcomed)
    assert (welcomed.brands, welcomed.manager.manager_id) == ((BRAND,), "maxi")
    await office.deliver_own()
    [started] = office.said(PhaseStarted)
    assert (started.brand, started.phase, started.started_at) == (BRAND, "organisation", NOON)
    assert started.remind_at == NOON + timedelta(days=14)


async def test_whoever_is_named_is_sealed(office: Office) -> None:
    """N-8"""
    await welcome(office)
    [opened], [welcomed] = office.said(OnboardingOpened), office.said(PartnerWelcomed)
    [assigned], [brand] = office.said(ManagerAssigned), office.said(BrandOpened)
    people = (opened.contact, welcomed.contact, assigned.manager, brand.contact)
    texts = [text for one in people for text in (one.name, one.email)]
    assert all(text and is_sealed(text) for text in [*texts, welcomed.link])
    read = await office.people.open(texts)
    assert read[opened.contact.email] == "kim@example.org"


async def test_nothing_happens_twice(office: Office) -> None:
    """X-12"""
    await welcome(office)
    before = len(office.store.commits)
    await welcome(office)
    for key in ("a", "a"):
        answer = await office.ask("carla", "POST", f"{AT}/link", {}, **{"Idempotency-Key": key})
        assert answer.status_code == 204
    assert len(office.store.commits) == before + 1
    assert len(office.said(LinkSent)) == 1


async def test_an_answer_carries_a_token(office: Office) -> None:
    answer = await office.ask("carla", "PUT", AT, NEW_PARTNER)
    assert answer.headers["Zugabe-Token"]


async def test_a_partner_in_other_words_is_another_one(office: Office) -> None:
    await prepare(office)
    other = {**NEW_PARTNER, "name": "Südwind GmbH"}
    answer = await office.ask("carla", "PUT", AT, other)
    assert problem_code(answer, 409) == "partner-exists"


async def test_a_brand_of_a_welcomed_partner_starts_at_once(office: Office) -> None:
    """Q15: with the partner's own steps done."""
    await welcome(office)
    await finish_for_all(office, "contacts")
    answer = await office.ask("carla", "PUT", f"{AT}/brands/fjord", {"name": "Fjord"})
    assert answer.status_code == 204
    [_, added] = office.said(BrandAdded)
    [_, opened], [_, started] = office.said(BrandOpened), office.said(PhaseStarted)
    assert (added.brand, opened.brand, started.brand) == ("fjord", "fjord", "fjord")
    assert opened.steps == ("contacts",)
    assert started.phase == "organisation"


async def test_a_step_of_the_partner_reaches_all_his_brands_once(office: Office) -> None:
    """ON-14"""
    await prepare(office)
    await office.ask("carla", "PUT", f"{AT}/brands/fjord", {"name": "Fjord"})
    await office.ask("carla", "POST", f"{AT}/welcome")
    await finish_for_all(office, "customer-service")
    done = [one.brands for one in office.said(StepDone)]
    assert done == [(BRAND, "fjord"), (BRAND,), ("fjord",)]


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("PUT /manager", {"manager_id": "m", "name": "M", "email": "m@x.de"}, "partner-not-found"),
        ("PUT /brands/fjord", {"name": "Fjord"}, "partner-not-found"),
        ("POST /welcome", None, "partner-not-found"),
        ("POST /link", {}, "partner-not-found"),
        ("POST /pause", {"reason": "x"}, "partner-not-found"),
        ("POST /resumption", None, "partner-not-found"),
        ("POST /closure", {"reason": "x"}, "partner-not-found"),
    ],
)
async def test_an_unknown_partner_is_not_found(
    office: Office, path: str, body: dict[str, str] | None, code: str
) -> None:
    method, _, rest = path.partition(" ")
    assert problem_code(await office.ask("carla", method, f"{AT}{rest}", body), 404) == code


async def test_a_manager_is_needed_before_the_welcome(office: Office) -> None:
    """ON-12"""
    await office.ask("carla", "PUT", AT, NEW_PARTNER)
    await office.ask("carla", "PUT", f"{AT}/brands/{BRAND}", {"name": "Nordkap"})
    assert (
        problem_code(await office.ask("carla", "POST", f"{AT}/welcome"), 409) == "manager-missing"
    )


async def test_a_paused_onboarding_refuses_work_on_its_brands(office: Office) -> None:
    await welcome(office)
    await office.ask("carla", "POST", f"{AT}/pause", {"reason": "Umbau"})
    work = ("kim", "PUT", f"{AT}/brands/{BRAND}/product-types", {"product_types": ["Hose"]})
    assert problem_code(await office.ask(*work), 409) == "onboarding-paused"
    await office.ask("carla", "POST", f"{AT}/resumption")
    assert (await office.ask(*work)).status_code == 200
    await office.ask("carla", "POST", f"{AT}/closure", {"reason": "Abgesagt"})
    assert problem_code(await office.ask(*work), 409) == "onboarding-closed"


async def test_a_prepared_onboarding_refuses_work_on_its_brands(office: Office) -> None:
    """ON-2"""
    await prepare(office)
    work = ("carla", "PUT", f"{AT}/brands/{BRAND}/product-types", {"product_types": ["Hose"]})
    assert problem_code(await office.ask(*work), 409) == "partner-not-welcomed"


async def test_somebody_erased_is_not_taken_in_again(office: Office) -> None:
    """X-15"""
    await prepare(office)
    erase(office, f"{PARTNER}/kim")
    assert problem_code(await office.ask("carla", "POST", f"{AT}/welcome"), 409) == "person-erased"


async def test_a_brand_that_comes_after_the_welcome_is_told_of(office: Office) -> None:
    """ON-18, Q15: the welcome has told of the others."""
    await welcome(office)
    answer = await office.ask("carla", "PUT", f"{AT}/brands/sund", {"name": "Sund"})
    assert answer.status_code == 204, answer.text
    found = [(one.brand, one.after_welcome) for one in office.said(BrandOpened)]
    assert found == [(BRAND, False), ("sund", True)]


async def test_before_the_welcome_a_partner_sees_and_fills_in_nothing(office: Office) -> None:
    """ON-2: only central, which may take over what sales know already (ON-17)."""
    await prepare(office)
    brand = f"{AT}/brands/{BRAND}"
    draft: Any = {"revision": 0}
    for method, path, body in (
        ("GET", AT, None),
        ("GET", brand, None),
        ("GET", f"{AT}/forms", None),
        ("GET", f"{AT}/forms.csv", None),
        ("GET", f"{AT}/forms/ansprechpartner", None),
        ("PUT", f"{AT}/forms/ansprechpartner/draft", draft),
        ("PUT", f"{AT}/forms/ansprechpartner/submission", draft),
        ("PUT", f"{brand}/forms/lagerbestand/draft", draft),
        ("GET", f"{AT}/documents", None),
        ("GET", f"{AT}/documents/d1", None),
        ("DELETE", f"{AT}/documents/d1", None),
    ):
        answer = await office.ask("kim", method, path, body)
        assert answer.status_code == 404, path
        assert answer.json()["code"] in ("partner-not-found", "brand-not-found"), path
    shown = (await office.ask("kim", "GET", f"{AT}/material")).json()
    assert shown == {"items": [], "amazon": None, "files": []}
    choice = {"revision": 0, "answers": {"plattformen": ["otto"]}}
    path = f"{brand}/forms/plattformauswahl/carry-over"
    assert (await office.ask("carla", "PUT", path, choice)).status_code == 200
    await office.ask("carla", "POST", f"{AT}/welcome")
    assert (await office.ask("kim", "GET", f"{AT}/forms")).status_code == 200
