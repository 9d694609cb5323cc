"""Origins of a shared account's lots, so that each user can have their own points back."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from immutables import Map

from zugabe_events.contracts.bonus import DebtMovedIn, LotShare, PointsMovedIn


@dataclass(frozen=True, slots=True)
class Origin:
    """A user's `own` lot, and the lot of the shared account that has its points.

    At most `points` of it were here at once; `taken_back` were, with the order that had earned
    them.
    """

    user: str
    own: LotShare
    lot: LotShare
    points: int = 0
    taken_back: int = 0


@dataclass(frozen=True, slots=True)
class Origins:
    """`by_ordinal` goes by the lot of the shared account, `ordinals` by user and own lot."""

    by_ordinal: Map[int, Origin] = field(default_factory=Map)
    ordinals: Map[tuple[str, str], int] = field(default_factory=Map)

    def __bool__(self) -> bool:
        return bool(self.by_ordinal)

    def of(self, lot: LotShare) -> Origin | None:
        return self.by_ordinal.get(lot.ordinal)

    def find(self, user: str, lot_id: str) -> Origin | None:
        ordinal = self.ordinals.get((user, lot_id))
        return None if ordinal is None else self.by_ordinal[ordinal]

    def with_points(self, event: PointsMovedIn, present: Iterable[int]) -> "Origins":
        """`present` are the points that each of the lots has now."""
        origins = self
        for lot, own, points in zip(event.lots, event.own_lots, present, strict=True):
            origin = origins.of(lot) or Origin(event.user, own, lot)
            most = max(origin.points, points, own.points)
            origins = origins._put(replace(origin, points=most))
        return origins

    def with_debt(self, event: DebtMovedIn) -> "Origins":
        if (origin := self.find(event.user, event.lot_id)) is None:
            return self
        return self._put(replace(origin, taken_back=origin.taken_back + event.points))

    def _put(self, origin: Origin) -> "Origins":
        by_ordinal = self.by_ordinal.set(origin.lot.ordinal, origin)
        key = (origin.user, origin.own.lot_id)
        return Origins(by_ordinal, self.ordinals.set(key, origin.lot.ordinal))


type Debtors = tuple[tuple[str, int], ...]
"""Users with the points for which they made the balance negative, the earliest first."""


def owed_by(debtors: Debtors, owed: int) -> Iterator[tuple[str, int]]:
    """The shares of users in the sum that is owed: the earliest debts are settled first."""
    shares: dict[str, int] = {}
    for user, points in reversed(debtors):
        if part := min(points, owed):
            shares[user] = shares.get(user, 0) + part
            owed -= part
    yield from shares.items()
