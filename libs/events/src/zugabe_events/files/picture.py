"""Pictures as they are stored: to their first end, without metadata about people and places."""

from dataclasses import dataclass

from zugabe_events.files.refusals import another_type, too_much

MAX_PIXELS = 50_000_000
MAX_FRAMES = 1_000
MAX_PARTS = 100_000
"""Chunks of a PNG or segments of a JPEG."""

MAX_PIXELS_OF_FRAMES = 500_000_000
"""Of all frames together: they are unpacked one after the other."""


@dataclass(frozen=True, slots=True)
class Picture:
    """`content` is what is stored; `end` is where the picture ends in what was sent.

    `width` and `height` are those in which it is shown.
    """

    content: bytes
    end: int
    width: int
    height: int


def check_size(width: int, height: int, frames: int = 1) -> None:
    """Refuse pictures without pixels, and those that are costly to unpack."""
    if not width or not height:
        raise another_type()
    pixels = width * height
    if pixels > MAX_PIXELS or frames > MAX_FRAMES or pixels * frames > MAX_PIXELS_OF_FRAMES:
        raise too_much()
