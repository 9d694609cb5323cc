"""Text that only the system itself writes: the beginning of sealed texts (S7, D1)."""

import re
from collections.abc import Iterator
from typing import Any
from unicodedata import category, normalize

from zugabe_events.domain.visible_text import without_invisible

MARK = re.compile(r"~zp[0-9]+:")
"""The beginnings of sealed texts of any format (`encryption.sealed_text`)."""

TILDES = ("~", "\uff5e")
"""All characters that are one once they are normalised."""

RESERVED = "Die Zeichenfolge „~zp1:“ ist dem System vorbehalten."


def looks_sealed(text: str) -> bool:
    """True for a text with the mark, also if it has it only once it is normalised: without case,
    width, and what nobody can see."""
    if not any(tilde in text for tilde in TILDES):
        return False
    seen = normalize("NFKC", without_invisible(text))
    return (
        MARK.search("".join(sign for sign in seen if category(sign)[0] != "C").lower()) is not None
    )


def broken_up(text: str) -> str:
    """The text without the mark, where a file has it that nobody can be asked about."""
    return without_mark(text) if looks_sealed(text) else text


def without_mark(text: str) -> str:
    for tilde in TILDES:
        text = text.replace(tilde, f"{tilde} ")
    return text


def reserved_in(value: Any, where: str) -> Iterator[str]:
    """The places in a JSON value that look sealed, such as `body.lines.0.note`."""
    match value:
        case str():
            if looks_sealed(value):
                yield where
        case dict():
            if any(map(looks_sealed, value)):
                yield where
            for name, item in value.items():
                yield from reserved_in(item, f"{where}.{name}")
        case list():
            for index, item in enumerate(value):
                yield from reserved_in(item, f"{where}.{index}")
