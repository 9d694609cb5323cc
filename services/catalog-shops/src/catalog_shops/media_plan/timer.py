"""Timers that tell that an entry of the media plan began or ended, at the first moment of a day.

What is shown does not wait for them.
"""

from datetime import timedelta
from functools import partial

from catalog_shops.media_plan.decider import EntryKey, TellPlanEntry, plan_entry_history
from zugabe_events.contracts.catalog_shops import (
    PlanEntryBegan,
    PlanEntryEnded,
    PlanEntryRemoved,
    PlanEntrySet,
)
from zugabe_events.domain.calendar import start_of
from zugabe_events.domain.event import Context, derived_id
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_events.domain.timer import Cancel, Schedule, TimerRule
from zugabe_events.eventstore.command_handler import handle

BEGINS, ENDS = "catalog-shops.plan-begins", "catalog-shops.plan-ends"

type EntryEvent = PlanEntrySet | PlanEntryBegan | PlanEntryEnded | PlanEntryRemoved


def timer_key(event: EntryEvent) -> str:
    return f"{event.dealer}/{event.entry_id}/{event.version}"


def begins(received: ReceivedEvent) -> Schedule | Cancel | None:
    match received.event:
        case PlanEntrySet() as event:
            return Schedule(timer_key(event), start_of(event.entry.first_day))
        case PlanEntryBegan() | PlanEntryRemoved() as event:
            return Cancel(timer_key(event))
        case _:
            return None


def ends(received: ReceivedEvent) -> Schedule | Cancel | None:
    match received.event:
        case PlanEntrySet(entry=entry) as event if entry.last_day is not None:
            return Schedule(timer_key(event), start_of(entry.last_day + timedelta(days=1)))
        case PlanEntryEnded() | PlanEntryRemoved() as event:
            return Cancel(timer_key(event))
        case _:
            return None


async def fire(name: str, store: EventStore, key: str, context: Context) -> None:
    dealer, entry_id, version = key.split("/")
    entry = EntryKey(dealer, entry_id)
    command = TellPlanEntry(entry, int(version), context.at)
    attempt = derived_id(name, key)
    await handle(store, plan_entry_history(entry), command, context, attempt=attempt)


PLAN_BEGINS = TimerRule(BEGINS, ("catalog-shops",), begins, partial(fire, BEGINS))
PLAN_ENDS = TimerRule(ENDS, ("catalog-shops",), ends, partial(fire, ENDS))
