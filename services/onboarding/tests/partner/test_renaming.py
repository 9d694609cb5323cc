"""Names of partners and brands are corrected; their ids stay (found on a shop's day)."""

import pytest
from onboarding_tests.office import Office
from onboarding_tests.samples import BRAND, PARTNER
from onboarding_tests.story import does, welcome

from onboarding.brand.decider import brand_history
from onboarding.brand.state import brand_of
from zugabe_events.contracts.onboarding import BrandRenamed, PartnerRenamed
from zugabe_events.domain.event_store import state_of
from zugabe_testing.callers import problem_code

AT = f"/partners/{PARTNER}"


@pytest.fixture
async def office() -> Office:
    office = Office()
    await welcome(office)
    return office


async def test_a_partner_s_name_is_corrected_everywhere(office: Office) -> None:
    """D20: names, also those in texts to come"""
    for _ in range(2):
        await does(office, "carla", "PUT /name", {"name": "Nordwind AG"})
    renamed = office.said(PartnerRenamed)
    assert [(each.before, each.name) for each in renamed] == [
        ("Nordwind GmbH", "Nordwind AG"),
        ("Nordwind GmbH", "Nordwind AG"),
    ], "by the partner, and by its one brand"
    assert (await office.ask("kim", "GET", AT)).json()["name"] == "Nordwind AG"
    [line] = (await office.ask("carla", "GET", "/board")).json()["items"]
    assert line["partner_name"] == "Nordwind AG"
    brand = brand_of(await state_of(office.store, brand_history(PARTNER, BRAND)))
    assert brand.partner_name == "Nordwind AG"


async def test_a_brand_s_name_is_corrected_everywhere(office: Office) -> None:
    """D20"""
    for _ in range(2):
        await does(office, "carla", "PUT ./name", {"name": "Nordkapp"})
    assert len(office.said(BrandRenamed)) == 2, "in both streams, once"
    assert (await office.ask("kim", "GET", f"{AT}/brands/{BRAND}")).json()["name"] == "Nordkapp"
    [line] = (await office.ask("carla", "GET", "/board")).json()["items"]
    assert line["name"] == "Nordkapp"
    forms = (await office.ask("kim", "GET", f"{AT}/forms")).json()["items"]
    assert [each["brand_name"] for each in forms] == ["", "Nordkapp"]
    brand = brand_of(await state_of(office.store, brand_history(PARTNER, BRAND)))
    assert brand.name == "Nordkapp"


async def test_others_correct_nothing(office: Office) -> None:
    """X-16"""
    for path in ("/name", f"/brands/{BRAND}/name"):
        assert (await office.ask("kim", "PUT", AT + path, {"name": "X"})).status_code == 403
        blank = await office.ask("carla", "PUT", AT + path, {"name": " "})
        assert problem_code(blank, 422) == "invalid"
    unknown = await office.ask("carla", "PUT", f"{AT}/brands/fjord/name", {"name": "X"})
    assert problem_code(unknown, 404) == "brand-not-found"
    nobody = await office.ask("carla", "PUT", "/partners/x/name", {"name": "X"})
    assert problem_code(nobody, 404) == "partner-not-found"
    await does(office, "carla", "POST /closure", {"reason": "x"})
    closed = await office.ask("carla", "PUT", f"{AT}/name", {"name": "X"})
    assert problem_code(closed, 409) == "onboarding-closed"
