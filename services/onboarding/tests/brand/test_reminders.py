"""Partners are reminded once, two weeks into a phase, if they owe anything."""

from datetime import timedelta

import pytest
from onboarding_tests.office import Office
from onboarding_tests.samples import BRAND, CONTACT, NOON, PARTNER, STEPS, completed, done, started
from onboarding_tests.story import context, does, finish, later, welcome

from onboarding.brand.policy import due, remind
from zugabe_events.contracts.onboarding import PartnerReminded
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_events.domain.timer import Cancel, Schedule
from zugabe_testing.callers import problem_code

KEY = f"{PARTNER}/{BRAND}/organisation"
TWO_WEEKS = timedelta(days=14)


def received(event: object) -> ReceivedEvent:
    return ReceivedEvent("e1", event, "stream", NOON)  # type: ignore[arg-type]


def test_a_phase_sets_an_alarm_and_its_end_settles_it() -> None:
    assert due(received(started("organisation"))) == Schedule(KEY, NOON + TWO_WEEKS)
    assert due(received(completed("organisation"))) == Cancel(KEY)
    assert due(received(done("contacts"))) is None


async def ring(office: Office) -> list[PartnerReminded]:
    later(office, TWO_WEEKS.total_seconds())
    await remind(office.store, KEY, context(office))
    return office.said(PartnerReminded)


async def test_the_clock_names_what_is_owed(office: Office) -> None:
    await welcome(office)
    for step in STEPS[1:]:
        await finish(office, step)
    [reminded] = await ring(office)
    assert [one.requirement for one in reminded.missing] == ["form:releases"]
    assert reminded.automatic
    assert reminded.contact.contact_id == CONTACT.contact_id


async def test_it_rings_once_however_often_it_is_rung(office: Office) -> None:
    await welcome(office)
    await ring(office)
    assert len(await ring(office)) == 1


async def test_who_owes_nothing_is_left_in_peace(office: Office) -> None:
    await welcome(office)
    for step in STEPS:
        await finish(office, step)
    assert await ring(office) == []


@pytest.mark.parametrize("ending", ["pause", "closure"])
async def test_nobody_is_reminded_while_nothing_moves(office: Office, ending: str) -> None:
    await welcome(office)
    await does(office, "carla", f"POST /{ending}", {"reason": "x"})
    assert await ring(office) == []


async def test_what_was_missed_during_a_pause_is_made_up_for_once(office: Office) -> None:
    await welcome(office)
    reason = {"reason": "Inventur"}
    await does(office, "carla", "POST /pause", reason)
    await does(office, "carla", "POST /resumption")
    assert office.said(PartnerReminded) == [], "its day has not come"
    await does(office, "carla", "POST /pause", reason)
    assert await ring(office) == []
    for times in (1, 2):
        await does(office, "carla", "POST /resumption")
        [reminded] = office.said(PartnerReminded)
        assert (reminded.automatic, reminded.phase) == (True, "organisation"), times
        await does(office, "carla", "POST /pause", reason)


async def test_who_owes_nothing_is_not_reminded_after_a_pause(office: Office) -> None:
    await welcome(office)
    for step in STEPS:
        await finish(office, step)
    await does(office, "carla", "POST /pause", {"reason": "Inventur"})
    await ring(office)
    await does(office, "carla", "POST /resumption")
    assert office.said(PartnerReminded) == []


async def test_a_phase_that_is_over_reminds_of_nothing(office: Office) -> None:
    await welcome(office)
    for step in STEPS[1:]:
        await does(office, "carla", "PUT ./waivers/form:contacts", {"reason": "x"})
        await finish(office, step)
    await remind(office.store, f"{PARTNER}/{BRAND}/content", context(office))
    assert office.said(PartnerReminded) == []


async def test_central_reminds_once_a_day_and_again_only_when_it_says_so(office: Office) -> None:
    """D11"""
    await welcome(office)
    path = f"/partners/{PARTNER}/brands/{BRAND}/reminders"
    await does(office, "carla", "POST ./reminders")
    for query in ("", "?again=false"):
        second = await office.ask("carla", "POST", path + query)
        assert problem_code(second, 409) == "reminded-today"
    await does(office, "carla", "POST ./reminders?again=true")
    assert [one.automatic for one in office.said(PartnerReminded)] == [False, False]
    later(office, 24 * 3_600)
    await does(office, "carla", "POST ./reminders")
    assert len(office.said(PartnerReminded)) == 3
    for step in STEPS:
        await finish(office, step)
    assert problem_code(await office.ask("carla", "POST", path), 409) == "nothing-owed"
