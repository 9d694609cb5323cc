"""Entries of the media plan, planned and as they were."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from msgspec.structs import replace

from zugabe_events.contracts.catalog_shops import (
    PlanEntry,
    PlanEntryBegan,
    PlanEntryEnded,
    PlanEntryRemoved,
    PlanEntrySet,
)
from zugabe_events.domain.event import Event, Fact, Instant
from zugabe_events.domain.projection import ListOptions, ReadModel
from zugabe_events.domain.views import Views

type EntryStatus = Literal["planned", "removed"]

READ_AT_ONCE = 500


class PlanEntryView(Fact, frozen=True):
    """`began_at` and `ended_at` are those of this version of the entry."""

    dealer: str
    entry_id: str
    version: int
    status: EntryStatus
    title: str
    first_day: date
    last_day: date | None
    entry: PlanEntry
    set_at: Instant
    began_at: Instant | None = None
    ended_at: Instant | None = None


def key_of(dealer: str, entry_id: str) -> str:
    return f"{dealer}/{entry_id}"


def keys(event: Event) -> Sequence[str]:
    match event:
        case PlanEntrySet() | PlanEntryRemoved() | PlanEntryBegan() | PlanEntryEnded():
            return [key_of(event.dealer, event.entry_id)]
        case _:
            return []


def project(view: PlanEntryView | None, event: Event) -> PlanEntryView | None:
    match event:
        case PlanEntrySet(entry=entry):
            return PlanEntryView(
                event.dealer,
                event.entry_id,
                event.version,
                "planned",
                entry.title,
                entry.first_day,
                entry.last_day,
                entry,
                event.set_at,
            )
        case PlanEntryRemoved() if view is not None:
            return replace(view, status="removed")
        case PlanEntryBegan() if view is not None:
            return replace(view, began_at=event.began_at)
        case PlanEntryEnded() if view is not None:
            return replace(view, ended_at=event.ended_at)
        case _:
            return view


MEDIA_PLAN = ReadModel(
    name="catalog-shops.media-plan",
    version=1,
    topics=("catalog-shops",),
    view=PlanEntryView,
    keys=keys,
    project=project,
    indexes=(("dealer", "status", "first_day", "_id"),),
    lists=ListOptions(("status",), ("first_day",)),
)


async def planned_entries(entries: Views[PlanEntryView], dealer: str) -> Sequence[PlanEntryView]:
    """All entries of a tenant by their first day; there are few."""
    found: list[PlanEntryView] = []
    after: str | None = None
    while True:
        where = {"dealer": dealer, "status": "planned"}
        page = await entries.page(where, sort="first_day", after=after, limit=READ_AT_ONCE)
        found += page.items
        after = page.next
        if after is None:
            return found
