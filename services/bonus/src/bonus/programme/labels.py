"""Brands and product groups as they are compared: by id, or by name however it is spelled (D14)."""

from collections.abc import Iterable
from functools import lru_cache
from unicodedata import normalize


def trimmed(text: str) -> str:
    """In composed letters, with single blanks."""
    return " ".join(normalize("NFC", text).split())


@lru_cache(maxsize=20_000)
def label_key(label: str) -> str:
    """Equal for labels that differ in composition, case and blanks only."""
    return trimmed(normalize("NFKC", label).casefold())


def label_keys(labels: Iterable[str]) -> frozenset[str]:
    return frozenset(map(label_key, labels))


def sorted_labels(labels: Iterable[str]) -> tuple[str, ...]:
    """One spelling for one set, so that a repeated request changes nothing."""
    by_key = {label_key(label): trimmed(label) for label in sorted(labels, reverse=True)}
    return tuple(sorted(by_key.values()))
