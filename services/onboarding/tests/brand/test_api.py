"""A brand from the welcome to the last gate over HTTP, and what is refused on the way."""

import asyncio
from typing import Any

import pytest
from onboarding_tests.form_examples import STOCK
from onboarding_tests.office import Office
from onboarding_tests.samples import BRAND, NOON, PARTNER, STEPS
from onboarding_tests.story import (
    ARTICLES,
    WAREHOUSE,
    choose_platforms,
    context,
    does,
    finish,
    welcome,
)

from onboarding.brand.data_models import NeededProductType, NeedProductTypes
from onboarding.brand.decider import brand_history
from zugabe_events.contracts.onboarding import (
    BrandWentLive,
    DeliveryDisclosed,
    PhaseCompleted,
    PhaseStarted,
    PlatformsChosen,
    ReleaseRequested,
    ReleaseWithdrawn,
    WaiverGranted,
)
from zugabe_events.domain.event import derived_id
from zugabe_events.eventstore.command_handler import handle
from zugabe_testing.callers import problem_code

AT = f"/partners/{PARTNER}/brands/{BRAND}"
DONE = "POST ./phases/{}/completion"
PIECES = {"pieces": 40}
REPORTING = {"reporting_url": "https://r.example.org", "data_links": ["https://d.example.org"]}


async def organise(office: Office) -> None:
    """All that the first phase needs."""
    await welcome(office)
    for step in STEPS:
        await finish(office, step)
    answer = await office.ask("carla", "PUT", "/warehouses/hamburg", WAREHOUSE)
    assert answer.status_code == 200
    await does(office, "carla", "PUT ./warehouse", {"warehouse": "hamburg"})
    need = NeedProductTypes((NeededProductType("hose", "Hose", available=True),), office.now)
    history, attempt = brand_history(PARTNER, BRAND), derived_id("need")
    await handle(office.store, history, need, context(office), attempt=attempt)


async def into_logistics(office: Office) -> None:
    await organise(office)
    await does(office, "carla", DONE.format("organisation"))
    await does(office, "kim", "POST ./articles", {"articles": ARTICLES})
    await does(office, "pim", "POST ./content", {"texts": ["0017"], "images": ["0017"]})
    await does(office, "carla", DONE.format("content"))


async def into_live(office: Office) -> None:
    await into_logistics(office)
    await does(office, "kim", "PUT ./deliveries/l-1", {"expected_on": "2026-05-04", **PIECES})
    await does(office, "pim", "PUT ./goods-receipts/w-1", {"received_on": "2026-05-04", **PIECES})
    await does(office, "carla", DONE.format("logistics"))


async def test_a_brand_goes_live_phase_by_phase(office: Office) -> None:
    """ON-1, ON-5 to ON-11, ON-15"""
    await into_live(office)
    await choose_platforms(office, "otto", "zalando")
    for platform in ("otto", "zalando"):
        await does(office, "carla", f"POST ./platforms/{platform}/request")
    await does(office, "carla", "POST ./platforms/otto/grant")
    await does(office, "carla", "POST ./platforms/zalando/refusal", {"reason": "Passt nicht"})
    await does(office, "pim", "POST ./platforms/otto/articles", {"articles": ["0017"]})
    links = {"reporting_url": "https://r.example.org", "data_links": ["https://d.example.org"]}
    await does(office, "carla", "PUT ./reporting", links)
    shown = (await office.ask("kim", "GET", AT)).json()
    assert {name: shown[name] for name in links} == links, "at any time, without the mail"
    await does(office, "carla", DONE.format("live"))
    [live] = office.said(BrandWentLive)
    assert (live.platforms, live.articles, live.live_at) == (("otto",), 1, NOON)
    phases = [one.phase for one in office.said(PhaseCompleted)]
    assert phases == ["organisation", "content", "logistics", "live"]


async def test_platforms_come_from_the_accepted_form_only(office: Office) -> None:
    """ON-16: neither the partner nor central can set any without it; others have no release."""
    await organise(office)
    for who in ("kim", "carla"):
        answer = await office.ask(who, "PUT", f"{AT}/platforms", {"platforms": ["otto"]})
        assert answer.status_code == 404
    await choose_platforms(office, "otto")
    assert [chosen.platforms for chosen in office.said(PlatformsChosen)] == [("otto",)]
    answer = await office.ask("carla", "POST", f"{AT}/platforms/zalando/request")
    assert problem_code(answer, 409) == "platform-not-chosen"
    await does(office, "carla", "POST ./platforms/otto/request")


