"""Limits of terms of sale, and all in which terms are beyond them."""

import re
from collections import Counter
from collections.abc import Iterator

from checkout.terms.refusals import FieldProblem
from zugabe_events.contracts.checkout import ApprovalRule, SalesTerms
from zugabe_events.domain.german_numbers import thousands
from zugabe_events.domain.money import euros

COUNTRY = re.compile(r"[A-Z]{2}")
"""ISO 3166, two letters."""

MAX_COUNTRIES = 250
MAX_SHIPPING_CENTS = 10**7
MAX_VALUE_CENTS = 10**12
MAX_RETURN_DAYS = 365
MAX_APPROVAL_DAYS = 60
"""Vouchers and rewards are held for an order that waits, and cannot be used otherwise."""

MAX_CANCELLATIONS = 1_000


def problems_of(terms: SalesTerms) -> Iterator[FieldProblem]:
    yield from problems_of_shipping(terms)
    yield from amount("earning_minimum_cents", terms.earning_minimum_cents)
    yield from amount("review_order_cents", terms.review_order_cents, least=1)
    yield from amount("review_day_cents", terms.review_day_cents, least=1)
    yield from count("return_days", terms.return_days, MAX_RETURN_DAYS)
    yield from count("approval_days", terms.approval_days, MAX_APPROVAL_DAYS)
    noticed = terms.alarm_after_cancellations
    yield from count("alarm_after_cancellations", noticed, MAX_CANCELLATIONS)


def problems_of_shipping(terms: SalesTerms) -> Iterator[FieldProblem]:
    if len(terms.shipping) > MAX_COUNTRIES:
        yield FieldProblem("shipping", "too-many", f"Höchstens {MAX_COUNTRIES} Länder.")
    times = Counter(one.country for one in terms.shipping)
    for number, one in enumerate(terms.shipping):
        field = f"shipping.{number}"
        if not COUNTRY.fullmatch(one.country):
            detail = "Ein Land wird mit zwei Großbuchstaben angegeben, wie „DE“."
            yield FieldProblem(f"{field}.country", "country-invalid", detail)
        elif times[one.country] > 1:
            detail = f"Das Land „{one.country}“ kommt mehrfach vor."
            yield FieldProblem(f"{field}.country", "country-repeated", detail)
        yield from amount(f"{field}.cost_cents", one.cost_cents, most=MAX_SHIPPING_CENTS)
        yield from amount(f"{field}.free_from_cents", one.free_from_cents, least=1)


def problems_of_approval(rule: ApprovalRule, above_cents: int) -> Iterator[FieldProblem]:
    if rule == "above":
        yield from amount("above_cents", above_cents, least=1)
    elif above_cents:
        detail = "Ein Wert gehört nur zu Genehmigungen ab einem Wert."
        yield FieldProblem("above_cents", "value-not-wanted", detail)


def amount(
    field: str, cents: int | None, *, least: int = 0, most: int = MAX_VALUE_CENTS
) -> Iterator[FieldProblem]:
    if cents is not None and not least <= cents <= most:
        detail = f"Der Betrag muss zwischen {euros(least)} und {euros(most)} liegen."
        yield FieldProblem(field, "amount-out-of-range", detail)


def count(field: str, number: int | None, most: int) -> Iterator[FieldProblem]:
    if number is not None and not 1 <= number <= most:
        detail = f"Die Zahl muss zwischen 1 und {thousands(most)} liegen."
        yield FieldProblem(field, "number-out-of-range", detail)
