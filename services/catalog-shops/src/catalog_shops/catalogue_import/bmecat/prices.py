"""Prices of a BMEcat article: net, in euro, for Germany, exact."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from catalog_shops.article.schedule import MAX_PRICES, MAX_QUANTITY, MAX_STEPS
from catalog_shops.catalogue_import.bmecat.element import Element
from catalog_shops.catalogue_import.bmecat.header import Header
from catalog_shops.catalogue_import.records import (
    RecordPrice,
    WrongArticleError,
    decimal_of,
)
from zugabe_events.contracts.catalog_shops import PriceStep, TaxClass

NET_TYPES = ("net_list", "net_customer")
"""The first that an article has in euro counts."""

HERE = frozenset({"DE", "EU"})

MAX_DECIMALS = 4
MAX_AMOUNT = Decimal(10_000_000)

TAXES: dict[Decimal, TaxClass] = {
    Decimal("0.19"): "standard",
    Decimal("0.16"): "standard",
    Decimal("0.07"): "reduced",
    Decimal("0.05"): "reduced",
    Decimal(0): "zero",
}
"""Rates in Germany, with those of earlier years."""


def prices_of(
    article: Element, header: Header
) -> tuple[tuple[RecordPrice, ...], TaxClass | None] | None:
    """The prices and their tax class, if the file says it; None if it has no prices.

    Raises WrongArticleError if it has some, and none can be taken over.
    """
    blocks = [
        (block, [price for price in block.all("ARTICLE_PRICE") if price.text_of("PRICE_AMOUNT")])
        for block in article.all("ARTICLE_PRICE_DETAILS")
    ]
    every = [price for _, prices in blocks for price in prices]
    if not every:
        if any(price.first("PRICE_FORMULA") for block, _ in blocks for price in block.children):
            raise WrongArticleError("Preise mit Formeln sind nicht möglich.")
        return None
    if any(block.text_of("DAILY_PRICE").lower() == "true" for block, _ in blocks):
        raise WrongArticleError("Tagespreise sind nicht möglich.")
    usable = {id(price) for price in usable_of(every, header)}
    quantity = quantity_of(article)
    found = [
        price_of(block, [price for price in prices if id(price) in usable], quantity)
        for block, prices in blocks
        if any(id(price) in usable for price in prices)
    ]
    if len(found) > MAX_PRICES:
        raise WrongArticleError(f"Der Artikel hat mehr als {MAX_PRICES} Preise.")
    return tuple(found), tax_of([price for price in every if id(price) in usable])


def usable_of(prices: Sequence[Element], header: Header) -> Sequence[Element]:
    """Those that count. Raises WrongArticleError if none does."""
    here = [price for price in prices if HERE & territories_of(price, header)]
    if not here:
        raise WrongArticleError("Kein Preis gilt für Deutschland.")
    currencies = [price.text_of("PRICE_CURRENCY") or header.currency for price in here]
    in_euro = [price for price, name in zip(here, currencies, strict=True) if name.upper() == "EUR"]
    if not in_euro:
        named = ", ".join(sorted({name or "ohne Währung" for name in currencies}))
        raise WrongArticleError(f"Kein Preis ist in Euro (sondern: {named[:60]}).")
    for kind in NET_TYPES:
        if net := [price for price in in_euro if price.attributes.get("price_type", "") == kind]:
            return net
    kinds = sorted({price.attributes.get("price_type", "ohne Art") for price in in_euro})
    raise WrongArticleError(f"Kein Preis ist ein Nettopreis (sondern: {', '.join(kinds)[:100]}).")


def territories_of(price: Element, header: Header) -> set[str]:
    named = {territory.text().upper() for territory in price.all("TERRITORY")}
    return named or set(header.territories) or set(HERE)


def price_of(block: Element, prices: Sequence[Element], quantity: int | None) -> RecordPrice:
    steps = sorted(map(step_of, prices))
    if len(steps) > MAX_STEPS:
        raise WrongArticleError(f"Der Artikel hat mehr als {MAX_STEPS} Preisstaffeln.")
    amounts = dict(steps)
    if len(amounts) < len(set(steps)):
        raise WrongArticleError("Für dieselbe Menge gibt es zwei Preise.")
    decimals = max(decimals_of(amount) for amount in amounts.values())
    shift = max(decimals - MAX_DECIMALS, 0)
    if shift:
        quantity = (quantity or 1) * 10**shift
    if quantity is not None and quantity > MAX_QUANTITY:
        raise WrongArticleError(f"Ein Preis hat {decimals} Nachkommastellen.")
    valid_from, valid_until = validity_of(block)
    if valid_from and valid_until and valid_until < valid_from:
        raise WrongArticleError("Ein Preis endet, bevor er beginnt.")
    return RecordPrice(
        tuple(
            PriceStep(bound, plain_decimal(amount.scaleb(shift)))
            for bound, amount in amounts.items()
        ),
        quantity,
        valid_from,
        valid_until,
    )


def step_of(price: Element) -> tuple[int, Decimal]:
    amount = number_of(price.text_of("PRICE_AMOUNT"), "Der Preis")
    factor = number_of(price.text_of("PRICE_FACTOR") or "1", "Der Preisfaktor")
    bound = number_of(price.text_of("LOWER_BOUND") or "1", "Die Staffelmenge")
    if bound != int(bound) or bound < 1:
        raise WrongArticleError(f"Die Staffelmenge „{bound}“ ist keine ganze Zahl ab 1.")
    decimals = max(decimals_of(amount), MAX_DECIMALS)
    product = (amount * factor).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    if product > MAX_AMOUNT:
        raise WrongArticleError("Ein Preis ist zu hoch.")
    return int(bound), product


def number_of(text: str, what: str) -> Decimal:
    number = decimal_of(text)
    if number is None:
        raise WrongArticleError(f"{what} „{text[:40]}“ ist keine Zahl.")
    return number


def decimals_of(amount: Decimal) -> int:
    exponent = amount.normalize().as_tuple().exponent
    assert isinstance(exponent, int), "numbers are finite"
    return max(-exponent, 0)


def plain_decimal(amount: Decimal) -> Decimal:
    """Without an exponent, and with at least two decimals, so that equal amounts look equal."""
    return amount.normalize().quantize(Decimal(1).scaleb(-max(decimals_of(amount), 2)))


def quantity_of(article: Element) -> int | None:
    """The price unit; None if the file does not name it."""
    details = article.first("ARTICLE_ORDER_DETAILS")
    if details is None:
        return None
    text = details.text_of("PRICE_QUANTITY")
    if not text:
        return 1
    quantity = number_of(text, "Die Preiseinheit")
    if quantity != int(quantity) or not 1 <= quantity <= MAX_QUANTITY:
        raise WrongArticleError(f"Die Preiseinheit „{text[:40]}“ ist keine ganze Zahl ab 1.")
    return int(quantity)


def validity_of(block: Element) -> tuple[date | None, date | None]:
    days = {
        named.attributes.get("type", ""): named.text_of("DATE") for named in block.all("DATETIME")
    }
    first = block.text_of("VALID_START_DATE") or days.get("valid_start_date", "")
    last = block.text_of("VALID_END_DATE") or days.get("valid_end_date", "")
    return day_of(first), day_of(last)


def day_of(text: str) -> date | None:
    """The day of a date, with or without a time behind it."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        raise WrongArticleError(f"Das Datum „{text[:40]}“ ist nicht lesbar.") from None
    if not 1900 <= day.year <= 2200:
        raise WrongArticleError(f"Das Datum „{text[:40]}“ liegt zu weit weg.")
    return day


def tax_of(prices: Sequence[Element]) -> TaxClass | None:
    found: set[TaxClass] = set()
    for price in prices:
        details = price.first("TAX_DETAILS")
        text = price.text_of("TAX") or (details.text_of("TAX") if details is not None else "")
        if not text:
            continue
        rate = number_of(text, "Der Steuersatz")
        tax = TAXES.get((rate / 100 if rate >= 1 else rate).normalize())
        if tax is None:
            raise WrongArticleError(f"Der Steuersatz „{text[:40]}“ gilt in Deutschland nicht.")
        found.add(tax)
    if len(found) > 1:
        raise WrongArticleError("Die Preise haben verschiedene Steuersätze.")
    return next(iter(found), None)
