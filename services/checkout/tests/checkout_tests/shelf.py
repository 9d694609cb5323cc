"""Prices and sales over a read model in memory, which counts its queries."""

from collections.abc import Collection, Mapping
from datetime import datetime

import pytest

from checkout.catalogue.catalogue import Catalogue
from checkout.catalogue.documents import CatalogueView
from checkout.catalogue.refusals import LinesRefusedError
from checkout.catalogue.view import CATALOGUE
from checkout.peer.ports import Buyer
from checkout.pricing.goods import CartLine, Goods, WantedLine
from checkout.pricing.sale import Sale
from checkout_tests.catalogue import Told
from checkout_tests.fakes import NOON
from zugabe_events.contracts.checkout import OrderLine
from zugabe_testing.views import InMemoryViews


class CountedViews(InMemoryViews[CatalogueView]):
    """`asked` are the keys of each query."""

    def __init__(self) -> None:
        super().__init__(CATALOGUE, [])
        self.asked: list[Collection[str]] = []

    async def get_many(self, keys: Collection[str]) -> Mapping[str, CatalogueView]:
        self.asked.append(keys)
        return await super().get_many(keys)


class Shelf:
    def __init__(self) -> None:
        self.documents = CountedViews()
        self.told = Told(self.documents)
        self.seconds = 0.0
        self.catalogue = Catalogue(self.documents, lambda: False, lambda: self.seconds)

    def buyer(self, customer: str = "c1", dealer: str = "d1", at: datetime = NOON) -> Buyer:
        """Who has not logged in has no names."""
        return Buyer(dealer, customer, "anna" if customer else "", at)

    async def goods(
        self, *lines: tuple[str, int], customer: str = "c1", dealer: str = "d1", at: datetime = NOON
    ) -> Goods:
        buyer = self.buyer(customer, dealer, at)
        return await self.catalogue.goods(buyer, [WantedLine(*line) for line in lines], ())

    async def line(self, number: str, quantity: int = 1, at: datetime = NOON) -> OrderLine:
        goods = await self.goods((number, quantity), at=at)
        return goods.lines[0]

    async def own(
        self, *articles: str, customer: str = "c1", at: datetime = NOON, past: bool = False
    ) -> Goods:
        """One of each at 1 euro, at prices of the caller."""
        lines = [CartLine(article, "g", "b", 1, 100) for article in articles]
        return await self.catalogue.goods(self.buyer(customer, at=at), (), lines, past=past)

    async def sale(self, *, customer: str = "c1", dealer: str = "d1", at: datetime = NOON) -> Sale:
        """What is in force, whatever is bought."""
        buyer = self.buyer(customer, dealer, at)
        return (await self.catalogue.goods(buyer, (), [CartLine("a", "g", "b", 1, 100)])).sale

    async def reasons(self, *lines: tuple[str, int]) -> list[tuple[str, str]]:
        with pytest.raises(LinesRefusedError) as caught:
            await self.goods(*lines)
        return [(one["line"], one["code"]) for one in caught.value.lists["lines"]]
