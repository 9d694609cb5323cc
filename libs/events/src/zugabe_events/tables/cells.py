"""Contents of cells, and their readings in columns of texts, numbers or days."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from zugabe_events.domain.german_numbers import thousands
from zugabe_events.domain.reserved_text import RESERVED, looks_sealed
from zugabe_events.domain.visible_text import trimmed
from zugabe_events.tables.number_format import date_letters, formatted, is_percentage, is_plain
from zugabe_events.tables.numbers import (
    SHORTENED,
    WrittenWrongError,
    day_of,
    decimal_of,
    german,
)

type Kind = Literal["text", "number", "day"]

MAX_EXACT = 10**15
"""Spreadsheets keep fifteen digits; longer numbers end in zeros that nobody typed."""

GERMAN_ERRORS = {
    "#N/A": "#NV",
    "#REF!": "#BEZUG!",
    "#VALUE!": "#WERT!",
    "#NUM!": "#ZAHL!",
    "#SPILL!": "#ÜBERLAUF!",
    "#CALC!": "#KALK!",
    "#FIELD!": "#FELD!",
}
ERRORS = frozenset({"#NULL!", "#DIV/0!", "#NAME?", *GERMAN_ERRORS, *GERMAN_ERRORS.values()})
NARROW = re.compile("#{3,}")
TWICE_ENCODED = re.compile(
    "[ÂÃ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€[\u0080-\u00bf“œ™˜ž¦š]|â‚¬"
)
NOT_CALCULATED = (
    "Hier steht eine Formel, die noch nicht berechnet ist. Bitte die Datei in Excel öffnen und "
    "speichern."
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number and the format in which it is shown; `seen` if the file says what that gives."""

    value: float
    format: str = ""
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that no column can read, with the reason in German."""

    reason: str


type Cell = str | bool | Number | datetime | Fault | None
"""`None` has no value; an empty text is the result of a formula."""


class CellError(ValueError):
    """The reason why a column does not take a cell, in German."""


def number_cell(value: float, number_format: str, *, from_1904: bool = False) -> Cell:
    """A number, or the instant that its format shows."""
    letters = date_letters(number_format)
    if not set(letters) & set("yd"):
        return Number(value, number_format)
    days = value + 1462 if from_1904 else value
    if not 1 <= days < 2_958_466 or 60 <= days < 61:
        return Fault(f"Hier steht ein Datum, das es nicht gibt ({value:g}).")
    since = datetime(1899, 12, 30 if days >= 61 else 31)  # noqa: DTZ001 - as in workbooks
    return since + timedelta(seconds=round(days * 86_400))


def error_cell(code: str) -> Fault:
    """An error as English and German Excel show it."""
    german_code = GERMAN_ERRORS.get(code)
    seen = f"{code} ({german_code})" if german_code else code[:20]
    return Fault(f"Hier steht der Fehler {seen}.")


def too_long(max_characters: int) -> Fault:
    return Fault(f"Der Text ist zu lang, höchstens {thousands(max_characters)} Zeichen.")


def read(cell: Cell, kind: Kind) -> str:
    """The cell in one spelling: numbers as `1234.5`, days as `2026-12-31`. Raise CellError."""
    if cell is None:
        return ""
    if isinstance(cell, Fault):
        raise CellError(cell.reason)
    if isinstance(cell, str):
        cell = trimmed(cell)
        if not cell:
            return ""
        refuse_errors(cell)
        if looks_sealed(cell):
            raise CellError(RESERVED)
    match kind:
        case "text":
            return text_of(cell)
        case "number":
            return format(number_of(cell), "f")
        case "day":
            return day_text_of(cell)


def refuse_errors(text: str) -> None:
    if text.startswith("#") and (text.upper() in ERRORS or NARROW.fullmatch(text)):
        raise CellError(f"Hier steht der Fehler {text[:20]}.")


def text_of(cell: str | bool | Number | datetime) -> str:
    match cell:
        case str():
            if cell[:1] in "+-0123456789" and SHORTENED.fullmatch(cell):
                raise CellError(
                    f"Excel hat die Zahl zu „{cell}“ verkürzt. Bitte die Spalte als Text "
                    "formatieren und die Zahl neu eintragen."
                )
            if not cell.isascii() and (garbled := TWICE_ENCODED.search(cell)):
                raise CellError(
                    f"Der Text enthält „{garbled.group()}“: Umlaute sind schon vor dem Speichern "
                    "zerstört worden."
                )
            return cell
        case bool():
            raise unexpected_truth(cell, "ein Text")
        case datetime():
            raise unexpected_day(cell, "ein Text")
        case Number():
            return digits_of(cell)


def digits_of(number: Number) -> str:
    """A number in a column of texts, as its format shows it."""
    value = number.value
    if abs(value) >= MAX_EXACT:
        raise CellError(
            "Excel merkt sich nur 15 Ziffern einer Zahl. Bitte die Spalte als Text formatieren und "
            "die Zahl neu eintragen."
        )
    exact = f"{value:.15g}".replace(".", ",")
    if number.seen:
        is_shown = value == int(value) and number.seen.endswith(exact.lstrip("-"))
        text = number.seen if is_shown or number.seen == exact else None
    elif is_plain(number.format):
        text = exact
    else:
        text = formatted(int(value), number.format) if value == int(value) else None
    if text is None or "e" in text:
        seen = f"als „{number.seen[:40]}“" if number.seen else f"im Format „{number.format[:40]}“"
        raise CellError(
            f"Hier steht eine Zahl, angezeigt {seen}. Bitte die Spalte als Text formatieren und "
            "den Wert so eintragen, wie er gelesen werden soll."
        )
    return text


def number_of(cell: str | bool | Number | datetime) -> Decimal:
    match cell:
        case str():
            try:
                return decimal_of(cell)
            except WrittenWrongError as error:
                raise CellError(str(error)) from error
        case bool():
            raise unexpected_truth(cell, "eine Zahl")
        case datetime():
            raise unexpected_day(cell, "eine Zahl")
        case Number():
            if is_percentage(cell.format):
                raise CellError("Hier steht ein Prozentwert, erwartet wird eine Zahl.")
            if date_letters(cell.format):
                raise CellError("Hier steht eine Uhrzeit, erwartet wird eine Zahl.")
            return Decimal(f"{cell.value:.15g}")


def day_text_of(cell: str | bool | Number | datetime) -> str:
    match cell:
        case str():
            try:
                return day_of(cell).isoformat()
            except WrittenWrongError as error:
                raise CellError(str(error)) from error
        case datetime():
            if cell.time().isoformat() != "00:00:00":
                raise CellError(f"Hier steht auch eine Uhrzeit ({german(cell)}).")
            return cell.date().isoformat()
        case _:
            raise CellError("Erwartet wird ein Datum wie 31.12.2026.")


def unexpected_truth(value: bool, expected: str) -> CellError:
    german_value = "WAHR" if value else "FALSCH"
    return CellError(f"Hier steht der Wahrheitswert {german_value}, erwartet wird {expected}.")


def unexpected_day(instant: datetime, expected: str) -> CellError:
    return CellError(f"Hier steht ein Datum ({german(instant)}), erwartet wird {expected}.")
