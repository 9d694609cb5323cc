"""List routes: from one function that selects, a page, a CSV file and a workbook."""

import inspect
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import create_model

from zugabe_events.domain.views import FilterValue, Page, Pages, Views
from zugabe_events.export.response import BATCH_SIZE, MEDIA_TYPES, Export, Exports, Format
from zugabe_events.export.table import Table
from zugabe_events.http.fields import Limit
from zugabe_events.http.list_query import ListQuery, PagedQuery, SummedQuery, check, query_of
from zugabe_events.http.request_context import RequestContext

EXPORT_DESCRIPTION = "The whole list; each document as of the moment its batch is read."


async def as_they_are[View](views: Sequence[View]) -> Sequence[View]:
    return views


@dataclass(frozen=True, slots=True)
class Selection[View]:
    """The part of a list that one principal may see. `shown` opens or redacts a batch of it.

    `with_names`: it opens names of others, so that an export of it takes a fresh sign-in.
    """

    where: Mapping[str, FilterValue]
    shown: Callable[[Sequence[View]], Awaitable[Sequence[View]]] = as_they_are
    with_names: bool = False


@dataclass(frozen=True, slots=True)
class Sums[View]:
    """Fields with whole numbers that a list is summed up by."""

    views: Views[View]
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SummedPage[View]:
    """`sums` are over the whole list, if they were asked for: `count`, and by field."""

    items: Sequence[View]
    next: str | None
    sums: Mapping[str, int] | None = None


type Endpoint[View] = Callable[..., Awaitable[Selection[View]]]


def list_routes[View](
    router: APIRouter,
    path: str,
    views: Pages[View],
    table: Table[View],
    exports: Exports,
    *,
    limit: int = 100,
    sums: Sums[View] | None = None,
) -> Callable[[Endpoint[View]], Endpoint[View]]:
    """Decorate a function that takes a RequestContext and a ListQuery, the latter named `query`.

    Adds routes with the function's dependencies: `path` for pages, `path.csv` and `path.xlsx`.
    With `sums`, a page may have those of the whole list. They wait until `views` include the events
    of the request's tokens. Raises ValueError for filters and sorts without an index.
    """

    def decorate(select: Endpoint[View]) -> Endpoint[View]:
        query = query_of(select)
        check(query, table.model)

        async def page(**given: Any) -> Page[View] | SummedPage[View]:
            wanted: PagedQuery = given["query"]
            after = wanted.position
            await request_of(given).catch_up(views)
            selection = await select(**given)
            found = await views.page(
                selection.where, sort=wanted.sort, after=after, limit=wanted.limit
            )
            items, following = await selection.shown(found.items), wanted.bound(found.next)
            if sums is None:
                return Page(items, following)
            asked = isinstance(wanted, SummedQuery) and wanted.sums
            summed = await summed_up(sums, selection.where) if asked else None
            return SummedPage(items, following, summed)

        kind, paged = (Page, PagedQuery) if sums is None else (SummedPage, SummedQuery)
        router.get(path, response_model=kind[table.model.view])(
            like(
                select,
                page,
                create_model(
                    f"{query.__name__}Page", __base__=(query, paged), limit=(Limit, limit)
                ),
            )
        )
        for form in MEDIA_TYPES:
            add_export(router, path, views, table, exports, select, query, form)
        return select

    return decorate


async def summed_up[View](sums: Sums[View], where: Mapping[str, FilterValue]) -> Mapping[str, int]:
    count, by_field = await sums.views.sums(where, sums.fields)
    return {"count": count, **by_field}


def add_export[View](
    router: APIRouter,
    path: str,
    views: Pages[View],
    table: Table[View],
    exports: Exports,
    select: Endpoint[View],
    query: type[ListQuery],
    form: Format,
) -> None:
    async def export(**given: Any) -> Any:
        request = request_of(given)
        await request.catch_up(views)
        selection = await select(**given)
        if selection.with_names:
            request.check_sign_in()
        running = Export(exports, request.context.actor, f"{table.name}-{request.context.tenant}")
        exports.begin(running.caller)
        return await running.response(form, table, batches(views, selection, given["query"].sort))

    content = {MEDIA_TYPES[form]: {"schema": {"type": "string", "format": "binary"}}}
    router.get(
        f"{path}.{form}",
        name=f"{select.__name__}_{form}",
        description=EXPORT_DESCRIPTION,
        response_model=None,
        responses={200: {"content": content, "description": "The file"}},
    )(like(select, export, query))


def request_of(given: Mapping[str, Any]) -> RequestContext:
    return next(value for value in given.values() if isinstance(value, RequestContext))


async def batches[View](
    views: Pages[View], selection: Selection[View], sort: str
) -> AsyncGenerator[Sequence[View]]:
    after: str | None = None
    while True:
        page = await views.page(selection.where, sort=sort, after=after, limit=BATCH_SIZE)
        yield await selection.shown(page.items)
        if page.next is None:
            return
        after = page.next


def like(
    select: Endpoint[Any], route: Callable[..., Any], query: type[ListQuery]
) -> Callable[..., Any]:
    """`route` with the signature of `select`, except for the type of its query."""
    signature = inspect.signature(select)
    parameters = [
        parameter.replace(annotation=Annotated[query, Query()])
        if parameter.name == "query"
        else parameter
        for parameter in signature.parameters.values()
    ]
    wrapped = wraps(select)(route)
    wrapped.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=parameters, return_annotation=inspect.Signature.empty
    )
    return wrapped
