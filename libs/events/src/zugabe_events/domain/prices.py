"""Net prices with price units and quantity steps, and what a line costs: exact, rounded once.

Whoever shows or charges a price computes it here: `catalog-shops` and `checkout` agree to the cent.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal

from zugabe_events.domain.calendar import is_within, start_of
from zugabe_events.domain.event import Fact, Instant
from zugabe_events.domain.german_numbers import thousands
from zugabe_events.domain.versions import latest, version_at

MAX_VERSIONS = 50
"""Versions of prices that a reader keeps of each article."""

COMPARED = timedelta(days=30)
"""The number of days in which the lowest price is looked for (Q13)."""


class PriceStep(Fact, frozen=True):
    """`amount` in euro for the price's quantity, from so many units on; at most four decimals."""

    from_quantity: int
    amount: Decimal


class Price(Fact, frozen=True):
    """A net price within its validity, both days inclusive in Berlin; None is open.

    `quantity` is the price unit: 3.49 for 100 pieces is a quantity of 100. Steps ascend.
    """

    steps: tuple[PriceStep, ...]
    quantity: int = 1
    valid_from: date | None = None
    valid_until: date | None = None


class PriceVersion(Fact, frozen=True):
    """All prices of an article for somebody, in force from `effective_at` to the next version."""

    version: int
    effective_at: Instant
    prices: tuple[Price, ...]


type PriceSource = Literal["central", "dealer", "customer"]


class PriceInForce(Fact, frozen=True):
    """A price with what it is based on: recorded by whoever promises it."""

    source: PriceSource
    version: int
    price: Price


def with_version(versions: Sequence[PriceVersion], added: PriceVersion) -> tuple[PriceVersion, ...]:
    """`versions` with one more, in their order and without the oldest ones beyond MAX_VERSIONS."""
    others = [version for version in versions if version.version != added.version]
    return tuple(sorted([*others, added], key=lambda version: version.version)[-MAX_VERSIONS:])


def next_version(
    versions: Sequence[PriceVersion],
    prices: tuple[Price, ...],
    at: datetime,
    effective_at: datetime | None = None,
) -> PriceVersion | None:
    """The version that brings `prices` into force; None if they are.

    Without `effective_at` it follows the others, even if clocks of two processes differ.
    """
    last = latest(versions)
    begins = effective_at or max(at, last.effective_at if last else at)
    present = version_at(versions, begins)
    if prices == (present.prices if present else ()):
        return None
    return PriceVersion(versions[-1].version + 1 if versions else 1, begins, prices)


def valid_price(prices: Iterable[Price], at: datetime) -> Price | None:
    """Of prices that overlap, the one that begins last."""
    valid = [price for price in prices if is_within(at, price.valid_from, price.valid_until)]
    return max(valid, key=lambda price: price.valid_from or date.min, default=None)


def in_force(
    versions: Iterable[PriceVersion], at: datetime, source: PriceSource
) -> PriceInForce | None:
    version = version_at(versions, at)
    price = valid_price(version.prices, at) if version else None
    return PriceInForce(source, version.version, price) if version and price else None


def listed_price(
    at: datetime, central: Iterable[PriceVersion], dealer: Iterable[PriceVersion]
) -> PriceInForce | None:
    """The price for everybody at a dealer: their own, else the central one."""
    return in_force(dealer, at, "dealer") or in_force(central, at, "central")


def price_for(
    at: datetime,
    quantity: int,
    *,
    central: Iterable[PriceVersion] = (),
    dealer: Iterable[PriceVersion] = (),
    customer: Iterable[PriceVersion] = (),
) -> PriceInForce | None:
    """The price of so many units: the dealer's instead of the central one, and instead of both what
    is agreed with the customer, unless that begins at a larger quantity (Q34).

    None: the article has no price, or cannot be had in so small a quantity.
    """
    listed = listed_price(at, central, dealer)
    agreed = in_force(customer, at, "customer")
    for found in (agreed, listed):
        if found is not None and step_of(found.price, quantity) is not None:
            return found
    return None


def step_of(price: Price, quantity: int) -> PriceStep | None:
    """The step for a quantity; None below the lowest one."""
    found: PriceStep | None = None
    for step in price.steps:
        is_reached = step.from_quantity <= quantity
        if is_reached and (found is None or found.from_quantity < step.from_quantity):
            found = step
    return found


def exact_ratio(price: Price, quantity: int) -> tuple[int, int]:
    """Euro for one unit when so many are ordered, as two whole numbers, since fractions are slow.

    Raises ValueError below the lowest step.
    """
    step = step_of(price, quantity)
    if step is None:
        message = f"there is no price for {quantity}"
        raise ValueError(message)
    numerator, denominator = step.amount.as_integer_ratio()
    return numerator, denominator * price.quantity


def exact_net(price: Price, quantity: int) -> Fraction:
    """Euro for so many units, not rounded. Raises ValueError below the lowest step."""
    numerator, denominator = exact_ratio(price, quantity)
    return Fraction(numerator * quantity, denominator)


def line_net_cents(price: Price, quantity: int) -> int:
    """The price of a line of that many units, rounded half up to the cent, once (X-34)."""
    numerator, denominator = exact_ratio(price, quantity)
    return half_up(numerator * quantity * 100, denominator)


def unit_net_cents(price: Price, quantity: int) -> int:
    """Cents for one unit when so many are ordered: not to be multiplied."""
    numerator, denominator = exact_ratio(price, quantity)
    return half_up(numerator * 100, denominator)


def unit_net(price: Price, quantity: int) -> Decimal:
    """Euro for one unit when so many are ordered, to four decimals: for display only."""
    numerator, denominator = exact_ratio(price, quantity)
    return Decimal(half_up(numerator * 10_000, denominator)).scaleb(-4)


def half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


def lowest_price(
    at: datetime, *, central: Sequence[PriceVersion] = (), dealer: Sequence[PriceVersion] = ()
) -> Price | None:
    """The price for everybody that was lowest in the 30 days before, by its first step (Q13).

    None: there was no price.
    """
    found = [
        listed.price
        for moment in moments_of_change([*central, *dealer], at - COMPARED, at)
        if (listed := listed_price(moment, central, dealer))
    ]
    return min(found, key=first_net, default=None)


def first_net(price: Price) -> Fraction:
    """Euro for one unit at the lowest step."""
    return Fraction(price.steps[0].amount) / price.quantity


def moments_of_change(
    versions: Iterable[PriceVersion], start: datetime, end: datetime
) -> list[datetime]:
    """`start`, and each later moment before `end` at which another price may begin."""
    moments = {start}
    for version in versions:
        moments.add(version.effective_at)
        for price in version.prices:
            if price.valid_from is not None:
                moments.add(start_of(price.valid_from))
            if price.valid_until is not None:
                moments.add(start_of(price.valid_until + timedelta(days=1)))
    return sorted(moment for moment in moments if start <= moment < end)


def german_amount(amount: Decimal) -> str:
    """German notation of a price, such as `1.234,50 €` or `0,0349 €`."""
    whole, _, decimals = f"{amount.quantize(Decimal('0.0001'), ROUND_HALF_UP):f}".partition(".")
    return f"{thousands(int(whole))},{decimals[:2]}{decimals[2:].rstrip('0')} €"
