"""Pictures as they are stored: to their first end, without what tells about people and places."""

from dataclasses import dataclass

from zugabe_events.files.refusals import another_type, too_much

MAX_PIXELS = 50_000_000
"""Of all frames together, whatever the file says that they unpack to."""

MAX_FRAMES = 1_000


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
    if frames > MAX_FRAMES or width * height * frames > MAX_PIXELS:
        raise too_much()