async def test_a_closed_gate_names_everything_and_changes_nothing(office: Office) -> None:
    """ON-14, Q14"""
    await welcome(office)
    before = len(office.store.commits)
    answer = await office.ask("carla", "POST", f"{AT}/phases/organisation/completion")
    assert problem_code(answer, 409) == "gate-closed"
    problem = answer.json()
    assert [one["requirement"] for one in problem["missing"]] == [
        *(f"form:{step}" for step in STEPS),
        "warehouse",
    ]
    assert {one["owner"] for one in problem["missing"]} == {"partner", "central"}
    assert len(office.store.commits) == before


async def test_completing_a_phase_twice_is_a_repeat(office: Office) -> None:
    """ON-1, X-12"""
    await organise(office)
    for key in ("a", "a", "b"):
        headers = {"Idempotency-Key": key}
        path = f"{AT}/phases/organisation/completion"
        answer = await office.ask("carla", "POST", path, None, **headers)
        assert answer.status_code == 204
    assert len(office.said(PhaseCompleted)) == 1
    assert len(office.said(PhaseStarted)) == 2


async def test_address_and_conditions_come_with_logistics(office: Office) -> None:
    """ON-31: as they are kept then."""
    await organise(office)
    new = {**WAREHOUSE, "address": "Kai 9, Hamburg"}
    await office.ask("carla", "PUT", "/warehouses/hamburg", new)
    assert office.said(DeliveryDisclosed) == []
    for phase in ("organisation", "content"):
        if phase == "content":
            await does(office, "kim", "POST ./articles", {"articles": ARTICLES})
            await does(office, "pim", "POST ./content", {"texts": ["0017"], "images": ["0017"]})
        assert office.said(DeliveryDisclosed) == []
        await does(office, "carla", DONE.format(phase))
    [disclosed] = office.said(DeliveryDisclosed)
    assert (disclosed.address, disclosed.conditions) == ("Kai 9, Hamburg", "Werktags bis 14 Uhr")


async def test_what_amazon_demands_is_remembered_with_the_request(office: Office) -> None:
    """ON-20"""
    await organise(office)
    await choose_platforms(office, "amazon")
    await does(office, "carla", "POST ./platforms/amazon/request")
    [requested] = office.said(ReleaseRequested)
    assert requested.preconditions == ("brand-registration", "administrators")
    await does(office, "carla", "PUT ./platforms/amazon/preconditions/administrators")
    path = f"{AT}/platforms/amazon/preconditions/x"
    assert problem_code(await office.ask("carla", "PUT", path), 404) == "precondition-unknown"


async def test_a_waiver_is_granted_with_a_reason(office: Office) -> None:
    await welcome(office)
    path = f"{AT}/waivers/form:contacts"
    assert problem_code(await office.ask("carla", "PUT", path, {}), 422) == "invalid"
    await does(office, "carla", "PUT ./waivers/form:contacts", {"reason": "Liegt vor"})
    [granted] = office.said(WaiverGranted)
    assert granted.reason == "Liegt vor"
    answer = await office.ask("carla", "PUT", f"{AT}/waivers/goods-receipt", {"reason": "x"})
    assert problem_code(answer, 409) == "not-waivable"


async def test_the_warehouse_is_chosen_by_the_planned_stock_and_shows_it(office: Office) -> None:
    """ON-4, ON-29, ON-30: quantities and dimensions, of the brand's own form."""
    await welcome(office)
    await office.ask("carla", "PUT", "/warehouses/hamburg", WAREHOUSE)
    choice = ("carla", "PUT", f"{AT}/warehouse", {"warehouse": "hamburg"})
    assert problem_code(await office.ask(*choice), 409) == "planned-stock-missing"
    form = f"{AT}/forms/lagerbestand/submission"
    draft = await office.ask("kim", "PUT", form, {**STOCK, "tables": {}})
    assert problem_code(draft, 422) == "answers-invalid"
    assert problem_code(await office.ask(*choice), 409) == "planned-stock-missing"
    assert (await office.ask("kim", "PUT", form, STOCK)).status_code == 200
    assert (await office.ask(*choice)).status_code == 204
    shown = (await office.ask("kim", "GET", f"{AT}/warehouse")).json()
    assert shown["planned"] == {
        "pieces": 40,
        "articles": 1,
        "groups": [
            {
                "product_group": "Jacken",
                "pieces": 40,
                "length_mm": 10,
                "width_mm": 10,
                "height_mm": 10,
                "weight_g": None,
            }
        ],
    }


