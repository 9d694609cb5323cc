"""Points that each order of a user moved, needed again when the order is cancelled.

A cancellation may come years later and does not say how many points its order earned, so every
order that moved points is kept, as little of it as possible.
"""

from dataclasses import dataclass

from immutables import Map

from zugabe_events.contracts.bonus import LotShare


@dataclass(frozen=True, slots=True)
class Redemption:
    """Points that paid for a reward; shares of lots may sum up to less when some were owed."""

    hold_id: str
    points: int
    lots: tuple[LotShare, ...]


@dataclass(frozen=True, slots=True)
class Booking:
    """`lot` is what the order earned, until it is reversed; `reward` until it is returned."""

    lot: LotShare | None = None
    reward: Redemption | None = None


type Book = Map[str, Booking]
"""By order."""
