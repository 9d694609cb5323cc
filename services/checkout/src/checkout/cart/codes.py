"""Codes as people type them. Only `vouchers` knows which are the same one (X-9)."""

from collections.abc import Iterable
from unicodedata import category, normalize


def distinct_codes(typed: Iterable[str], before: Iterable[str] = ()) -> tuple[str, ...]:
    """Codes as they were typed first, without blank ones, and one of those that are alike.

    Those of `before` were typed before.
    """
    first: dict[str, str] = {}
    for code in typed:
        if not is_blank(code):
            first.setdefault(alike(code), code)
    known = {alike(code): code for code in before}
    return tuple(known.get(key, code) for key, code in first.items())


def alike(code: str) -> str:
    return normalize("NFKD", normalize("NFKD", code.strip()).casefold())


def is_blank(text: str) -> bool:
    """True if nobody can see anything of it: spaces of any kind, U+200B and the like."""
    return all(char.isspace() or category(char) == "Cf" for char in text)
