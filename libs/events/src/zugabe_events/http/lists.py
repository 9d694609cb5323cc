"""List routes: one function says who may see what; a page, a CSV and a workbook come of it."""

import inspect
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Annotated, Any, get_args, get_origin

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, create_model

from zugabe_events.calendar import start_of
from zugabe_events.http.access import Asked
from zugabe_events.http.words import Cursor, Limit
from zugabe_events.lists.exporting import BATCH, MEDIA_TYPES, Export, Exports, Format
from zugabe_events.lists.table import Table
from zugabe_events.views import Between, Page, Views, Wanted

EXPORT_LIMITS = "The whole list in batches: each document as it is when its batch is read."


@dataclass(frozen=True, slots=True)
class Days:
    """Of a query field: from a day on, or up to and with one, in Berlin."""

    field: str
    is_last: bool = False


class ListQuery(BaseModel):
    """What a list can be asked for. Each field filters by the view's field of its name.

    A subclass gives `sort` its Literal. What it does not name is a mistake.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    sort: str

    def where(self) -> dict[str, Wanted]:
        """What was asked for."""
        found: dict[str, Wanted] = {}
        for name, days in filters_of(type(self)).items():
            value = getattr(self, name)
            if value is None:
                continue
            if days is None:
                found[name] = value
                continue
            known = found.get(days.field)
            assert known is None or isinstance(known, Between)
            span = known or Between()
            found[days.field] = (
                Between(span.first, start_of(value + timedelta(days=1)))
                if days.is_last
                else Between(start_of(value), span.before)
            )
        return found


def filters_of(query: type[ListQuery]) -> dict[str, Days | None]:
    return {
        name: next((one for one in field.metadata if isinstance(one, Days)), None)
        for name, field in query.model_fields.items()
        if name not in ("sort", "after", "limit")
    }


class Paged(ListQuery):
    """With the place in the list."""

    after: Cursor | None = None
    limit: Limit


async def as_they_are[View](views: Sequence[View]) -> Sequence[View]:
    return views


@dataclass(frozen=True, slots=True)
class Selection[View]:
    """What one caller may see of a list. `shown` opens, or hides, what is sealed in a batch."""

    where: Mapping[str, Wanted]
    shown: Callable[[Sequence[View]], Awaitable[Sequence[View]]] = as_they_are


type Endpoint[View] = Callable[..., Awaitable[Selection[View]]]


def list_routes[View](
    router: APIRouter,
    path: str,
    views: Views[View],
    table: Table[View],
    exports: Exports,
    *,
    limit: int = 100,
) -> Callable[[Endpoint[View]], Endpoint[View]]:
    """Decorates a function with `dealer`, `asked` and a `query` that is a ListQuery, by name.

    Routes: `path` for pages, `path.csv` and `path.xlsx`; all with the function's dependencies.
    Raises ValueError for filters and sorts that have no index.
    """

    def decorate(select: Endpoint[View]) -> Endpoint[View]:
        query = query_of(select)
        check(query, table)

        async def page(**given: Any) -> Page[View]:
            wanted: Paged = given["query"]
            selection = await select(**given)
            found = await views.page(
                selection.where, sort=wanted.sort, after=wanted.after, limit=wanted.limit
            )
            return Page(await selection.shown(found.items), found.next)

        answered = Page[table.model.view]  # type: ignore[name-defined]
        router.get(path, response_model=answered)(
            like(
                select,
                page,
                create_model(
                    f"{query.__name__}Page", __base__=(query, Paged), limit=(Limit, limit)
                ),
            )
        )
        for form in MEDIA_TYPES:
            add_export(router, path, views, table, exports, select, query, form)
        return select

    return decorate


def add_export[View](
    router: APIRouter,
    path: str,
    views: Views[View],
    table: Table[View],
    exports: Exports,
    select: Endpoint[View],
    query: type[ListQuery],
    form: Format,
) -> None:
    async def export(**given: Any) -> Any:
        asked: Asked = given["asked"]
        selection = await select(**given)
        running = Export(exports, asked.context.actor, f"{table.name}-{given['dealer']}")
        exports.begin(running.who)
        return await running.sent(form, table, batches(views, selection, given["query"].sort))

    content = {MEDIA_TYPES[form]: {"schema": {"type": "string", "format": "binary"}}}
    router.get(
        f"{path}.{form}",
        name=f"{select.__name__}_{form}",
        description=EXPORT_LIMITS,
        response_model=None,
        responses={200: {"content": content, "description": "The file"}},
    )(like(select, export, query))


async def batches[View](
    views: Views[View], selection: Selection[View], sort: str
) -> AsyncGenerator[Sequence[View]]:
    after: str | None = None
    while True:
        page = await views.page(selection.where, sort=sort, after=after, limit=BATCH)
        yield await selection.shown(page.items)
        if page.next is None:
            return
        after = page.next


def query_of(select: Endpoint[Any]) -> type[ListQuery]:
    annotation = inspect.signature(select).parameters["query"].annotation
    kind = get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation
    assert isinstance(kind, type), select
    assert issubclass(kind, ListQuery), select
    return kind


def like(
    select: Endpoint[Any], route: Callable[..., Any], query: type[ListQuery]
) -> Callable[..., Any]:
    """The route has the parameters of the function, with a query of its own."""
    signature = inspect.signature(select)
    parameters = [
        one.replace(annotation=Annotated[query, Query()]) if one.name == "query" else one
        for one in signature.parameters.values()
    ]
    wrapped = wraps(select)(route)
    wrapped.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=parameters, return_annotation=inspect.Signature.empty
    )
    return wrapped


def check(query: type[ListQuery], table: Table[Any]) -> None:
    listed = table.model.listed
    filters = {days.field if days else name for name, days in filters_of(query).items()}
    sorts = {sort.removeprefix("-") for sort in get_args(query.model_fields["sort"].annotation)}
    lacking = [
        *(filters - {*listed.filters, *listed.sorts} if listed else filters),
        *(sorts - set(listed.sorts) if listed else sorts),
    ]
    if lacking or not sorts:
        message = f"{table.model.name} has no index for {lacking or 'its sort'}"
        raise ValueError(message)
