"""Points of a user by the order that earned them, cheap to change and to sum with many lots.

A user with 10,000 orders and no redemption has 10,000 lots. They are in pages sorted by
(`active_from`, `ordinal`), each with its sum: changing a lot copies its page and the tuple of
pages, matured points are summed by page, and emptied lots are dropped, since every share says
where its lot belongs.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice, takewhile

import msgspec

from zugabe_events.contracts.bonus import LotShare

MAX_PAGE_LOTS = 64
MAX_LOTS_TAKEN = 5_000
"""Lots in one debit: it must fit into an event."""

type Place = tuple[date, int]


def place_of(share: LotShare) -> Place:
    return (share.active_from, share.ordinal)


def is_over(lot: LotShare, day: date) -> bool:
    return lot.active_until is not None and lot.active_until < day


def counts(lot: LotShare, day: date) -> bool:
    return lot.active_from <= day and not is_over(lot, day)


def shares(points: int, lots: Iterable[LotShare]) -> Iterator[LotShare]:
    for lot in islice(lots, MAX_LOTS_TAKEN):
        if points == 0:
            return
        share = min(points, lot.points)
        yield msgspec.structs.replace(lot, points=share)
        points -= share


@dataclass(frozen=True, slots=True)
class Page:
    lots: tuple[LotShare, ...]
    points: int = field(init=False)
    expires: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "points", sum(lot.points for lot in self.lots))
        expires = any(lot.active_until is not None for lot in self.lots)
        object.__setattr__(self, "expires", expires)

    @property
    def last(self) -> Place:
        return place_of(self.lots[-1])


@dataclass(frozen=True, slots=True)
class Lots:
    """Lots with points left, the oldest first."""

    pages: tuple[Page, ...] = ()

    @property
    def points(self) -> int:
        return sum(page.points for page in self.pages)

    def matured(self, day: date) -> int:
        """Points that count on a day: maturing is a matter of time and has no event (BO-41)."""
        points = 0
        for page in self.pages:
            if page.last[0] > day or page.expires:
                points += sum(lot.points for lot in page.lots if counts(lot, day))
            else:
                points += page.points
            if page.last[0] > day:
                return points
        return points

    def over(self, day: date) -> tuple[LotShare, ...]:
        """Lots whose last day has passed."""
        return tuple(
            lot for page in self.pages if page.expires for lot in page.lots if is_over(lot, day)
        )

    def left_in(self, lot: LotShare) -> int:
        found = self._find(lot)
        return found.points if found else 0

    def take(self, points: int, on: date | None = None) -> tuple[LotShare, ...]:
        """Shares of the lots that expire first, or else of the oldest ones, up to `points`.

        With `on`, only of those that count on that day.
        """
        return tuple(shares(points, self._in_order_of_use(on)))

    def take_pending(self, points: int, day: date) -> tuple[LotShare, ...]:
        """Shares of lots that are not available yet on a day, the oldest first."""
        return tuple(shares(points, (lot for lot in self._all() if lot.active_from > day)))

    def _all(self) -> Iterator[LotShare]:
        return (lot for page in self.pages for lot in page.lots)

    def _in_order_of_use(self, on: date | None) -> Iterator[LotShare]:
        lots = self._all()
        if any(page.expires for page in self.pages):
            lots = iter(sorted(lots, key=lambda lot: lot.active_until or date.max))
        elif on is not None:
            return takewhile(lambda lot: lot.active_from <= on, lots)
        return (lot for lot in lots if on is None or counts(lot, on))

    def plus(self, shares: Iterable[LotShare]) -> "Lots":
        lots = self
        for share in shares:
            lots = lots._changed(share, share.points)
        return lots

    def minus(self, shares: Iterable[LotShare]) -> "Lots":
        lots = self
        for share in shares:
            lots = lots._changed(share, -share.points)
        return lots

    def _find(self, lot: LotShare) -> LotShare | None:
        at = bisect_left(self.pages, place_of(lot), key=lambda page: page.last)
        if at == len(self.pages):
            return None
        return next((each for each in self.pages[at].lots if each.ordinal == lot.ordinal), None)

    def _changed(self, share: LotShare, points: int) -> "Lots":
        pages, place = self.pages, place_of(share)
        at = bisect_left(pages, place, key=lambda page: page.last)
        if at == len(pages) and pages:
            at -= 1  # younger than all: the last page takes it
        lots = list(pages[at].lots) if pages else []
        inside = bisect_left(lots, place, key=place_of)
        if inside < len(lots) and place_of(lots[inside]) == place:
            left = lots[inside].points + points
            lots[inside : inside + 1] = (
                [msgspec.structs.replace(lots[inside], points=left)] if left else []
            )
        elif points:
            lots.insert(inside, msgspec.structs.replace(share, points=points))
        half = len(lots) if len(lots) <= MAX_PAGE_LOTS else MAX_PAGE_LOTS // 2
        new = tuple(Page(tuple(part)) for part in (lots[:half], lots[half:]) if part)
        return Lots((*pages[:at], *new, *pages[at + 1 :]))
