"""Entries of a media plan for its pure parts."""

from dataclasses import dataclass

from zugabe_events.contracts.catalog_shops import PlanEntry


@dataclass(frozen=True)
class Planned:
    entry_id: str
    entry: PlanEntry
