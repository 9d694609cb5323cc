"""Timers that flag requested data models as overdue when their day has passed (ON-28)."""

from onboarding.brand.data_models import FlagOverdue, outstanding
from onboarding.brand.decider import brand_history
from onboarding.brand.state import Brand
from onboarding.product_type.decider import Implemented, product_type_history
from zugabe_events.contracts.onboarding import DataModelsOverdue, DataModelsRequested
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.event import Context, derived_id
from zugabe_events.domain.event_store import EventStore, state_of, states_of
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_events.domain.timer import Cancel, Schedule, TimerRule
from zugabe_events.eventstore.command_handler import handle


def due(received: ReceivedEvent) -> Schedule | Cancel | None:
    match received.event:
        case DataModelsRequested() as requested:
            return Schedule(timer_key(requested), requested.overdue_at)
        case DataModelsOverdue() as overdue:
            return Cancel(timer_key(overdue))
        case _:
            return None


def timer_key(event: DataModelsRequested | DataModelsOverdue) -> str:
    return f"{event.partner}/{event.brand}/{event.request}"


async def flag(store: EventStore, key: str, context: Context) -> None:
    """Ask the product types themselves: a brand may not have noted new data models yet."""
    partner, brand_id, request = key.split("/")
    history = brand_history(partner, brand_id)
    brand = await state_of(store, history)
    if not isinstance(brand, Brand) or request not in brand.progress.requests:
        return
    due_on, waiting = brand.progress.requests[request].due_on, outstanding(brand.progress, request)
    types = await states_of(store, [product_type_history(name) for name in waiting])
    in_time = tuple(
        name
        for name, state in zip(waiting, types, strict=True)
        if isinstance(state, Implemented) and day_of(state.implemented_at) <= due_on
    )
    command = FlagOverdue(request, in_time, context.at)
    attempt = derived_id(OVERDUE.name, key)
    await handle(store, history, command, context, attempt=attempt)


OVERDUE = TimerRule(name="onboarding.overdue", topics=("onboarding",), due=due, fire=flag)
