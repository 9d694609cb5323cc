"""Partitioning of a log: each key belongs to one part permanently; part = Kafka partition."""

from zlib import crc32

PARTS = 16
"""Parts of a new log by default; the number is stored with a log and never changes."""


def part_of(key: str, parts: int) -> int:
    """Stable across processes, versions and machines."""
    return crc32(key.encode()) % parts
