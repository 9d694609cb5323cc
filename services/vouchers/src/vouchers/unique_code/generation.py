"""Letters of unique codes, drawn from a secret: the same again whenever a batch is resumed."""

import hashlib
from collections.abc import Iterator

from vouchers.unique_code.spelling import ALPHABET

CHUNK = 2_000
"""Codes that are drawn and stored together."""

_FAIR = 256 - 256 % len(ALPHABET)
_TABLE = bytes(ord(ALPHABET[byte % len(ALPHABET)]) for byte in range(256))
_UNFAIR = bytes(range(_FAIR, 256))
"""Bytes that would make some letters more likely than others."""


def drawn(secret: bytes, what: str, count: int, letters: int) -> Iterator[str]:
    """`count` draws of so many letters; `what` tells draws from the same secret apart."""
    needed = count * letters
    size = needed + needed // 16 + 64
    while len(found := _letters(secret, what, size)) < needed:
        size *= 2
    text = found.decode("ascii")
    return (text[start : start + letters] for start in range(0, needed, letters))


def _letters(secret: bytes, what: str, size: int) -> bytes:
    stream = hashlib.shake_256(secret + what.encode()).digest(size)
    return stream.translate(_TABLE, _UNFAIR)
