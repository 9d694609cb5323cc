"""A look at a page: for which dealer and buyer, at which instant, and what was read for it."""

from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from datetime import datetime

from catalog_shops.front.links import Links
from catalog_shops.front.reading import Reading
from catalog_shops.front.showcase import Showcase
from catalog_shops.front.sources import FrontParts, FrontSources
from zugabe_events.domain.event import Fact


@dataclass(frozen=True, slots=True)
class Visit:
    """`customer` is "" for a buyer who is not known: prices are then those for everybody.

    `now` is when the page is made, whatever instant it shows.
    """

    parts: FrontParts
    reading: Reading
    now: datetime
    showcase: Showcase
    links: Links
    customer: str = ""

    @property
    def sources(self) -> FrontSources:
        return self.parts.sources

    @property
    def dealer(self) -> str:
        return self.showcase.dealer

    @property
    def at(self) -> datetime:
        return self.reading.at


type MakePage = Callable[[Visit], Awaitable[Fact]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to a front. Its page is kept under `key`; None: it is made for each request.

    `has_prices`: it is another page for customers who have agreed prices.
    """

    dealer: str
    key: Hashable | None
    make: MakePage
    has_prices: bool = False
