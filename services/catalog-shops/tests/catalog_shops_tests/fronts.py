"""A dealer's front over in-memory parts: articles, prices, shops and what visitors see of them."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import httpx
from msgspec.structs import replace

from catalog_shops.article.decider import (
    DelistArticle,
    PutArticle,
    SetPrices,
    article_history,
    decide,
)
from catalog_shops.shop.state import ShopKey
from catalog_shops_tests.shops import Shops
from zugabe_events.contracts.catalog_shops import (
    Article,
    AssortmentImported,
    Banner,
    BannerSet,
    PlanEntry,
    PlanEntrySet,
    Price,
    PriceStep,
    ProductGroupPlaced,
    ShopGraphicSet,
    ShopKind,
    TopArticle,
    TopArticlesSet,
)
from zugabe_events.domain.event import Stream
from zugabe_events.domain.event_store import state_of
from zugabe_testing.examples import DEALER, bearer


class Fronts(Shops):
    """What is not about fronts comes straight into the log."""

    async def look(
        self, path: str, who: str | None = None, *, dealer: str = DEALER, **query: Any
    ) -> Any:
        """The body of a page that must be there."""
        answer = await self.visit(path, who, dealer=dealer, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def visit(
        self,
        path: str,
        who: str | None = None,
        *,
        dealer: str = DEALER,
        headers: Mapping[str, str] | None = None,
        method: str = "GET",
        **query: Any,
    ) -> httpx.Response:
        asked = f"?{urlencode(query)}" if query else ""
        caller = {key.decode(): value.decode() for key, value in bearer(who).items()} if who else {}
        url = f"/dealers/{dealer}/front{path}{asked}"
        return await self.http.request(method, url, headers={**caller, **(headers or {})})

    async def preview(self, path: str, at: str | datetime, **query: Any) -> Any:
        instant = at if isinstance(at, str) else at.isoformat()
        asked = urlencode({**query, "at": instant})
        return await self.must("dealer-staff", "GET", f"/front-preview{path}?{asked}")

    async def place_groups(self, *placed: tuple[str, str, str], dealer: str = "central") -> None:
        """Group, name and parent of each."""
        stream = f"product-groups/{dealer}"
        events = [ProductGroupPlaced(dealer, group, name, parent) for group, name, parent in placed]
        await self.append(Stream(stream, stream), events)

    async def offer(
        self, number: str, amount: str = "", *, dealer: str = "central", **changes: Any
    ) -> None:
        """List an article, with a price from now on."""
        article = replace(Article(f"Artikel {number}"), **changes)
        await self._decide(PutArticle(dealer, number, article, self.now))
        if amount:
            await self.price(number, amount, dealer=dealer)

    async def price(
        self,
        number: str,
        *amounts: str,
        dealer: str = "central",
        at: datetime | None = None,
        unit: int = 1,
    ) -> None:
        """Steps from 1, 10, 100 on."""
        steps = tuple(PriceStep(10**power, Decimal(amount)) for power, amount in enumerate(amounts))
        prices = (Price(steps, unit),)
        await self._decide(SetPrices(dealer, number, prices, at or self.now))

    async def delist(self, number: str, dealer: str = "central") -> None:
        await self._decide(DelistArticle(dealer, number, self.now))

    async def _decide(self, command: PutArticle | SetPrices | DelistArticle) -> None:
        history = article_history(command.dealer, command.number)
        central = await state_of(self.store, article_history("central", command.number))
        state = await state_of(self.store, history)
        await self.append(history.stream, decide(command, state, central))

    async def shop(
        self,
        kind: ShopKind,
        shop: str,
        *,
        dealer: str = "central",
        logo: tuple[int, int] | None = None,
        numbers: tuple[str, ...] = (),
        tops: tuple[TopArticle, ...] = (),
        **changes: Any,
    ) -> None:
        """An active shop; `logo` is the size of its logo."""
        await self.save(kind, shop, dealer=dealer, active=True, **changes)
        key = ShopKey(dealer, kind, shop)
        if logo:
            await self.graphic(key, "logo", *logo)
        if numbers:
            await self.import_file(key, *numbers)
        if tops:
            await self.top(key, *tops)

    async def graphic(self, key: ShopKey, place: Any, width: int, height: int) -> None:
        event = ShopGraphicSet(
            key.dealer, key.kind, key.shop, place, place[0] * 64, width, height, self.now
        )
        await self.append(self._stream(key), [event])

    async def import_file(self, key: ShopKey, *numbers: str) -> None:
        event = AssortmentImported(key.dealer, key.kind, key.shop, "a.xls", numbers, self.now)
        stream = f"assortment/{key.dealer}/{key.kind}/{key.shop}"
        await self.append(Stream(stream, f"shops/{key.dealer}"), [event])

    async def top(self, key: ShopKey, *tops: TopArticle) -> None:
        event = TopArticlesSet(key.dealer, key.kind, key.shop, tops, self.now)
        await self.append(self._stream(key), [event])

    async def banner(self, banner_id: str, banner: Banner, dealer: str = DEALER) -> None:
        stream = Stream(f"banner/{dealer}/{banner_id}", f"shops/{dealer}")
        await self.append(stream, [BannerSet(dealer, banner_id, banner, 690, 120)])

    async def plan(self, entry_id: str, entry: PlanEntry, dealer: str = DEALER) -> None:
        stream = Stream(f"plan-entry/{dealer}/{entry_id}", f"shops/{dealer}")
        await self.append(stream, [PlanEntrySet(dealer, entry_id, 1, entry, self.now)])

    def _stream(self, key: ShopKey) -> Stream:
        return Stream(f"shop/{key.dealer}/{key.kind}/{key.shop}", f"shops/{key.dealer}")
