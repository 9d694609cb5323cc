"""What a read model is: a pure function from events to documents that people read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from zugabe_events.envelope import Event


@dataclass(frozen=True, slots=True)
class ReadModel[View]:
    """`name` is literal: it is the consumer group and the collection, with the version.

    `view` is a frozen dataclass; `keys` names the documents an event touches; `project` never
    raises, reads no clock and gives one result for every interleaving of lanes. `version` grows
    when `project` changes its results. `indexes` are lists of field names (`-field` descends).
    """

    name: str
    version: int
    hears: tuple[str, ...]
    view: type[View]
    keys: Callable[[Event], Sequence[str]]
    project: Callable[[View | None, Event], View | None]
    indexes: tuple[tuple[str, ...], ...] = ()


type AnyReadModel = ReadModel[Any]
