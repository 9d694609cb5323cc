"""Read models: pure functions from events to documents for queries."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, get_type_hints

from zugabe_events.domain.event import Event


@dataclass(frozen=True, slots=True)
class ListOptions:
    """Filters and sorts of a read model's lists, within the documents of one dealer.

    The first of `sorts` is the default. Each sort is read in order from an index, and so is each
    filter in the default sort; other combinations scan the entries of one index.
    """

    filters: tuple[str, ...]
    sorts: tuple[str, ...]

    @property
    def indexes(self) -> tuple[tuple[str, ...], ...]:
        """Fields of the indexes; the key comes last, to order equal values."""
        default = self.sorts[0]
        sorted_by = [("dealer", field, "_id") for field in self.sorts]
        filtered_by = [
            ("dealer", field, default, "_id") for field in self.filters if field != default
        ]
        return (*sorted_by, *filtered_by)


@dataclass(frozen=True, slots=True)
class TextSearch:
    """German full-text search within the documents of one dealer.

    `weights` are fields (texts, or lists of texts) and how much a word counts that is found there.
    """

    weights: Mapping[str, int]


TALLY = "#"
"""Begins the keys of tallies."""


def tally_key(name: str) -> str:
    """The key of a tally for queries of stamps."""
    return f"{TALLY}{name}"


@dataclass(frozen=True, slots=True)
class Tallies:
    """Documents of which only the stamp counts; `names` are those that an event changes.

    One says whether anything has changed among many documents, such as those of a dealer.
    `by_part`: each part of the log writes a document of its own, so that processes that consume
    different parts never wait for each other; else all events of a tally are in one part.
    """

    names: Callable[[Event], Sequence[str]]
    by_part: bool = False


@dataclass(frozen=True, slots=True)
class ReadModel[View]:
    """`name` is literal: it is the consumer group and the collection, with the version.

    `view` is a frozen struct (a `Fact`) or dataclass; a struct is several times as fast to change.
    `keys` returns the keys of the documents that an event changes; `project` never raises, reads no
    clock, and has the same result for every interleaving of lanes. Where an event changes several
    documents, each in another way, `begin` returns the view of a key before its first event.
    `version` is incremented when results of `project` change. `indexes` are lists of field names
    (`-field` descends), besides those that lists need. `gathers` are the seconds by
    which it may be late while no query waits for it with a token, so that more events are written
    at once.
    """

    name: str
    version: int
    topics: tuple[str, ...]
    view: type[View]
    keys: Callable[[Event], Sequence[str]]
    project: Callable[[View | None, Event], View | None]
    indexes: tuple[tuple[str, ...], ...] = ()
    lists: ListOptions | None = None
    search: TextSearch | None = None
    tallies: Tallies | None = None
    begin: Callable[[str], View] | None = None
    gathers: float = 0.0

    def folded(self, key: str, view: View | None, event: Event) -> View | None:
        """The document of a key after an event."""
        if view is None and self.begin is not None:
            view = self.begin(key)
        return self.project(view, event)

    def __post_init__(self) -> None:
        used: set[str] = set()
        if self.lists is not None:
            used |= {*self.lists.filters, *self.lists.sorts, "dealer"}
        if self.search is not None:
            used |= {*self.search.weights, "dealer"}
        if unknown := used - self.fields:
            message = f"{self.name} has no {sorted(unknown)}"
            raise ValueError(message)

    @property
    def fields(self) -> Set[str]:
        """The names of the view's fields."""
        return get_type_hints(self.view).keys()


type AnyReadModel = ReadModel[Any]


@dataclass(frozen=True, slots=True)
class ComputedList[View]:
    """A list whose items are computed from read models when it is asked for.

    `lists` are the filters and sorts that the computation knows.
    """

    name: str
    view: type[View]
    lists: ListOptions
    search: None = None
