"""One answer in canonical text, by the kind of its question."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from onboarding.form.definition import MAX_LENGTHS, MAX_NUMBER
from zugabe_events.contracts.onboarding import FieldKind, FormColumn
from zugabe_events.domain.email_address import is_deliverable
from zugabe_events.domain.german_numbers import thousands
from zugabe_events.domain.visible_text import trimmed

YES, NO = "ja", "nein"
FIRST_YEAR, LAST_YEAR = 1900, 2200
DECIMALS = 6

PHONE = re.compile(r"[+0-9][0-9 ()/.-]{3,38}[0-9]", re.ASCII)
WHOLE = re.compile(r"-?[0-9]{1,13}", re.ASCII)
DECIMAL = re.compile(r"-?[0-9]{1,13}(\.[0-9]{1,6})?", re.ASCII)
WEB_ADDRESS = re.compile(
    r"(https?://)?([^\W_]([\w-]{0,61}[^\W_])?\.){1,10}[^\W\d_]{2,63}(:[0-9]{1,5})?([/?#]\S*)?",
    re.IGNORECASE,
)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\u2028\u2029\ud800-\udfff]")

type Value = bool | int | float | str | Sequence[str] | None


class WrongError(ValueError):
    """A mistake in a value, in German, without repeating the value."""


def texts_of(column: FormColumn, value: Value) -> tuple[str, ...]:
    """Canonical; empty when it is not answered. Raises WrongError."""
    if column.kind == "choices":
        return chosen(column, value)
    if isinstance(value, str):
        value = plain(value)
    if value is None or value == "":
        return ()
    return (READ[column.kind](column, value),)


def plain(text: str) -> str:
    """Composed characters, one kind of line end, nothing blank or invisible around (D21)."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(map(str.rstrip, trimmed(lines).split("\n")))


def chosen(column: FormColumn, value: Value) -> tuple[str, ...]:
    """In the order of the form, however they were sent."""
    if value is None or value == "":
        return ()
    several = [value] if isinstance(value, str) else value
    if isinstance(several, bool | int | float) or not all(
        isinstance(choice, str) for choice in several
    ):
        raise WrongError("Erwartet wird eine Liste der gewählten Möglichkeiten.")
    picked = {choice(column, plain(each)) for each in several}
    return tuple(each for each in column.choice_ids or column.choices if each in picked)


def words(column: FormColumn, value: Value) -> str:
    if not isinstance(value, str):
        raise WrongError("Erwartet wird ein Text.")
    if CONTROL.search(value) or ("\n" in value and column.kind != "long-text"):
        raise WrongError("Der Text enthält Zeichen, die hier nicht erlaubt sind.")
    most = min(MAX_LENGTHS[column.kind], column.most or MAX_NUMBER)
    if not (column.least or 0) <= len(value) <= most:
        at_least = f"muss mindestens {column.least} und " if column.least else ""
        at_most = f"höchstens {thousands(most)} Zeichen lang sein."
        raise WrongError(f"Der Text {at_least or 'darf '}{at_most}")
    if column.web_address and not WEB_ADDRESS.fullmatch(value):
        raise WrongError("Erwartet wird eine Webadresse wie www.ihre-marke.de.")
    return value


def email(column: FormColumn, value: Value) -> str:
    text = words(column, value)
    if not is_deliverable(text):
        raise WrongError("Erwartet wird eine E-Mail-Adresse.")
    return text


def phone(column: FormColumn, value: Value) -> str:
    text = words(column, value)
    if not PHONE.fullmatch(text):
        raise WrongError("Erwartet wird eine Telefonnummer.")
    return text


def whole_number(column: FormColumn, value: Value) -> str:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise WrongError("Erwartet wird eine ganze Zahl.")
    if not WHOLE.fullmatch(text := str(value) if abs_fits(value) else ""):
        raise WrongError("Erwartet wird eine ganze Zahl.")
    return bounded(column, Decimal(text))


def decimal(column: FormColumn, value: Value) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise WrongError("Erwartet wird eine Zahl wie 1234,5.")
    try:
        text = with_point(value) if isinstance(value, str) else f"{Decimal(repr(value)):f}"
    except (InvalidOperation, ValueError):  # beyond what Python writes in digits
        text = ""
    if not DECIMAL.fullmatch(text):
        raise WrongError(
            f"Erwartet wird eine Zahl wie 1234,5 mit höchstens {DECIMALS} Nachkommastellen."
        )
    return bounded(column, Decimal(text))


def with_point(text: str) -> str:
    """A comma is the decimal one of German; dots between thousands are not taken."""
    return text.replace(",", ".") if "." not in text else text


def abs_fits(value: int | str) -> bool:
    return isinstance(value, str) or abs(value) <= MAX_NUMBER


def bounded(column: FormColumn, number: Decimal) -> str:
    least = -MAX_NUMBER if column.least is None else column.least
    most = MAX_NUMBER if column.most is None else column.most
    if not least <= number <= most:
        raise WrongError(bounds(column, least, most))
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return str(int(text)) if "." not in text else text


def bounds(column: FormColumn, least: int, most: int) -> str:
    if column.most is None and column.least is not None:
        return f"Die Zahl muss mindestens {thousands(least)} betragen."
    if column.least is None and column.most is not None:
        return f"Die Zahl darf höchstens {thousands(most)} betragen."
    return f"Die Zahl muss zwischen {thousands(least)} und {thousands(most)} liegen."


def yes_or_no(_: FormColumn, value: Value) -> str:
    match value:
        case True | "ja":
            return YES
        case False | "nein":
            return NO
        case _:
            raise WrongError("Erwartet wird ja oder nein.")


def choice(column: FormColumn, value: Value) -> str:
    """The id of the choice if it has one, also when its label was sent (Q33)."""
    if isinstance(value, str):
        if value in column.choice_ids or (value in column.choices and not column.choice_ids):
            return value
        if value in column.choices:
            return column.choice_ids[column.choices.index(value)]
    raise WrongError("Das steht nicht zur Auswahl.")


def day(_: FormColumn, value: Value) -> str:
    try:
        found = date.fromisoformat(value if isinstance(value, str) and DAY.fullmatch(value) else "")
    except ValueError:
        raise WrongError("Erwartet wird ein Datum wie 2026-12-31.") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise WrongError(f"Das Jahr muss zwischen {FIRST_YEAR} und {LAST_YEAR} liegen.")
    return found.isoformat()


READ: Mapping[FieldKind, Callable[[FormColumn, Value], str]] = {
    "text": words,
    "long-text": words,
    "whole-number": whole_number,
    "decimal": decimal,
    "yes-no": yes_or_no,
    "choice": choice,
    "email": email,
    "phone": phone,
    "date": day,
}
"""Several choices are several answers: `chosen`."""
