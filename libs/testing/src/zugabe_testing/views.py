"""Read models in memory, folded from in-memory logs on every query."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.cursor import SortValue, decode_cursor, encode_cursor, invalid_cursor
from zugabe_events.domain.projection import ReadModel
from zugabe_events.domain.views import Between, FilterValue, Page
from zugabe_testing.event_store import InMemoryEventStore


class InMemoryViews[View]:
    """Every query shows all that the stores hold; the lanes of a log come in its own order."""

    def __init__(self, read_model: ReadModel[View], stores: Sequence[InMemoryEventStore]) -> None:
        self.read_model = read_model
        self.stores = stores
        self.documents: dict[str, View] = {}
        self._folded = [0] * len(stores)

    async def get(self, key: str) -> View | None:
        self._catch_up()
        return self.documents.get(key)

    async def page(
        self,
        where: Mapping[str, FilterValue],
        *,
        sort: str | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> Page[View]:
        self._catch_up()
        name = sort.removeprefix("-") if sort else None
        descending = bool(sort and sort.startswith("-"))

        def value_of(view: View) -> SortValue:
            value: SortValue = getattr(view, name) if name else None
            return value

        found = [
            (key, view)
            for key, view in sorted(self.documents.items())
            if all(_holds(getattr(view, field), wanted) for field, wanted in where.items())
        ]
        found.sort(key=lambda one: (_rank(value_of(one[1])), one[0]), reverse=descending)
        if after is not None:
            value, last = decode_cursor(after, sort)
            if name is None and value is not None:
                raise invalid_cursor()
            try:
                found = [
                    (key, view)
                    for key, view in found
                    if _is_behind((_rank(value_of(view)), key), (_rank(value), last), descending)
                ]
            except TypeError as error:  # a cursor of a list sorted by something else
                raise invalid_cursor() from error
        more = len(found) > limit
        found = found[:limit]
        following = encode_cursor(value_of(found[-1][1]), found[-1][0], sort) if more else None
        return Page([view for _, view in found], following)

    async def caught_up(self, tokens: Sequence[Token]) -> None:
        self._catch_up()

    def _catch_up(self) -> None:
        for index, store in enumerate(self.stores):
            for commit, _ in store.commits[self._folded[index] :]:
                for event in commit.events:
                    self._fold(event)
            self._folded[index] = len(store.commits)

    def _fold(self, event: Any) -> None:
        for key in self.read_model.keys(event):
            view = self.read_model.project(self.documents.get(key), event)
            if view is not None:
                self.documents[key] = view


class InStep:
    """A follower that has caught up at once; `awaited` are the tokens that it was asked for."""

    def __init__(self) -> None:
        self.awaited: list[Token] = []

    async def caught_up(self, tokens: Sequence[Token]) -> None:
        self.awaited += tokens


def _holds(value: object, wanted: FilterValue) -> bool:
    """A list holds what one of its items equals, as in MongoDB."""
    match wanted, value:
        case Between(first, before), datetime():
            return (first is None or first <= value) and (before is None or value < before)
        case _, (tuple() | list()):
            return wanted in value
        case _:
            return value == wanted


def _rank(value: SortValue) -> tuple[bool, Any]:
    """None comes first, as in MongoDB."""
    return (value is not None, value)


def _is_behind(one: tuple[Any, str], other: tuple[Any, str], descending: bool) -> bool:
    return one < other if descending else one > other
