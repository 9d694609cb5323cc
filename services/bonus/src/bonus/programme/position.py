"""A line of a cart or an order, as far as points depend on it."""

from collections.abc import Iterable
from dataclasses import dataclass

from zugabe_events.contracts.checkout import Exclusion, OrderLine


@dataclass(frozen=True, slots=True)
class Position:
    """`groups` are all of the article's product groups with those above them (BO-17)."""

    number: int
    net_cents: int
    voucher_cents: int
    reward_cents: int
    brand: str
    groups: frozenset[str]
    excluded: tuple[Exclusion, ...] = ()

    @property
    def reward_base_cents(self) -> int:
        """The part that a reward may pay for, after vouchers (Q26, X-24, X-25)."""
        return 0 if "rewards" in self.excluded else max(0, self.net_cents - self.voucher_cents)


def position_of(line: OrderLine) -> Position:
    said = line.from_catalogue
    return Position(
        number=line.number,
        net_cents=line.net_cents,
        voucher_cents=line.voucher_cents,
        reward_cents=line.reward_cents,
        brand=line.brand,
        groups=frozenset(said.groups if said else (line.product_group,)),
        excluded=line.excluded,
    )


def threshold_cents(lines: Iterable[Position]) -> int:
    """The value of goods that minimums are compared with: before discounts (Q2)."""
    return sum(line.net_cents for line in lines if "thresholds" not in line.excluded)
