"""Shoppers of the demo: the file names their purchases, their habits what they paid with.

They use the voucher of their first order with the next one, and the reward as soon as they have
the points. So they keep count of both; whether an order gets them is for Zugabe to decide.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from zugabe.demo.rows import Row
from zugabe.demo.world import (
    BASIS_POINTS,
    CODE,
    CUSTOMER,
    MINIMUM_CENTS,
    PENDING_DAYS,
    PROMOTION_FACTOR,
    PROMOTION_FROM,
    PROMOTION_UNTIL,
    REWARD,
    REWARD_CENTS,
    REWARD_POINTS,
    VALID_FROM,
    VALID_UNTIL,
)
from zugabe_events.domain.calendar import noon_of
from zugabe_events.domain.money import allocate, percent_of, split_evenly


@dataclass(slots=True)
class Shopper:
    """A user after their purchases so far; `pending` are points with the day they count from."""

    day: date | None = None
    of_day: int = 0
    has_code: bool = False
    points: int = 0
    pending: list[tuple[date, int]] = field(default_factory=list)

    def buy(self, row: Row) -> dict[str, Any]:
        """The order of a purchase, with one line per unit; the first lines take the odd cents."""
        first, day = self.day is None, f"{row.day}"
        self.of_day = self.of_day + 1 if self.day == row.day else 1
        self.day = row.day
        lines = split_evenly(row.cents, row.units)
        order = {
            "order_id": f"{row.customer}-{day}-{self.of_day}",
            "user": row.customer,
            "customer": CUSTOMER,
            "placed_at": (noon_of(row.day) + timedelta(seconds=self.of_day - 1)).isoformat(),
            "if_refused": "order-without",
            "lines": [
                {
                    "article": "CD",
                    "product_group": "Musik",
                    "brand": "CDNOW",
                    "quantity": 1,
                    "unit_cents": cents,
                }
                for cents in lines
            ],
        }
        off = 0
        if self.has_code and VALID_FROM <= day <= VALID_UNTIL:
            order["voucher_code"] = CODE
            if row.cents >= MINIMUM_CENTS:
                self.has_code = False
                off = percent_of(row.cents, BASIS_POINTS)
        to_pay = less(lines, off)
        self._mature(row.day)
        if self.points >= REWARD_POINTS and sum(to_pay) >= REWARD_CENTS:
            order["reward_id"] = REWARD
            self.points -= REWARD_POINTS
            to_pay = less(to_pay, REWARD_CENTS)
        earned = sum(cents // 100 for cents in to_pay)
        if PROMOTION_FROM <= day <= PROMOTION_UNTIL:
            earned *= PROMOTION_FACTOR
        self.pending.append((row.day + timedelta(days=PENDING_DAYS), earned))
        self.has_code |= first and VALID_FROM <= day <= VALID_UNTIL
        return order

    def _mature(self, day: date) -> None:
        self.points += sum(points for since, points in self.pending if since <= day)
        self.pending = [(since, points) for since, points in self.pending if since > day]


def less(cents: Sequence[int], off: int) -> Sequence[int]:
    """The lines less their shares of a discount."""
    return [line - share for line, share in zip(cents, allocate(off, cents), strict=True)]
