"""Two weeks after a phase began the partner is reminded of what he still owes, if anything."""

from collections.abc import Sequence
from typing import Any

from onboarding.brand.decider import BRAND_DECIDER, brand_history
from onboarding.brand.progress import PHASES
from onboarding.brand.reminder import Remind
from onboarding.partner.decider import partner_history
from onboarding.partner.history import Open
from zugabe_events.contracts.onboarding import PhaseCompleted, PhaseStarted
from zugabe_events.domain.event import Context, Event, derived_id
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_events.domain.timer import Cancel, Schedule, TimerRule
from zugabe_events.eventstore.command_handler import handle_together

NAME = "onboarding.remind"


def due(heard: ReceivedEvent) -> Schedule | Cancel | None:
    match heard.event:
        case PhaseStarted(partner=partner, brand=brand_id, phase=phase, remind_at=at):
            return Schedule(f"{partner}/{brand_id}/{phase}", at)
        case PhaseCompleted(partner=partner, brand=brand_id, phase=phase):
            return Cancel(f"{partner}/{brand_id}/{phase}")
        case _:
            return None


async def remind(store: EventStore, key: str, context: Context) -> None:
    """Once per phase; never while the onboarding is paused, which is made up for when it goes on,
    nor when it is closed."""
    partner, brand_id, name = key.split("/")
    [phase] = [one for one in PHASES if one == name]

    def decide(states: Sequence[Any]) -> Sequence[Sequence[Event]]:
        its, of_brand = states
        if not isinstance(its, Open):
            return [[], []]
        return [[], BRAND_DECIDER.decide(Remind(its.contact, context.at, phase), of_brand)]

    await handle_together(
        store,
        [partner_history(partner), brand_history(partner, brand_id)],
        decide,
        context,
        attempt=derived_id(NAME, key),
    )


REMINDERS = TimerRule(name=NAME, hears=("onboarding",), due=due, fire=remind)
