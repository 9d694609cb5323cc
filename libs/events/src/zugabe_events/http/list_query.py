"""Queries of lists: typed filters, a sort, and a position in the list."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Annotated, Any, Self, get_args, get_origin

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from zugabe_events.domain.calendar import start_of
from zugabe_events.domain.errors import InvalidError
from zugabe_events.domain.projection import AnyReadModel, ComputedList
from zugabe_events.domain.views import RELEVANCE, Between, FilterValue, Words
from zugabe_events.http.fields import Cursor, Limit

MARK_LENGTH = 12
"""Hexadecimal digits of the hash of filters and sort: against mistakes, not against attacks."""


@dataclass(frozen=True, slots=True)
class Days:
    """Marks a query field as the first day of a span in Berlin, or as its last one, inclusive."""

    field: str
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class InText:
    """Marks a query field as words to search for; the sort may be RELEVANCE when it is given."""


type Mark = Days | InText


class ListQuery(BaseModel):
    """Filters and sort of a list. Each field filters by the view's field of its name.

    A subclass gives `sort` its Literal; fields that it does not name are refused.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    sort: str

    @model_validator(mode="after")
    def in_order(self) -> Self:
        """Refuse spans that end before they begin."""
        marks = filters_of(type(self)).items()
        days = {
            (mark.field, mark.is_last): getattr(self, name)
            for name, mark in marks
            if isinstance(mark, Days)
        }
        for (field, is_last), last in days.items():
            first = days.get((field, False))
            if is_last and first is not None and last is not None and last < first:
                raise PydanticCustomError("span", "Der Zeitraum endet, bevor er beginnt.")
        return self

    def where(self) -> dict[str, FilterValue]:
        """The condition for the views."""
        found: dict[str, FilterValue] = {}
        for name, mark in filters_of(type(self)).items():
            value = getattr(self, name)
            if value is None:
                continue
            match mark:
                case None:
                    found[name] = value
                case InText():
                    found[name] = Words(value)
                case Days():
                    span = found.get(mark.field, Between())
                    assert isinstance(span, Between)
                    found[mark.field] = (
                        Between(span.first, start_of(value + timedelta(days=1)))
                        if mark.is_last
                        else Between(start_of(value), span.before)
                    )
        return found


def filters_of(query: type[ListQuery]) -> dict[str, Mark | None]:
    return {
        name: next((mark for mark in field.metadata if isinstance(mark, Days | InText)), None)
        for name, field in query.model_fields.items()
        if name not in ("sort", "after", "limit", "sums")
    }


class PagedQuery(ListQuery):
    """A query with a position in the list."""

    after: Cursor | None = None
    limit: Limit

    @property
    def position(self) -> str | None:
        """The cursor of the views. Raises InvalidError for one of other filters or another sort."""
        if self.after is None:
            return None
        cursor, bound, mark = self.after.rpartition(".")
        if not bound:  # issued before cursors were bound
            return mark
        if mark != self._mark():
            raise InvalidError(
                "Diese Seitenmarke ist für andere Filter oder eine andere Sortierung.",
                code="cursor-mismatch",
            )
        return cursor

    def bound(self, cursor: str | None) -> str | None:
        """A cursor of the views as it is sent: only of use with these filters and this sort."""
        return None if cursor is None else f"{cursor}.{self._mark()}"

    def _mark(self) -> str:
        asked = self.model_dump_json(exclude={"after", "limit", "sums"})
        return sha256(asked.encode()).hexdigest()[:MARK_LENGTH]


class SummedQuery(PagedQuery):
    """A query that may ask for sums over the whole list."""

    sums: bool = False


def query_of(select: Callable[..., Any]) -> type[ListQuery]:
    annotation = inspect.signature(select).parameters["query"].annotation
    kind = get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation
    assert isinstance(kind, type), select
    assert issubclass(kind, ListQuery), select
    return kind


def check(query: type[ListQuery], model: AnyReadModel | ComputedList[Any]) -> None:
    """Raises ValueError for filters and sorts that have no index."""
    lists = model.lists
    marks = filters_of(query)
    found = {RELEVANCE} if InText() in marks.values() else set[str]()
    if found and model.search is None:
        message = f"{model.name} has no text search"
        raise ValueError(message)
    filters = {
        mark.field if isinstance(mark, Days) else name
        for name, mark in marks.items()
        if not isinstance(mark, InText)
    }
    sorts = {sort.removeprefix("-") for sort in get_args(query.model_fields["sort"].annotation)}
    lacking = [
        *(filters - {*lists.filters, *lists.sorts} if lists else filters),
        *(sorts - {*lists.sorts, *found} if lists else sorts - found),
    ]
    if lacking or not sorts:
        message = f"{model.name} has no index for {lacking or 'its sort'}"
        raise ValueError(message)
