"""Reasons of cancellations and returns, in German."""

from collections.abc import Mapping

REASONS: Mapping[str, str] = {
    "changed-mind": "Doch nicht gewünscht",
    "ordered-twice": "Doppelt bestellt",
    "wrong-article": "Falschen Artikel bestellt",
    "not-needed": "Nicht mehr benötigt",
    "too-late": "Lieferung dauert zu lange",
    "not-available": "Nicht lieferbar",
    "damaged": "Beschädigt oder fehlerhaft",
    "wrong-delivery": "Falsche Lieferung",
    "other": "Sonstiger Grund",
}
"""By `CancelReason`."""


def reason_in_german(reason: str) -> str:
    """Events from before have free text instead of a code."""
    return REASONS.get(reason, reason)
