"""Which part of a log a partition key belongs to, for ever: part = Kafka partition."""

from zlib import crc32

PARTS = 16
"""Parts of a new log; a log's own number is stored at its birth and never changes."""


def part_of(key: str, parts: int) -> int:
    """Stable across processes, versions and machines."""
    return crc32(key.encode()) % parts
