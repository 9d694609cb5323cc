"""Numbers and days as Germans write them."""

import re
from datetime import date, datetime
from decimal import Decimal

MAX_DIGITS = 30

CURRENCY = re.compile(r"^(?:€|EUR)\s*|\s*(?:€|EUR)$", re.IGNORECASE)
NUMBER = re.compile(r"([+-]?)(\d+|[1-9]\d{0,2}(?:\.\d{3})+)(?:,(\d+))?", re.ASCII)
POINTED = re.compile(r"([+-]?)(\d+)\.(\d+)", re.ASCII)
AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}", re.ASCII)
ENGLISH = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
SHORTENED = re.compile(r"[+-]?[1-9](?:[.,]\d+)?E[+-]\d{2,3}", re.ASCII | re.IGNORECASE)

GERMAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?: 0?0:00(?::00)?)?", re.ASCII)
ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T]00:00(?::00)?)?", re.ASCII)


class WrittenWrongError(ValueError):
    """The reason, in German."""


def decimal_of(text: str) -> Decimal:
    """The exact number: `1.234,56`, `3,49`, `3.49`. Raise WrittenWrongError.

    A point before three digits may separate thousands or decimals, so `1.234` alone is refused.
    """
    written = CURRENCY.sub("", text.strip().replace("−", "-"), count=1)
    if SHORTENED.fullmatch(written):
        raise WrittenWrongError(
            f"Excel hat die Zahl zu „{written}“ verkürzt. Bitte die Spalte ohne Exponenten "
            "formatieren."
        )
    if AMBIGUOUS.fullmatch(written):
        raise WrittenWrongError(
            f"„{written}“ ist mehrdeutig. Bitte ohne Tausenderpunkt oder mit Komma schreiben: "
            f"{written.replace('.', '')} oder {written.replace('.', ',')}."
        )
    if len(written) > MAX_DIGITS:
        raise WrittenWrongError("Die Zahl hat zu viele Stellen.")
    if found := NUMBER.fullmatch(written) or POINTED.fullmatch(written):
        sign, whole, decimals = found.groups()
        exact = sign + whole.replace(".", "")
        return Decimal(f"{exact}.{decimals}" if decimals else exact)
    if ENGLISH.fullmatch(written):
        raise WrittenWrongError(
            "Die Zahl ist englisch geschrieben. Erwartet wird ein Komma vor den Nachkommastellen."
        )
    raise WrittenWrongError("Erwartet wird eine Zahl wie 1.234,56.")


def day_of(text: str) -> date:
    """The day: `31.12.2026` or `2026-12-31`. Raise WrittenWrongError."""
    written = text.strip()
    if found := GERMAN_DAY.fullmatch(written):
        day, month, year = map(int, found.groups())
    elif found := ISO_DAY.fullmatch(written):
        year, month, day = map(int, found.groups())
    else:
        raise WrittenWrongError("Erwartet wird ein Datum wie 31.12.2026.")
    try:
        return date(year, month, day)
    except ValueError as error:
        raise WrittenWrongError("Diesen Tag gibt es nicht.") from error


def german(instant: datetime) -> str:
    """A day as people see it, with the time if there is one."""
    day = f"{instant:%d.%m.%Y}"
    return f"{day} {instant:%H:%M}" if instant.time().isoformat() != "00:00:00" else day
