"""Arithmetic in whole cents: percentages round half up, shares add up to the cent."""

from collections.abc import Sequence

from zugabe_events.domain.german_numbers import thousands

FULL = 10_000
"""Basis points of a whole: 10 % are 1,000."""


def percent_of(base_cents: int, basis_points: int) -> int:
    """`basis_points` of a base that is not negative, rounded half up to the cent."""
    return (2 * base_cents * basis_points + FULL) // (2 * FULL)


def allocate(total_cents: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Shares of a total in proportion to weights, by largest remainder, ties to the earlier one.

    With 0 <= total <= sum(weights) no share exceeds its weight. Weights that sum to zero can only
    share nothing.
    """
    whole = sum(weights)
    if total_cents == 0 or whole == 0:
        if total_cents:
            message = f"{total_cents} cents cannot be shared among nothing"
            raise ValueError(message)
        return (0,) * len(weights)
    shares = [total_cents * weight // whole for weight in weights]
    remainders = [total_cents * weight % whole for weight in weights]
    missing = total_cents - sum(shares)
    for index in sorted(range(len(weights)), key=lambda i: (-remainders[i], i))[:missing]:
        shares[index] += 1
    return tuple(shares)


def split_evenly(total_cents: int, parts: int) -> tuple[int, ...]:
    """Parts that differ by a cent at most, the first ones being the larger."""
    low, extra = divmod(total_cents, parts)
    return (low + 1,) * extra + (low,) * (parts - extra)


def euros(cents: int) -> str:
    """German notation, such as `1.234,56 €`."""
    sign = "-" if cents < 0 else ""
    whole, rest = divmod(abs(cents), 100)
    return f"{sign}{thousands(whole)},{rest:02d} €"


def percentage(basis_points: int) -> str:
    """German notation, such as `12,5 %`."""
    whole, rest = divmod(basis_points, 100)
    decimals = f",{rest:02d}".rstrip("0") if rest else ""
    return f"{whole}{decimals} %"
