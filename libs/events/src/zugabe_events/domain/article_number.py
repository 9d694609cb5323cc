"""Article numbers: text, never numbers; and their form in URLs, keys and stream ids."""

import re
from unicodedata import category, normalize
from urllib.parse import quote, unquote

MAX_LENGTH = 64


def normalised(number: str) -> str:
    """The one form of a number: NFC, without space around it. Leading zeros and case count.

    Raises ValueError for characters that nobody can see or type.
    """
    if len(number) <= MAX_LENGTH and PLAIN.fullmatch(number):
        return number
    composed = normalize("NFC", number.strip())
    if not 1 <= len(composed) <= MAX_LENGTH:
        message = f"Eine Artikelnummer hat 1 bis {MAX_LENGTH} Zeichen."
        raise ValueError(message)
    if any(
        category(character)[0] == "C" or category(character) in INVISIBLE for character in composed
    ):
        message = "Die Artikelnummer enthält ein unsichtbares Zeichen."
        raise ValueError(message)
    return composed


INVISIBLE = ("Zl", "Zp")


PLAIN = re.compile(r"[A-Za-z0-9._-]+")
"""Numbers that are normalised, and their own keys, as most are."""


def key_of(number: str) -> str:
    """A reversible form of a number for URLs and ids: all but `A-Za-z0-9._-` as `~` and hex.

    So are dots alone, which clients take for steps in a path.
    """
    if number in (".", ".."):
        return number.replace(".", "~2E")
    if PLAIN.fullmatch(number):
        return number
    return quote(number, safe="").replace("~", "%7E").replace("%", "~")


def number_of(key: str) -> str:
    """The number of a key. Raises ValueError for a key that no number has."""
    number = normalised(unquote(key.replace("~", "%"), errors="strict"))
    if key_of(number) != key:
        raise ValueError("Diese Kennung gehört zu keiner Artikelnummer.")
    return number


KEY = re.compile(r"(?:[A-Za-z0-9._-]|~[0-9A-F]{2})+")
