"""Queries of lists: typed filters, a sort, and a position in the list."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel, ConfigDict

from zugabe_events.domain.calendar import start_of
from zugabe_events.domain.projection import AnyReadModel
from zugabe_events.domain.views import Between, FilterValue
from zugabe_events.http.fields import Cursor, Limit


@dataclass(frozen=True, slots=True)
class Days:
    """Marks a query field as the first day of a span in Berlin, or as its last one, inclusive."""

    field: str
    is_last: bool = False


class ListQuery(BaseModel):
    """Filters and sort of a list. Each field filters by the view's field of its name.

    A subclass gives `sort` its Literal; fields that it does not name are refused.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    sort: str

    def where(self) -> dict[str, FilterValue]:
        """The condition for the views."""
        found: dict[str, FilterValue] = {}
        for name, days in filters_of(type(self)).items():
            value = getattr(self, name)
            if value is None:
                continue
            if days is None:
                found[name] = value
                continue
            span = found.get(days.field, Between())
            assert isinstance(span, Between)
            found[days.field] = (
                Between(span.first, start_of(value + timedelta(days=1)))
                if days.is_last
                else Between(start_of(value), span.before)
            )
        return found


def filters_of(query: type[ListQuery]) -> dict[str, Days | None]:
    return {
        name: next((mark for mark in field.metadata if isinstance(mark, Days)), None)
        for name, field in query.model_fields.items()
        if name not in ("sort", "after", "limit")
    }


class PagedQuery(ListQuery):
    """A query with a position in the list."""

    after: Cursor | None = None
    limit: Limit


def query_of(select: Callable[..., Any]) -> type[ListQuery]:
    annotation = inspect.signature(select).parameters["query"].annotation
    kind = get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation
    assert isinstance(kind, type), select
    assert issubclass(kind, ListQuery), select
    return kind


def check(query: type[ListQuery], model: AnyReadModel) -> None:
    """Raises ValueError for filters and sorts that have no index."""
    lists = model.lists
    filters = {days.field if days else name for name, days in filters_of(query).items()}
    sorts = {sort.removeprefix("-") for sort in get_args(query.model_fields["sort"].annotation)}
    lacking = [
        *(filters - {*lists.filters, *lists.sorts} if lists else filters),
        *(sorts - set(lists.sorts) if lists else sorts),
    ]
    if lacking or not sorts:
        message = f"{model.name} has no index for {lacking or 'its sort'}"
        raise ValueError(message)
