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

import msgspec

from zugabe_events.contracts.bonus import LotShare

MAX_PAGE_LOTS = 64
MAX_LOTS_TAKEN = 5_000
"""Lots in one debit: it must fit into an event."""

type Place = tuple[date, int]


def place_of(share: LotShare) -> Place:
    return (share.active_from, share.ordinal)


@dataclass(frozen=True, slots=True)
class Page:
    lots: tuple[LotShare, ...]
    points: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "points", sum(lot.points for lot in self.lots))

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
            if page.last[0] > day:
                return points + sum(lot.points for lot in page.lots if lot.active_from <= day)
            points += page.points
        return points

    def left_in(self, lot: LotShare) -> int:
        found = self._find(lot)
        return found.points if found else 0

    def take(self, points: int, until: date = date.max) -> tuple[LotShare, ...]:
        """Shares of the oldest lots, up to `points`; of those only that count on day `until`."""
        return tuple(self._take(points, until))

    def _take(self, points: int, until: date) -> Iterator[LotShare]:
        taken = 0
        for page in self.pages:
            for lot in page.lots:
                if points == 0 or taken == MAX_LOTS_TAKEN or lot.active_from > until:
                    return
                share = min(points, lot.points)
                yield msgspec.structs.replace(lot, points=share)
                points -= share
                taken += 1

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
