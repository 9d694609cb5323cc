"""An entry of the media plan: what is shown from one day to another (CS-44, N-12).

It takes effect by the clock. That it began and ended is told as well, once each: by a timer, or by
whoever changes the entry meanwhile.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from catalog_shops.media_plan.contents import checked
from catalog_shops.media_plan.refusals import EntryEndedError, EntryNotFoundError, EntryPastError
from catalog_shops.shop.lane import shop_stream
from zugabe_events.contracts.catalog_shops import (
    MediaPlanEvent,
    PlanEntry,
    PlanEntryBegan,
    PlanEntryEnded,
    PlanEntryRemoved,
    PlanEntrySet,
)
from zugabe_events.domain.calendar import day_of, start_of
from zugabe_events.domain.decider import Decider, History


@dataclass(frozen=True, slots=True)
class EntryKey:
    dealer: str
    entry_id: str


@dataclass(frozen=True, slots=True)
class SetPlanEntry:
    key: EntryKey
    entry: PlanEntry
    at: datetime


@dataclass(frozen=True, slots=True)
class RemovePlanEntry:
    key: EntryKey
    at: datetime


@dataclass(frozen=True, slots=True)
class TellPlanEntry:
    """A timer of this version fires: tell what has begun or ended. Never refused."""

    key: EntryKey
    version: int
    at: datetime


type Command = SetPlanEntry | RemovePlanEntry | TellPlanEntry


@dataclass(frozen=True, slots=True)
class Unset:
    """`version` is that of an entry that was removed."""

    version: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    version: int
    entry: PlanEntry
    set_at: datetime
    began: bool = False
    ended: bool = False

    @property
    def begins_at(self) -> datetime:
        """The instant of its effect: an entry that is set late begins late."""
        return max(start_of(self.entry.first_day).astimezone(UTC), self.set_at)

    @property
    def ends_at(self) -> datetime | None:
        last = self.entry.last_day
        return None if last is None else start_of(last + timedelta(days=1)).astimezone(UTC)


type EntryState = Unset | Entry


def decide(command: Command, state: EntryState) -> Sequence[MediaPlanEvent]:
    match command:
        case SetPlanEntry():
            return set_entry(command, state)
        case RemovePlanEntry():
            return remove(command, state)
        case TellPlanEntry():
            is_present = isinstance(state, Entry) and state.version == command.version
            return told(command.key, state, command.at) if is_present else []


def set_entry(command: SetPlanEntry, state: EntryState) -> Sequence[MediaPlanEvent]:
    key, at, entry = command.key, command.at, checked(command.entry)
    if isinstance(state, Entry) and state.entry == entry:
        return []
    if entry.last_day is not None and entry.last_day < day_of(at):
        raise EntryPastError
    if isinstance(state, Entry) and state.ends_at is not None and state.ends_at <= at:
        raise EntryEndedError
    version = state.version + 1
    following = Entry(version, entry, at)
    return [
        *stopped(key, state, at),
        PlanEntrySet(key.dealer, key.entry_id, version, entry, at),
        *told(key, following, at),
    ]


def remove(command: RemovePlanEntry, state: EntryState) -> Sequence[MediaPlanEvent]:
    key, at = command.key, command.at
    if isinstance(state, Unset):
        if state.version:
            return []
        raise EntryNotFoundError
    return [
        *stopped(key, state, at),
        PlanEntryRemoved(key.dealer, key.entry_id, state.version, at),
    ]


def told(key: EntryKey, state: EntryState, at: datetime) -> list[MediaPlanEvent]:
    """Steps of an entry that are due and not told yet, in their order, however late."""
    if isinstance(state, Unset):
        return []
    named = (key.dealer, key.entry_id, state.version, state.entry)
    events: list[MediaPlanEvent] = []
    if not state.began and state.begins_at <= at:
        events.append(PlanEntryBegan(*named, state.begins_at))
    if not state.ended and state.ends_at is not None and state.ends_at <= at:
        events.append(PlanEntryEnded(*named, state.ends_at))
    return events


def stopped(key: EntryKey, state: EntryState, at: datetime) -> list[MediaPlanEvent]:
    """Steps to tell before an entry is replaced or removed: one that runs ends now."""
    if isinstance(state, Unset):
        return []
    events = told(key, state, at)
    began = state.began or any(isinstance(event, PlanEntryBegan) for event in events)
    ended = state.ended or any(isinstance(event, PlanEntryEnded) for event in events)
    if began and not ended:
        named = (key.dealer, key.entry_id, state.version, state.entry)
        events.append(PlanEntryEnded(*named, at))
    return events


def evolve(state: EntryState, event: MediaPlanEvent) -> EntryState:
    match event:
        case PlanEntrySet():
            return Entry(event.version, event.entry, event.set_at)
        case PlanEntryRemoved():
            return Unset(event.version)
        case PlanEntryBegan() | PlanEntryEnded():
            if isinstance(state, Unset):
                return state
            ended = isinstance(event, PlanEntryEnded)
            return Entry(state.version, state.entry, state.set_at, began=True, ended=ended)


PLAN_ENTRY_DECIDER: Decider[Command, EntryState, MediaPlanEvent] = Decider(
    "plan-entry", Unset(), decide, evolve
)


def plan_entry_history(key: EntryKey) -> History[EntryState, MediaPlanEvent]:
    stream = shop_stream(key.dealer, f"plan-entry/{key.dealer}/{key.entry_id}")
    return History(stream, PLAN_ENTRY_DECIDER)
