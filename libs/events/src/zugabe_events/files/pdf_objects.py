"""Object streams of a PDF: found wherever an object may begin, unpacked within bounds."""

import re
import zlib
from collections.abc import Iterator, Sequence

from zugabe_events.files.refusals import too_much, unchecked_content

MAX_UNPACKED = 50_000_000
PIECE_BYTES = 64 * 1024

STEPS_PER_BYTE = 4
STEPS_PER_TOKEN = 10
"""Dictionaries of usual documents take about two steps per byte of the file."""

OBJECT = re.compile(rb"obj(?=[\x00\t\n\f\r <%])")
BLANKS = re.compile(rb"(?:[\x00\t\n\f\r ]|%[^\r\n]*+)*+")
TOKEN = re.compile(
    rb"<<|>>|[\[\]()]|<[0-9A-Fa-f\s]*+>|/[^\x00\t\n\f\r ()<>\[\]{}/%]*+"
    rb"|[^\x00\t\n\f\r ()<>\[\]{}/%]++"
)
FLAT = re.compile(rb"[\x00\t\n\f\r ]*+<<(?:[^<>()%]|<[0-9A-Fa-f\s]*+>)*+>>")
"""Most dictionaries have no texts, no comments, and no dictionaries in them."""

NAME = re.compile(rb"/[^\x00\t\n\f\r ()<>\[\]{}/%]*+")
STREAM = re.compile(rb"stream[\t\n\r ]*+")
IN_TEXT = re.compile(rb"\\.|[()]", re.DOTALL)
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")


def object_streams(content: bytes) -> Iterator[bytes]:
    """Unpack object streams. One that cannot be unpacked is refused, since it may hide whatever is
    refused elsewhere."""
    walk = Walk(content)
    for found in OBJECT.finditer(content):
        names, end = walk.dictionary(found.end())
        start = walk.stream(end) if end and b"/First" in names else 0
        if start and is_packed(names):
            yield walk.unpacked(start)


def is_packed(names: Sequence[bytes]) -> bool:
    """Only zlib without parameters is read, which is what programs write. What is not packed was
    read with the rest of the file."""
    if b"/Filter" not in names and b"/F" not in names:
        return False
    filters = [name for name in names if name.endswith((b"Decode", b"Crypt"))]
    if filters != [b"/FlateDecode"] or {b"/DecodeParms", b"/DP", b"/F"} & set(names):
        raise unchecked_content()
    return True


def plain(name: bytes) -> bytes:
    """Any character of a name may be written as `#` and two hexadecimal digits."""
    if b"#" not in name:
        return name
    return ESCAPED.sub(lambda code: bytes((int(code[1], 16),)), name)


class Walk:
    """Reads dictionaries in a bounded number of steps, however they are nested."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.left = STEPS_PER_BYTE * len(content) + 10_000

    def _went(self, steps: int) -> None:
        self.left -= steps
        if self.left < 0:
            raise too_much()

    def blanks(self, at: int) -> int:
        """The position at which blanks and comments end."""
        found = BLANKS.match(self.content, at)
        end = found.end() if found else at
        self._went(end - at)
        return end

    def dictionary(self, at: int) -> tuple[Sequence[bytes], int]:
        """The names in a dictionary, and where it ends; 0 if none begins or ends here."""
        if flat := FLAT.match(self.content, at):
            self._went(flat.end() - at)
            return [plain(name) for name in NAME.findall(flat[0])], flat.end()
        names: list[bytes] = []
        depth = 0
        while found := TOKEN.match(self.content, self.blanks(at)):
            token, at = found[0], found.end()
            self._went(len(token) + STEPS_PER_TOKEN)
            if token == b"<<":
                depth += 1
            elif token == b">>":
                depth -= 1
            elif token[:1] == b"/":
                names.append(plain(token))
            elif token == b"(":
                at = self._behind_text(at)
            if depth < 1 or not at:
                return names, at if token == b">>" and not depth else 0
        return names, 0

    def _behind_text(self, at: int) -> int:
        """Parentheses in a text come in pairs, or escaped; 0 if it does not end."""
        depth, end = 1, at
        for found in IN_TEXT.finditer(self.content, at):
            self._went(found.end() - end + 1)
            end = found.end()
            depth += {b"(": 1, b")": -1}.get(found[0], 0)
            if not depth:
                return end
        self._went(len(self.content) - end)
        return 0

    def stream(self, at: int) -> int:
        """The position at which the bytes of a stream begin; 0 if none follows."""
        found = STREAM.match(self.content, self.blanks(at))
        if found is None:
            return 0
        self._went(found.end() - found.start())
        return found.end()

    def unpacked(self, at: int) -> bytes:
        unpacking = zlib.decompressobj()
        pieces: list[bytes] = []
        left = MAX_UNPACKED
        try:
            while not unpacking.eof and left > 0:
                piece = unpacking.unconsumed_tail
                if not piece:
                    piece = self.content[at : at + PIECE_BYTES]
                    at += len(piece)
                    self._went(len(piece))
                if not piece:
                    raise unchecked_content()
                pieces.append(unpacking.decompress(piece, left))
                left -= len(pieces[-1])
        except zlib.error:
            raise unchecked_content() from None  # encrypted, or damaged
        if not unpacking.eof:
            raise too_much()
        return b"".join(pieces)