async def test_a_warehouse_that_nobody_keeps_is_not_chosen(office: Office) -> None:
    """ON-4"""
    await welcome(office)
    answer = await office.ask("carla", "PUT", f"{AT}/warehouse", {"warehouse": "x"})
    assert problem_code(answer, 404) == "warehouse-unknown"


ALL = [
    ("POST ./platforms/otto/request", None),
    ("POST ./platforms/otto/grant", None),
    ("POST ./platforms/otto/refusal", {"reason": "x"}),
    ("POST ./platforms/otto/withdrawal", {"reason": "x"}),
    ("PUT ./platforms/amazon/preconditions/administrators", None),
    ("POST ./phases/content/completion", None),
    ("PUT ./waivers/reporting", {"reason": "x"}),
    ("PUT ./warehouse", {"warehouse": "hamburg"}),
    ("POST ./reminders", None),
    ("POST ./articles", {"articles": ARTICLES}),
    ("POST ./left-out-articles", {"articles": ["0017"], "reason": "x"}),
    ("POST ./content", {"texts": ["0017"]}),
    ("PUT ./deliveries/l-1", {"expected_on": "2026-05-04", **PIECES}),
    ("PUT ./goods-receipts/w-1", {"received_on": "2026-05-04", **PIECES}),
    ("POST ./platforms/otto/articles", {"articles": ["0017"]}),
    ("PUT ./reporting", REPORTING),
]


@pytest.mark.parametrize(("said", "body"), ALL)
async def test_a_brand_that_there_is_not_is_not_found(office: Office, said: str, body: Any) -> None:
    await welcome(office)
    await office.ask("carla", "PUT", "/warehouses/hamburg", WAREHOUSE)
    method, _, path = said.partition(" ")
    for partner, code in ((PARTNER, "brand-not-found"), ("nobody", "partner-not-found")):
        at = f"/partners/{partner}/brands/fjord{path[1:]}"
        answer = await office.ask("carla", method, at, body)
        if "content/completion" in path:
            code = "brand-not-found"
        assert problem_code(answer, 404) == code


OF_PARTNERS = {"./articles", "./deliveries/l-1"}
OF_SYSTEMS = {
    "./articles", "./content", "./goods-receipts/w-1", "./platforms/otto/articles"
}  # fmt: skip


@pytest.mark.parametrize(("said", "body"), ALL)
async def test_who_may_do_what(office: Office, said: str, body: Any) -> None:
    """X-16"""
    await welcome(office)
    method, _, path = said.partition(" ")

    async def forbidden(who: str) -> bool:
        answer = await office.ask(who, method, f"{AT}{path[1:]}", body)
        return answer.status_code == 403

    assert await forbidden("kim") == (path not in OF_PARTNERS)
    assert await forbidden("pim") == (path not in OF_SYSTEMS)
    assert await forbidden("olga")
    assert not await forbidden("carla")


async def test_a_gate_raced_by_many_opens_once(office: Office) -> None:
    """ON-1: keys differ, so these are different requests."""
    await organise(office)
    path = f"{AT}/phases/organisation/completion"
    answers = await asyncio.gather(
        *(office.ask("carla", "POST", path, None, **{"Idempotency-Key": f"k{n}"}) for n in range(8))
    )
    assert {answer.status_code for answer in answers} == {204}
    assert len(office.said(PhaseCompleted)) == 1
    assert [one.phase for one in office.said(PhaseStarted)] == ["organisation", "content"]


async def test_a_gate_does_not_open_for_what_left_at_the_same_moment(office: Office) -> None:
    """ON-10: a release withdrawn while the last gate is decided is seen, or comes after it."""
    await into_live(office)
    await choose_platforms(office, "otto")
    await does(office, "carla", "POST ./platforms/otto/request")
    await does(office, "carla", "POST ./platforms/otto/grant")
    await does(office, "pim", "POST ./platforms/otto/articles", {"articles": ["0017"]})
    await does(office, "carla", "PUT ./reporting", REPORTING)
    withdrawn, completed = await asyncio.gather(
        office.ask("carla", "POST", f"{AT}/platforms/otto/withdrawal", {"reason": "x"}),
        office.ask("carla", "POST", f"{AT}/phases/live/completion"),
    )
    assert withdrawn.status_code == 204
    names = [type(event) for commit, _ in office.store.commits for event in commit.events]
    if completed.status_code == 204:
        assert names.index(BrandWentLive) < names.index(ReleaseWithdrawn)
    else:
        assert problem_code(completed, 409) == "gate-closed"
        assert BrandWentLive not in names
