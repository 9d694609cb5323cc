"""Codes as people type them. Only `vouchers` knows which are the same one (X-9)."""

from collections.abc import Iterable
from unicodedata import normalize

from zugabe_events.domain.visible_text import is_blank


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
