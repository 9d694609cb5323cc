"""Import of a shop's assortment: the whole file is read first, then all good rows are stored."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from catalog_shops.placement.decider import Placement
from catalog_shops.shop.assortment import ASSORTMENT_DECIDER, ImportAssortment, assortment_history
from catalog_shops.shop.assortment_file import AssortmentRows, imported, read_file, rows_of
from catalog_shops.shop.catalogue import Catalogue
from catalog_shops.shop.decider import SHOP_DECIDER, shop_history, shop_of
from catalog_shops.shop.maintenance import Decided, check_tenant_maintains, maintain
from catalog_shops.shop.refusals import (
    AssortmentByBrandError,
    HeadIncompleteError,
    HeadMissingError,
)
from catalog_shops.shop.state import Shop, ShopKey, ShopState, Unknown
from catalog_shops.shop.top_articles import SHOWN, ChangeTopArticles, ReplaceTopArticles
from zugabe_events.domain.decider import History
from zugabe_events.domain.event import Event
from zugabe_events.domain.event_store import EventStore, states_of
from zugabe_events.http.request_context import RequestContext
from zugabe_events.tables.report import FIRST_ROWS
from zugabe_events.tables.table import Row, RowError


@dataclass(frozen=True, slots=True)
class AssortmentReport:
    """`articles` were imported in the order of the file; `wrong` rows were left out.

    `top_articles` are those of the file: three are shown, or none; without any, those that the shop
    has stay. `first_rows` are shown by a dry run, as they were read.
    """

    dry_run: bool
    file_name: str
    sheet: str | None
    rows: int
    articles: int
    top_articles: int
    top_articles_shown: bool
    wrong: tuple[RowError, ...]
    first_rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class AssortmentImport:
    store: EventStore
    catalogue: Catalogue

    async def run(
        self,
        request: RequestContext,
        key: ShopKey,
        content: bytes,
        file_name: str,
        *,
        dry_run: bool,
    ) -> AssortmentReport:
        """Raise TableError, HeadMissingError and whatever else stops the whole import."""
        histories: list[History[Any, Any]] = [shop_history(key), assortment_history(key)]
        await check_tenant_maintains(self.store, key)
        states = await states_of(self.store, histories)
        check_takes_file(key, states[0])
        file = await asyncio.to_thread(read_file, content)
        reading = rows_of(file.rows)
        rows = imported(reading, await self.catalogue.articles(key.dealer, list(reading.rows)))

        def decide(_: Placement, states: Sequence[Any]) -> tuple[Sequence[Event], Decided]:
            return [], decided(request, key, file_name, rows, states)

        if dry_run:
            decided(request, key, file_name, rows, states)
        elif rows.numbers:
            await maintain(self.store, request, key, histories, decide)
        return AssortmentReport(
            dry_run=dry_run,
            file_name=file_name,
            sheet=file.sheet,
            rows=len(file.rows),
            articles=len(rows.numbers),
            top_articles=len(rows.top_articles),
            top_articles_shown=len(rows.top_articles) == SHOWN,
            wrong=rows.wrong,
            first_rows=tuple(file.rows[:FIRST_ROWS]) if dry_run else (),
        )


def check_takes_file(key: ShopKey, shop: ShopState) -> Shop:
    """Raise HeadMissingError (CS-22), AssortmentByBrandError, HeadIncompleteError (CS-39)."""
    if isinstance(shop, Unknown):
        raise HeadMissingError
    found = shop_of(shop, key.kind)
    if found.head.brand:
        raise AssortmentByBrandError
    if key.kind == "theme" and not found.head.text:
        raise HeadIncompleteError
    return found


def decided(
    request: RequestContext,
    key: ShopKey,
    file_name: str,
    rows: AssortmentRows,
    states: Sequence[Any],
) -> Decided:
    """The events of the shop and of its assortment."""
    shop, assortment = states
    check_takes_file(key, shop)
    at = request.context.at
    command = ImportAssortment(key, file_name, rows.numbers, at)
    tops = ChangeTopArticles(key, ReplaceTopArticles(rows.top_articles), at)
    return [
        SHOP_DECIDER.decide(tops, shop) if rows.top_articles else [],
        ASSORTMENT_DECIDER.decide(command, assortment),
    ]
