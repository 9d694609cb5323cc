"""The timer that closes a programme."""

from datetime import UTC, date, datetime

from bonus_tests.samples import APRIL_1, DEALER, FIVE_EUROS, MARCH_1, TERMS

from bonus.programme.decider import Activate, Command, SetTerms, programme_history
from bonus.programme.end import Deactivate
from bonus.programme.entries import AddReward
from bonus.programme.timer import PROGRAMME_CLOSES
from bonus.programme.versions import Closed, RunOff
from zugabe_events.contracts.bonus import ProgrammeClosed, ProgrammeDeactivated
from zugabe_events.domain.event import Context, derived_id
from zugabe_events.domain.event_store import state_of
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_events.domain.timer import Schedule
from zugabe_events.eventstore.command_handler import handle
from zugabe_testing.event_store import InMemoryEventStore

NEW_YEAR = datetime(2027, 12, 31, 23, tzinfo=UTC)
DEACTIVATED = ProgrammeDeactivated(DEALER, 4, date(2027, 12, 31), APRIL_1)


def test_the_timer_is_set_to_the_first_moment_after_the_run_off() -> None:
    """BO-12: the New Year of Berlin."""
    due = PROGRAMME_CLOSES.due(ReceivedEvent("e1", DEACTIVATED, "programme", APRIL_1))
    assert due == Schedule("d1/4", NEW_YEAR)
    assert isinstance(due, Schedule)
    assert due.at == NEW_YEAR
    other = ReceivedEvent("e2", ProgrammeClosed(DEALER, 5, NEW_YEAR), "programme", NEW_YEAR)
    assert PROGRAMME_CLOSES.due(other) is None


async def test_the_timer_closes_the_programme_once_and_never_too_early() -> None:
    """BO-12"""
    store = InMemoryEventStore("bonus", lambda: NEW_YEAR)
    history = programme_history(DEALER)
    commands: tuple[Command, ...] = (
        SetTerms(DEALER, TERMS, MARCH_1),
        AddReward(FIVE_EUROS, MARCH_1),
        Activate(DEALER, MARCH_1),
        Deactivate(DEALER, APRIL_1),
    )
    for number, command in enumerate(commands):
        context = Context("staff", "dealer-staff", DEALER, APRIL_1, "correlation")
        await handle(store, history, command, context, attempt=derived_id(str(number)))
    for at, kind in ((APRIL_1, RunOff), (NEW_YEAR, Closed), (NEW_YEAR, Closed)):
        context = Context(PROGRAMME_CLOSES.name, "timer", DEALER, at, "correlation")
        await PROGRAMME_CLOSES.fire(store, "d1/4", context)
        assert isinstance((await state_of(store, history)).present, kind)
