"""Queries over read models: get one document, page through many, wait for a token."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.errors import InvalidError, RefusedError


@dataclass(frozen=True, slots=True)
class Between:
    """Instants from `first` on and before `before`; None is open."""

    first: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class OneOf:
    """Any of these values; for a list, one of its items is among them."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StartsWith:
    """Texts that begin with this one, in the same case."""

    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """All of these German words in the texts of `ReadModel.search`, in any order and inflection.

    The name under which a condition has it does not count. Without a word, nothing is found.
    """

    text: str


type FilterValue = str | int | bool | Between | OneOf | StartsWith | Words | None


def meets(value: object, wanted: FilterValue) -> bool:
    """True if a field meets a condition other than Words; a list does if one of its items does."""
    match wanted, value:
        case Between(first, before), datetime():
            return (first is None or first <= value) and (before is None or value < before)
        case StartsWith(text), str():
            return value.startswith(text)
        case OneOf(values), (tuple() | list()):
            return not {*values}.isdisjoint(value)
        case OneOf(values), _:
            return value in values
        case _, (tuple() | list()):
            return wanted in value
        case _:
            return value == wanted


RELEVANCE = "relevance"
"""The sort of a condition with `Words` that begins with what fits best."""


@dataclass(frozen=True, slots=True)
class Page[View]:
    """`next` continues behind the last item; None: there is no more."""

    items: Sequence[View]
    next: str | None


type Stamp = Mapping[str, int]
"""The position of the last event that a document has seen, by lane, and the build that it is of.

A document has another stamp whenever it has changed.
"""

type Stamps = Mapping[tuple[str, str], Stamp]
"""By the name of the read model and the key; a document that is missing has no stamp."""


class Follower(Protocol):
    """Follows logs, like a read model or the policies of a service."""

    async def caught_up(self, tokens: Sequence[Token]) -> None:
        """Wait until it includes the events of the tokens.

        Raises UnavailableError when it takes longer than a query may wait.
        """
        ...


def irrelevant() -> InvalidError:
    return InvalidError("Nach Relevanz sortieren lässt sich nur eine Suche.", code="sort-invalid")


class Pages[View](Follower, Protocol):
    """A list, page by page."""

    async def page(
        self,
        where: Mapping[str, FilterValue],
        *,
        sort: str | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> Page[View]:
        """Documents whose fields are as `where` says, by `sort`, then by key: up to `limit`, and
        fewer if they are large.

        `sort` is a field, or RELEVANCE if `where` has Words. `-field` descends, keys included.
        Successive pages have each document once that exists throughout and keeps its sort value;
        one whose value changes meanwhile may appear twice or not at all. Raises InvalidError for a
        malformed cursor or one of another sort, and for RELEVANCE without Words.
        """
        ...


class Views[View](Pages[View], Protocol):
    async def get(self, key: str) -> View | None:
        """The document with this key (one of `ReadModel.keys`)."""
        ...

    async def get_many(self, keys: Collection[str]) -> Mapping[str, View]:
        """The documents with these keys, as far as they exist, in one query."""
        ...

    async def up_to_date(self) -> None:
        """Wait until it includes all events that are in its own service's log by now.

        Raises UnavailableError when it takes longer than a query may wait.
        """
        ...

    async def get_stamped(self, keys: Collection[str]) -> tuple[Mapping[str, View], Stamps]:
        """As `get_many`, with the stamps that the documents have as they are.

        A key may be that of a tally, which has only stamps.
        """
        ...

    async def pick(
        self, where: Mapping[str, FilterValue], fields: Sequence[str], *, limit: int
    ) -> Sequence[Sequence[Any]]:
        """Some fields of documents as they are stored, in any order: for many documents, of which
        little counts."""
        ...

    async def sums(
        self, where: Mapping[str, FilterValue], fields: Sequence[str]
    ) -> tuple[int, Mapping[str, int]]:
        """The number of documents, and the sums of fields with whole numbers.

        Raises ListTooLongError.
        """
        ...


class ListTooLongError(RefusedError):
    """A sum over so many documents would take too long."""

    code = "list-too-long"

    def __init__(self) -> None:
        super().__init__("Die Liste ist zu lang für eine Summe. Bitte grenzen Sie sie ein.")


class StampReader(Protocol):
    """Tells whether what was made of documents is still what they say."""

    async def stamps(self, keys: Mapping[str, Collection[str]]) -> Stamps:
        """The stamps of at least these documents, by read models, in one query."""
        ...
