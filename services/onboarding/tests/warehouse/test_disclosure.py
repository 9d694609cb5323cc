"""A partner reads the address and the conditions when logistics has begun, and not before."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest
from onboarding_tests.office import CALLERS, Office
from onboarding_tests.samples import (
    BRAND,
    IN_CONTENT,
    PARTNER,
    assigned,
    brand_added,
    content,
    opened,
    registered,
    welcomed,
)
from onboarding_tests.story import does

from onboarding.brand.decider import brand_history
from onboarding.partner.decider import partner_history
from zugabe_events.contracts.onboarding import DeliveryDisclosed
from zugabe_events.domain.event import Context, Event, Stream, derived_id
from zugabe_events.domain.event_store import Commit
from zugabe_testing.callers import signed_in
from zugabe_testing.crawler import telling, walk

ADDRESS, CONDITIONS = "Speicherweg 7, Hamburg", "Rampe 12, werktags bis 14 Uhr"
SECRETS = ("Speicherweg", "Rampe 12")
OF_BRAND = f"/partners/{PARTNER}/brands/{BRAND}"
DELIVERY = "GET /partners/{partner}/brands/{brand}/warehouse"
KEPT = {"name": "Hamburg", "address": ADDRESS, "conditions": CONDITIONS}


@pytest.fixture
async def office() -> Office:
    """A brand whose content is complete, before logistics."""
    office = Office()
    await keep(office, **KEPT)
    of_partner = (opened, assigned, brand_added, welcomed)
    await append(office, partner_history(PARTNER).stream, of_partner)
    of_brand = (*IN_CONTENT, registered, content)
    await append(office, brand_history(PARTNER, BRAND).stream, of_brand)
    return office


async def append(office: Office, stream: Stream, events: Sequence[Event]) -> None:
    context = Context("carla", "central", PARTNER, office.now, "c")
    await office.store.append([Commit(derived_id(stream.id), stream, 1, tuple(events), context)])


async def keep(office: Office, **body: str) -> None:
    answer = await office.ask("carla", "PUT", "/warehouses/hamburg", body)
    assert answer.status_code == 200, answer.text


async def complete(office: Office) -> None:
    answer = await office.ask("carla", "POST", f"{OF_BRAND}/phases/content/completion")
    assert answer.status_code == 204, answer.text


async def walked(office: Office, who: str) -> Mapping[str, str]:
    async def ask(path: str) -> tuple[int, bytes]:
        answer = await office.http.get(path, headers=signed_in(CALLERS[who]))
        return answer.status_code, answer.content

    names = {
        "partner": PARTNER,
        "brand": BRAND,
        "document": "d1",
        "form": "lagerbestand",
        "item": "insights",
        "product_type": "hose",
        "warehouse": "hamburg",
    }
    return await walk(office.app.openapi(), ask, **names)


async def test_no_route_tells_a_partner_where_to_deliver_before_logistics(office: Office) -> None:
    """ON-31"""
    before = await walked(office, "kim")
    assert telling(before, *SECRETS) == set()
    assert before[DELIVERY].startswith("200")
    assert '"name":"Hamburg"' in before[DELIVERY]
    assert telling(before, '"name":"Hamburg"') == {DELIVERY}


async def test_the_start_of_logistics_tells_it_and_only_there(office: Office) -> None:
    """ON-31"""
    await complete(office)
    after = await walked(office, "kim")
    assert telling(after, *SECRETS) == {DELIVERY}
    assert all(secret in after[DELIVERY] for secret in SECRETS)


async def test_other_partners_never_learn_of_it(office: Office) -> None:
    """X-16, ON-31"""
    await complete(office)
    told = await walked(office, "olga")
    assert telling(told, *SECRETS, "Hamburg") == set()
    assert told[DELIVERY].startswith("403")


async def test_the_walker_would_see_it(office: Office) -> None:
    """The walker finds everything central reads in pages, files and single answers."""
    told = telling(await walked(office, "carla"), *SECRETS)
    listed = {f"GET /warehouses{form}" for form in ("", ".csv", ".xlsx", "/{warehouse}")}
    assert told == listed


async def test_a_warehouse_that_moves_before_logistics_is_disclosed_where_it_is(
    office: Office,
) -> None:
    """ON-31"""
    await keep(office, **{**KEPT, "address": "Hafenweg 1, Hamburg"})
    await complete(office)
    [disclosed] = office.said(DeliveryDisclosed)
    assert disclosed.address == "Hafenweg 1, Hamburg"


async def test_who_was_told_is_told_again_when_the_warehouse_moves(office: Office) -> None:
    """ON-31: once, wherever the brand is by then; not after the onboarding was closed."""
    await office.deliver_own()
    moved = {**KEPT, "address": "Hafenweg 1, Hamburg"}
    await keep(office, **moved)
    await office.deliver_own()
    assert office.said(DeliveryDisclosed) == []
    await complete(office)
    await keep(office, **KEPT)
    await office.deliver_own()
    await office.deliver_own()
    told = [(one.address, one.again) for one in office.said(DeliveryDisclosed)]
    assert told == [("Hafenweg 1, Hamburg", False), (ADDRESS, True)]
    shown = (await office.ask("kim", "GET", f"{OF_BRAND}/warehouse")).json()
    assert shown["address"] == ADDRESS
    reason = {"reason": "Aufgegeben"}
    assert (await office.ask("carla", "POST", f"/partners/{PARTNER}/closure", reason)).is_success
    await keep(office, **moved)
    await office.deliver_own()
    assert len(office.said(DeliveryDisclosed)) == 2


async def test_what_was_announced_and_what_arrived_stand_beside_the_address(
    office: Office,
) -> None:
    """ON-6, ON-7"""
    await complete(office)
    tomorrow = (office.now + timedelta(days=1)).date().isoformat()
    delivery = {"expected_on": tomorrow, "pieces": 1_200}
    for _ in range(2):
        await does(office, "kim", "PUT ./deliveries/d1", delivery)
    receipt = {"received_on": office.now.date().isoformat(), "pieces": 1_180}
    await does(office, "carla", "PUT ./goods-receipts/r1", receipt)
    shown = (await office.ask("kim", "GET", f"{OF_BRAND}/warehouse")).json()
    assert shown["announced"] == [{"delivery": "d1", **delivery}]
    assert shown["received"] == [{"receipt": "r1", **receipt}]
    assert shown["address"] == ADDRESS


async def test_a_brand_without_a_warehouse_has_no_delivery() -> None:
    answer = await Office().ask("kim", "GET", f"{OF_BRAND}/warehouse")
    assert (answer.status_code, answer.json()["code"]) == (404, "no-warehouse-chosen")
