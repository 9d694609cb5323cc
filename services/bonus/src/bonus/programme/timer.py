"""Timer that closes a programme when its run-off is over (BO-12).

Redemption does not wait for it: it ends with the last day of the run-off.
"""

from datetime import timedelta

from bonus.programme.decider import programme_history
from bonus.programme.end import EndRunOff
from zugabe_events.contracts.bonus import ProgrammeDeactivated
from zugabe_events.domain.calendar import start_of
from zugabe_events.domain.event import Context, derived_id
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_events.domain.timer import Schedule, TimerRule
from zugabe_events.eventstore.command_handler import handle

CLOSES = "bonus.programme-closes"


def due(received: ReceivedEvent) -> Schedule | None:
    match received.event:
        case ProgrammeDeactivated() as event:
            day_after = event.run_off_until + timedelta(days=1)
            return Schedule(f"{event.dealer}/{event.version}", start_of(day_after))
        case _:
            return None


async def fire(store: EventStore, key: str, context: Context) -> None:
    """Changes nothing when the programme was closed or activated again."""
    dealer, _ = key.split("/")
    attempt = derived_id(CLOSES, key)
    command = EndRunOff(dealer, context.at)
    await handle(store, programme_history(dealer), command, context, attempt=attempt)


PROGRAMME_CLOSES = TimerRule(CLOSES, ("bonus",), due, fire)
