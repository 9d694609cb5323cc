"""Routes that make lists of articles, to which campaigns can be restricted (VO-22, VO-23)."""

import asyncio
from bisect import bisect_right
from dataclasses import dataclass
from itertools import chain
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import StringConstraints

from vouchers.assortment.catalogue import Catalogue, tenants_of, unknown_articles
from vouchers.assortment.decider import article_list_history, content_history, listing
from vouchers.assortment.reading import ARTICLE, LIMITS, ArticleNumbers, Reader
from vouchers.quotas import Quotas
from vouchers.tenancy import edits_own
from zugabe_events.domain.cursor import decode_cursor, encode_cursor
from zugabe_events.domain.errors import NotFoundError
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Body, Cursor, Id, Limit
from zugabe_events.http.request_context import RequestContext
from zugabe_events.http.table_body import TABLE_BODY, Sent, SheetName
from zugabe_events.tables.table import Row, RowError

FILE = "/dealers/{dealer}/article-lists/file"

LARGER_BODIES = {f"POST {FILE}": LIMITS.max_bytes}
"""The maximum in bytes by route."""

AddedTo = Annotated[Id | None, Query(description="A list whose articles the new one has as well.")]
DryRun = Annotated[bool, Query(description="Say what would happen, and do nothing.")]


class Typed(Body):
    """Article numbers in lines, or separated by commas, semicolons or tabs."""

    text: Annotated[
        str, StringConstraints(max_length=500_000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$")
    ]
    added_to: Id | None = None
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class ArticleListReport:
    """`article_list` is the id of the list that was made, None if there was nothing to store.

    It has `articles` numbers; `repeated` ones count once, `wrong` rows were left out. A dry run
    shows the first rows as they were read. `warnings`, in German, are about articles that the
    catalogue does not have; they can be listed all the same.
    """

    dry_run: bool
    article_list: str | None
    sheet: str | None
    rows: int
    articles: int
    repeated: int
    unknown: int
    wrong: tuple[RowError, ...]
    warnings: tuple[str, ...]
    first_rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class ListedArticles:
    """A page of the list's numbers, sorted; `next` continues behind the last one."""

    article_list: str
    articles: int
    items: tuple[str, ...]
    next: str | None


def article_list_api(
    store: EventStore, catalogue: Catalogue, access: Access, quotas: Quotas
) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}/article-lists", tags=["article list"])
    edits = Depends(edits_own(access.requires("edit-campaigns"), catalogue.views))
    reader = Reader()

    async def content_of(tenant: str, list_: str) -> tuple[str, ...]:
        """The sorted numbers of a list of the tenant, or of a central one. Raises NotFoundError."""
        for owner in tenants_of(tenant):
            if parts := await state_of(store, content_history(owner, list_)):
                return tuple(chain.from_iterable(parts))
        raise NotFoundError("Diese Liste von Artikeln gibt es nicht.")

    async def stored(
        request: RequestContext, found: ArticleNumbers, added_to: str | None, *, dry_run: bool
    ) -> ArticleListReport:
        tenant = request.context.tenant
        before = await content_of(tenant, added_to) if added_to else ()
        unknown = await catalogue.unknown(tenant, found.numbers)
        numbers = {*before, *found.numbers}
        made = None
        if found.numbers:
            command = await asyncio.to_thread(listing, tenant, numbers)
            if not dry_run:
                await quotas.count("article-lists", request)
                made = command.list_id
                history = article_list_history(tenant, made)
                attempt = request.attempt("article-list", made)
                await request.handle(store, history, command, attempt=attempt, new=True)
        return ArticleListReport(
            dry_run=dry_run,
            article_list=made,
            sheet=found.sheet,
            rows=found.rows,
            articles=len(numbers),
            repeated=found.repeated,
            unknown=len(unknown),
            wrong=tuple(found.wrong),
            warnings=tuple(unknown_articles(unknown, len(found.numbers))),
            first_rows=tuple(found.first_rows) if dry_run else (),
        )

    @router.post("/file", openapi_extra=TABLE_BODY)
    async def from_file(
        dealer: Id,
        content: Sent,
        request: Annotated[RequestContext, edits],
        sheet: SheetName = None,
        added_to: AddedTo = None,
        dry_run: DryRun = True,
    ) -> ArticleListReport:
        """Read article numbers from the first column of a table: XLS, XLSX, ODS or CSV."""
        found = await reader.file(content, sheet)
        return await stored(request, found, added_to, dry_run=dry_run)

    @router.post("/text")
    async def from_text(
        dealer: Id, body: Typed, request: Annotated[RequestContext, edits]
    ) -> ArticleListReport:
        """Make a list of article numbers from typed text."""
        found = await reader.text(body.text)
        return await stored(request, found, body.added_to, dry_run=body.dry_run)

    @router.get("/{article_list}")
    async def get_articles(
        dealer: Id,
        article_list: Id,
        request: Annotated[RequestContext, Depends(reads(access.requires("see-campaigns")))],
        after: Annotated[Cursor | None, Query()] = None,
        limit: Annotated[Limit, Query()] = 100,
    ) -> ListedArticles:
        """The article numbers of a list, page by page."""
        numbers = await content_of(request.context.tenant, article_list)
        first = bisect_right(numbers, decode_cursor(after, ARTICLE)[1]) if after else 0
        items = numbers[first : first + limit]
        more = first + limit < len(numbers)
        following = encode_cursor(None, items[-1], ARTICLE) if more else None
        return ListedArticles(article_list, len(numbers), items, following)

    return router
