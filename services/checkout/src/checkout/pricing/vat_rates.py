"""Rates of VAT by tax class and day, and their notation as a setting (X-20)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import get_args

from zugabe_events.contracts.catalog_shops import TaxClass
from zugabe_events.domain.money import FULL

TAX_CLASSES: tuple[TaxClass, ...] = get_args(TaxClass.__value__)

ENTRY = re.compile(r"(\w+)=(\d{1,3}(?:\.\d+)?)@(\d{4}-\d{2}-\d{2})", re.ASCII)

GERMAN_RATES = (
    "standard=15@1993-01-01, standard=16@1998-04-01, standard=19@2007-01-01, "
    "standard=16@2020-07-01, standard=19@2021-01-01, "
    "reduced=7@1993-01-01, reduced=5@2020-07-01, reduced=7@2021-01-01, "
    "zero=0@1993-01-01"
)


@dataclass(frozen=True, slots=True)
class RateFrom:
    """A rate in basis points, from the beginning of a day on."""

    day: date
    rate: int

    def __str__(self) -> str:
        return f"{format(Decimal(self.rate).scaleb(-2).normalize(), 'f')}@{self.day}"


@dataclass(frozen=True, slots=True)
class VatRates:
    """Every class has at least one rate, in ascending order of days.

    The first rate of a class holds on all days before, too.
    """

    by_class: Mapping[TaxClass, Sequence[RateFrom]]

    def rate_of(self, tax: TaxClass, day: date) -> int:
        """The rate in force on a day, in basis points."""
        history = self.by_class[tax]
        begun = [entry.rate for entry in history if entry.day <= day]
        return begun[-1] if begun else history[0].rate

    def __str__(self) -> str:
        """As the setting is written."""
        return ", ".join(f"{tax}={entry}" for tax in TAX_CLASSES for entry in self.by_class[tax])


def parse_vat_rates(text: str) -> VatRates:
    """`standard=19@2007-01-01, …`: percentages from a day on, those of a class in order.

    A class that is not named keeps the German rates. Raises ValueError, without quoting.
    """
    by_class = {**histories(GERMAN_RATES), **histories(text)}
    return VatRates({tax: tuple(by_class[tax]) for tax in TAX_CLASSES})


def histories(text: str) -> dict[TaxClass, list[RateFrom]]:
    found: dict[TaxClass, list[RateFrom]] = {}
    for number, entry in enumerate(text.split(","), start=1):
        try:
            tax, begins = rate_in(entry.strip())
        except ValueError as error:
            message = f"rate {number}: {error}"
            raise ValueError(message) from None
        found.setdefault(tax, []).append(begins)
    for tax, history in found.items():
        if any(later.day <= earlier.day for earlier, later in pairwise(history)):
            message = f"the days of {tax} do not ascend"
            raise ValueError(message)
    return found


def rate_in(entry: str) -> tuple[TaxClass, RateFrom]:
    match = ENTRY.fullmatch(entry)
    if match is None:
        raise ValueError("not class=percent@day, like standard=19@2007-01-01")
    tax = next((known for known in TAX_CLASSES if known == match[1]), None)
    if tax is None:
        message = f"the classes are {', '.join(TAX_CLASSES)}"
        raise ValueError(message)
    basis_points = Decimal(match[2]) * 100
    if basis_points != int(basis_points) or basis_points > FULL:
        raise ValueError("0 to 100 percent, with two decimals at most")
    try:
        day = date.fromisoformat(match[3])
    except ValueError:
        raise ValueError("there is no such day") from None
    return tax, RateFrom(day, int(basis_points))


GERMANY = parse_vat_rates(GERMAN_RATES)
