"""What a read model is: a pure function from events to documents that people read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from zugabe_events.domain.event import Event


@dataclass(frozen=True, slots=True)
class Listed:
    """What lists of a read model can be filtered and sorted by, within one dealer's documents.

    `sorts` begin with the usual one. Every sort is read in order from an index, and so is every
    filter in the usual sort; other combinations look through what one of their indexes holds.
    """

    filters: tuple[str, ...]
    sorts: tuple[str, ...]

    @property
    def indexes(self) -> tuple[tuple[str, ...], ...]:
        """The key comes last: among equal values it is the order."""
        usual = self.sorts[0]
        sorted_by = [("dealer", field, "_id") for field in self.sorts]
        filtered_by = [("dealer", field, usual, "_id") for field in self.filters if field != usual]
        return (*sorted_by, *filtered_by)


@dataclass(frozen=True, slots=True)
class ReadModel[View]:
    """`name` is literal: it is the consumer group and the collection, with the version.

    `view` is a frozen dataclass; `keys` names the documents an event touches; `project` never
    raises, reads no clock and gives one result for every interleaving of lanes. `version` grows
    when `project` changes its results. `indexes` are lists of field names (`-field` descends),
    besides those that lists need.
    """

    name: str
    version: int
    hears: tuple[str, ...]
    view: type[View]
    keys: Callable[[Event], Sequence[str]]
    project: Callable[[View | None, Event], View | None]
    indexes: tuple[tuple[str, ...], ...] = ()
    listed: Listed | None = None

    def __post_init__(self) -> None:
        if self.listed is not None:
            known = {field.name for field in fields(self.view)}  # type: ignore[arg-type]
            if unknown := {*self.listed.filters, *self.listed.sorts, "dealer"} - known:
                message = f"{self.name} has no {sorted(unknown)}"
                raise ValueError(message)


type AnyReadModel = ReadModel[Any]
