"""Shares that pieces of a line have in its amounts: exact, and together all of it (X-3).

Each amount is rounded half up for all pieces up to one, so that every split of the pieces adds up.
Discounts follow the value that they were taken off and not the pieces: rounded on its own, a
discount could exceed the value of a piece by a cent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise


@dataclass(frozen=True, slots=True)
class Amounts:
    """`net_cents` is before discounts."""

    net_cents: int
    voucher_cents: int = 0
    reward_cents: int = 0
    tax_cents: int = 0

    @property
    def left_cents(self) -> int:
        """Net after discounts."""
        return self.net_cents - self.voucher_cents - self.reward_cents

    def __sub__(self, other: "Amounts") -> "Amounts":
        return Amounts(
            self.net_cents - other.net_cents,
            self.voucher_cents - other.voucher_cents,
            self.reward_cents - other.reward_cents,
            self.tax_cents - other.tax_cents,
        )


def share(total_cents: int, part: int, whole: int) -> int:
    """`part` of `whole` of an amount that is not negative, rounded half up; of nothing, nothing.

    A total that is at most the whole grows at most as fast as the part.
    """
    return (2 * total_cents * part + whole) // (2 * whole) if whole else 0


def of_first(line: Amounts, pieces: int, ordered: int) -> Amounts:
    """The share of the first `pieces` of a line with `ordered` ones."""
    net = share(line.net_cents, pieces, ordered)
    voucher = share(line.voucher_cents, net, line.net_cents)
    after_voucher = line.net_cents - line.voucher_cents
    reward = share(line.reward_cents, net - voucher, after_voucher)
    return Amounts(net, voucher, reward, share(line.tax_cents, pieces, ordered))


def of_pieces(line: Amounts, before: int, pieces: int, ordered: int) -> Amounts:
    """The share of `pieces` after `before` others: no amount is negative, nor what is left."""
    return of_first(line, before + pieces, ordered) - of_first(line, before, ordered)


def discounts_of_pieces(
    net_cents: int, discounts: Sequence[int], before: int, pieces: int, ordered: int
) -> tuple[int, ...]:
    """The share of `pieces` after `before` others in each of the discounts on a line.

    Together they are the share in the sum of the discounts.
    """
    return tuple(
        upto - earlier
        for upto, earlier in zip(
            discounts_of_first(net_cents, discounts, before + pieces, ordered),
            discounts_of_first(net_cents, discounts, before, ordered),
            strict=True,
        )
    )


def discounts_of_first(
    net_cents: int, discounts: Sequence[int], pieces: int, ordered: int
) -> tuple[int, ...]:
    """Each discount begins where the one before it ends, so that the rounded parts add up."""
    net = share(net_cents, pieces, ordered)
    ends = [share(end, net, net_cents) for end in accumulate(discounts, initial=0)]
    return tuple(end - start for start, end in pairwise(ends))
