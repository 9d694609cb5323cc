"""GIF, block by block to the first end, which some programs leave out behind the last frame.

Comments, texts and what applications add are left out.
"""

import struct
from collections.abc import Sequence

from zugabe_events.files.picture import Picture, check_size
from zugabe_events.files.refusals import another_type, too_much

HEADS = (b"GIF87a", b"GIF89a")
SCREEN = struct.Struct("<HHBBB")
FRAME = struct.Struct("<HHHHB")

EXTENSION, END = 0x21, 0x3B
CONTROL, APPLICATION = 0xF9, 0xFF
EXTENSIONS = frozenset({0x01, CONTROL, 0xFE, APPLICATION})
LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
CODE_SIZES = range(1, 12)

MAX_READS = 1_000_000
"""Twelve times as many as ten megabytes in blocks of usual size take."""


class Blocks:
    """The bytes of a GIF, read one after the other; the end of the file is a damage."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.at = 0
        self.left = MAX_READS

    def take(self, size: int) -> bytes:
        taken = self.content[self.at : self.at + size]
        if len(taken) != size:
            raise another_type()
        self.at += size
        self.left -= 1
        if not self.left:
            raise too_much()
        return taken

    def byte(self) -> int:
        return self.take(1)[0]

    def colours(self, packed: int) -> None:
        """A table of colours, if there is one."""
        if packed & 0x80:
            self.take(3 << ((packed & 7) + 1))

    def data(self) -> Sequence[bytes]:
        """Sub-blocks, up to the empty one."""
        found = []
        while size := self.byte():
            found.append(self.take(size))
        return found


def read_gif(content: bytes) -> Picture:
    """Raises FileRefusedError."""
    blocks = Blocks(content)
    if blocks.take(6) not in HEADS:
        raise another_type()
    width, height, packed, _, _ = SCREEN.unpack(blocks.take(SCREEN.size))
    check_size(width, height)
    blocks.colours(packed)
    kept = [content[: blocks.at]]
    frames = 0
    while True:
        start = blocks.at
        match END if frames and start == len(content) else blocks.byte():
            case 0x2C:
                frames += 1
                check_size(width, height, frames)
                pass_frame(blocks, width, height)
                kept.append(content[start : blocks.at])
            case 0x21:
                kept.append(extension(blocks))
            case 0x3B if frames:
                return Picture(b"".join(kept) + bytes((END,)), blocks.at, width, height)
            case _:
                raise another_type()


def pass_frame(blocks: Blocks, width: int, height: int) -> None:
    """A frame lies within the picture, or it would make it larger."""
    left, top, wide, high, packed = FRAME.unpack(blocks.take(FRAME.size))
    if not wide or not high or left + wide > width or top + high > height:
        raise another_type()
    blocks.colours(packed)
    if blocks.byte() not in CODE_SIZES or not blocks.data():
        raise another_type()


def extension(blocks: Blocks) -> bytes:
    """Keep the time of a frame and the number of loops, and nothing of other extensions."""
    label = blocks.byte()
    data = blocks.data()
    match label, data:
        case 0xF9, [control] if len(control) == 4:
            return bytes((EXTENSION, CONTROL, 4)) + control + b"\0"
        case 0xF9, _:
            raise another_type()
        case 0xFF, [name, loop, *_] if name in LOOPS and len(loop) == 3 and loop[0] == 1:
            head = bytes((EXTENSION, APPLICATION, len(name))) + name
            return head + bytes((len(loop),)) + loop + b"\0"
        case _ if label in EXTENSIONS:
            return b""
        case _:
            raise another_type()
