"""A set of keys in little memory, which may hold keys that were never added."""

from collections.abc import Iterator

BITS = 1 << 24
"""2 MiB: with a million keys one of 250 others seems to be there, with ten million half of them."""
HASHES = 3


class KeyFilter:
    """Knows every key that was added, and mistakes some others for them (a Bloom filter)."""

    def __init__(self) -> None:
        self._bits = bytearray(BITS >> 3)

    def add(self, key: str) -> None:
        for bit in bits_of(key):
            self._bits[bit >> 3] |= 1 << (bit & 7)

    def __contains__(self, key: str) -> bool:
        return all(self._bits[bit >> 3] & 1 << (bit & 7) for bit in bits_of(key))


def bits_of(key: str) -> Iterator[int]:
    """Two halves of one hash stand for several."""
    whole = hash(key)
    step = whole >> 32 | 1
    for number in range(HASHES):
        yield (whole + number * step) & (BITS - 1)
