"""Rules for prices, wherever they come from; and the one form in which they are compared."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import pairwise

from msgspec.structs import replace

from zugabe_events.contracts.catalog_shops import Price, PriceStep
from zugabe_events.domain.calendar import german_date
from zugabe_events.domain.errors import InvalidError

MAX_AMOUNT = Decimal(10_000_000)
MAX_DECIMALS = 4
SHOWN_DECIMALS = 2
MAX_PRICES = 20
MAX_STEPS = 20
MAX_QUANTITY = 1_000_000
LAST_YEAR = 2200
"""A validity that ends later is open."""


def checked_prices(prices: Iterable[Price]) -> tuple[Price, ...]:
    """Prices by the beginning of their validity. Raises InvalidError."""
    given = tuple(prices)
    if len(given) > MAX_PRICES:
        raise InvalidError(
            f"Ein Artikel kann höchstens {MAX_PRICES} Preise haben.",
            code="prices-too-many",
            most=MAX_PRICES,
        )
    checked = tuple(sorted(map(checked_price, given), key=first_day))
    for one, following in pairwise(checked):
        if one.valid_from == following.valid_from:
            raise InvalidError(
                f"Zwei Preise gelten {beginning(one)}: Welcher soll gelten?",
                code="prices-ambiguous",
            )
    return checked


def first_day(price: Price) -> date:
    return price.valid_from or date.min


def beginning(price: Price) -> str:
    return f"ab dem {german_date(price.valid_from)}" if price.valid_from else "ohne ersten Tag"


def checked_price(price: Price) -> Price:
    if not 1 <= price.quantity <= MAX_QUANTITY:
        raise InvalidError(
            "Die Preiseinheit muss zwischen 1 und 1.000.000 liegen.", code="price-unit-invalid"
        )
    if price.valid_from and price.valid_until and price.valid_until < price.valid_from:
        raise InvalidError(
            "Die Gültigkeit des Preises endet, bevor sie beginnt.", code="price-validity-reversed"
        )
    until = price.valid_until
    return replace(
        price,
        steps=checked_steps(price.steps),
        valid_until=None if until and until.year > LAST_YEAR else until,
    )


def checked_steps(steps: Iterable[PriceStep]) -> tuple[PriceStep, ...]:
    given = sorted(steps, key=lambda step: step.from_quantity)
    if not 1 <= len(given) <= MAX_STEPS:
        raise InvalidError(
            f"Ein Preis hat 1 bis {MAX_STEPS} Staffeln.", code="price-steps-number", most=MAX_STEPS
        )
    quantities = [step.from_quantity for step in given]
    if not all(1 <= quantity <= MAX_QUANTITY for quantity in quantities):
        raise InvalidError(
            "Eine Staffel beginnt bei einer Menge von 1 bis 1.000.000.",
            code="price-step-quantity-invalid",
        )
    if len(set(quantities)) < len(quantities):
        raise InvalidError(
            "Zwei Staffeln beginnen bei derselben Menge.", code="price-steps-ambiguous"
        )
    return tuple(PriceStep(step.from_quantity, checked_amount(step.amount)) for step in given)


def checked_amount(amount: Decimal) -> Decimal:
    """An amount with at least two decimals, and as many more as it needs."""
    if not amount.is_finite() or not 0 < amount <= MAX_AMOUNT:
        raise InvalidError(
            "Ein Preis muss größer als 0 und darf höchstens 10.000.000 € sein.",
            code="price-out-of-range",
        )
    if decimals_of(amount) > MAX_DECIMALS:
        raise InvalidError(
            "Ein Preis hat höchstens vier Nachkommastellen.", code="price-too-precise"
        )
    return amount.quantize(Decimal(1).scaleb(-max(decimals_of(amount), SHOWN_DECIMALS)))


def decimals_of(amount: Decimal) -> int:
    """Decimals without zeros at the end, counted without rounding."""
    _, digits, exponent = amount.as_tuple()
    assert isinstance(exponent, int)  # it is finite
    zeros = next((at for at, digit in enumerate(reversed(digits)) if digit), 0)
    return max(0, -(exponent + zeros))
