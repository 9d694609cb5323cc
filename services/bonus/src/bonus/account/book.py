"""What each order of a user did to his points: needed once more when the order is cancelled.

A cancellation may come years later and does not say how many points its order earned, so every
order that moved points is kept, as little of it as possible. The book has a fixed number of pages
by hash of the order: writing an order copies one page, not the book.
"""

from dataclasses import dataclass
from zlib import crc32

from zugabe_events.contracts.bonus import LotShare

PAGES = 64


@dataclass(frozen=True, slots=True)
class Redemption:
    """Points that paid for a reward; shares of lots may sum up to less when some were owed."""

    hold_id: str
    points: int
    lots: tuple[LotShare, ...]


@dataclass(frozen=True, slots=True)
class Booked:
    """`lot` is what the order earned, until it is reversed; `reward` until it is returned."""

    lot: LotShare | None = None
    reward: Redemption | None = None


@dataclass(frozen=True, slots=True)
class Book:
    pages: tuple[dict[str, Booked], ...] = ({},) * PAGES

    def get(self, order_id: str) -> Booked | None:
        return self.pages[page_of(order_id)].get(order_id)

    def put(self, order_id: str, booked: Booked) -> "Book":
        at = page_of(order_id)
        page = {**self.pages[at], order_id: booked}
        return Book((*self.pages[:at], page, *self.pages[at + 1 :]))


def page_of(order_id: str) -> int:
    return crc32(order_id.encode()) % PAGES
