"""Number formats of spreadsheets: what a cell shows, and whether it is a day."""

import re
from functools import lru_cache

PARTS = re.compile(r'"([^"]*)"|\\(.)|\[([^\]]*)\]|(.)', re.DOTALL)
ELAPSED = re.compile(r"h+|m+|s+")
PLAIN = frozenset({"", "general", "standard", "@", "0"})
LITERALS = frozenset(" -/()+:$€")

BUILT_IN = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "dd.mm.yyyy",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "dd.mm.yyyy h:mm",
    37: "#,##0;-#,##0",
    38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
}
"""Formats that a workbook names by number only."""


@lru_cache
def is_plain(number_format: str) -> bool:
    """True for formats that show a whole number as its digits."""
    return number_format.casefold() in PLAIN


@lru_cache
def is_percentage(number_format: str) -> bool:
    return any(sign == "%" for _, _, _, sign in PARTS.findall(number_format))


@lru_cache
def date_letters(number_format: str) -> str:
    """The letters of a format that stand for years to seconds; none if it shows a number."""
    letters = ""
    for literal, escaped, bracket, sign in PARTS.findall(number_format.casefold()):
        if bracket:
            letters += bracket if ELAPSED.fullmatch(bracket) else ""
        elif not literal and not escaped and sign in set("ymdhs"):
            letters += sign
    return "" if number_format.casefold() in PLAIN else letters


def formatted(value: int, number_format: str) -> str | None:
    """A whole number as its format of digits and literals shows it; None for any other format."""
    pattern: list[tuple[str, bool]] = []
    for literal, escaped, bracket, sign in PARTS.findall(number_format):
        if literal or escaped:
            pattern.append((literal or escaped, False))
        elif sign in ("0", "#", "?"):
            pattern.append((sign, True))
        elif sign in LITERALS:
            pattern.append((sign, False))
        elif sign or bracket:
            return None
    return filled(pattern, abs(value), "-" if value < 0 else "")


def filled(pattern: list[tuple[str, bool]], value: int, sign: str) -> str | None:
    """Put the digits into the places, from the right; the first place takes all that are left.

    Behind a place that shows zeros, all do.
    """
    places = sum(is_place for _, is_place in pattern)
    if not places:
        return None
    digits = str(value) if value else ""
    spread = list(digits.rjust(places, "\0"))
    spread[0 : len(spread) - places + 1] = ["".join(spread[0 : len(spread) - places + 1])]
    text = empty = ""
    for piece, is_place in pattern:
        if not is_place:
            text += piece
            continue
        empty = "0" if piece == "0" else empty
        digit = spread.pop(0)
        text += digit if digit != "\0" else empty or ("" if piece == "#" else " ")
    return sign + text
