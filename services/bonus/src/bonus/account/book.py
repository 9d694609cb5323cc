"""Points that each order of a user moved, needed again when the order is returned or cancelled.

That may come years later, and does not say how many points the order earned, so every order that
moved points is kept, as little of it as possible.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import msgspec
from immutables import Map

from bonus.account.lots import place_of
from zugabe_events.contracts.bonus import ClawBack, LinePoints, LotShare
from zugabe_events.contracts.checkout import Moment


@dataclass(frozen=True, slots=True)
class Redemption:
    """Points that paid for a reward and were not given back, besides the `returned` ones.

    Shares of lots may sum up to less when some points were owed.
    """

    hold_id: str
    points: int
    lots: tuple[LotShare, ...]
    returned: int = 0

    def split(self, points: int) -> tuple[tuple[LotShare, ...], "Redemption | None"]:
        """The shares from which `points` come back, the youngest first, and what then is left."""
        back, kept = [], []
        missing = points
        for share in sorted(self.lots, key=place_of, reverse=True):
            part = min(missing, share.points)
            missing -= part
            back += [msgspec.structs.replace(share, points=part)] if part else []
            rest = share.points - part
            kept += [msgspec.structs.replace(share, points=rest)] if rest else []
        left = self.points - points
        if left <= 0:
            return tuple(back), None
        rest_of = replace(self, points=left, lots=tuple(kept), returned=self.returned + points)
        return tuple(back), rest_of


@dataclass(frozen=True, slots=True)
class Booking:
    """`lot` is what the order earned and was not taken back; `reward` what was not given back.

    `lines` are the points that each line earned, by its number; `waits_for` is set while they wait
    for the order, and `expires_after_months` if they then expire. `returns` are those that moved
    points. `away` are points of the lot that are in the account that the customer's users share.
    """

    lot: LotShare | None = None
    reward: Redemption | None = None
    lines: tuple[tuple[int, int], ...] = ()
    waits_for: Moment | None = None
    returns: tuple[str, ...] = ()
    expires_after_months: int | None = None
    claw_back: ClawBack = "negative"
    away: int = 0

    @property
    def is_reduced(self) -> bool:
        """Points that the order earned were taken back."""
        earned = sum(points for _, points in self.lines)
        return self.lot is None or self.lot.points < earned

    def with_less(self, points: int) -> "Booking":
        """Without points that were taken back."""
        left = self.lot.points - points if self.lot else 0
        if self.lot is None or left <= 0:
            return replace(self, lot=None, lines=(), waits_for=None)
        return replace(self, lot=msgspec.structs.replace(self.lot, points=left))

    def after_leaving(self) -> "Booking":
        """Of a user who leaves the programme: only the company's points can be taken back."""
        if self.lot is None or self.away == 0:
            return Booking()
        lot = msgspec.structs.replace(self.lot, points=min(self.lot.points, self.away))
        return replace(self, lot=lot, reward=None)

    def with_return(self, return_id: str | None) -> "Booking":
        if return_id is None or return_id in self.returns:
            return self
        return replace(self, returns=(*self.returns, return_id))


def points_by_line(lines: Iterable[LinePoints]) -> tuple[tuple[int, int], ...]:
    return tuple((line.number, line.points) for line in lines if line.points)


type Book = Map[str, Booking]
"""By order."""
