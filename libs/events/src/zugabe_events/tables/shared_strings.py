"""The strings that cells of a workbook refer to, packed, each read when it is needed."""

import re
from array import array
from collections.abc import Mapping
from typing import IO

from zugabe_events.tables.cells import Cell, too_long
from zugabe_events.tables.xml_stream import local, parse, parser_of

ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


class SharedStrings:
    """Longer strings than a cell may have are not kept."""

    def __init__(self, max_characters: int) -> None:
        self._max_characters = max_characters
        self._bytes = bytearray()
        self._ends = array("Q", [0])
        self._too_long: set[int] = set()

    def add(self, text: str, *, too_long: bool) -> None:
        if too_long:
            self._too_long.add(len(self._ends) - 1)
        else:
            self._bytes += text.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._bytes))

    def cell(self, index: int) -> Cell:
        """Raise IndexError."""
        if index < 0:
            raise IndexError(index)
        if index in self._too_long:
            return too_long(self._max_characters)
        start, end = self._ends[index], self._ends[index + 1]
        return self._bytes[start:end].decode("utf-8", "surrogatepass")

    def read(self, stream: IO[bytes]) -> None:
        collected = Collected(self._max_characters)

        def start(name: str, _: Mapping[str, str]) -> None:
            match local(name):
                case "si":
                    collected.begin()
                case "t":
                    collected.is_open = not collected.is_hidden
                case "rPh":
                    collected.is_hidden = True

        def end(name: str) -> None:
            match local(name):
                case "si":
                    self.add(unescaped(collected.text()), too_long=collected.is_too_long)
                case "t":
                    collected.is_open = False
                case "rPh":
                    collected.is_hidden = False

        parse(stream, parser_of(start, end, collected.add))


class Collected:
    """The text of elements, as far as it may be kept; how it is pronounced is left out."""

    __slots__ = ("_characters", "_max_characters", "_pieces", "is_hidden", "is_open")

    def __init__(self, max_characters: int) -> None:
        self._max_characters = max_characters
        self.begin()

    def begin(self) -> None:
        self._pieces: list[str] = []
        self._characters = 0
        self.is_open = self.is_hidden = False

    def add(self, text: str) -> None:
        if self.is_open:
            self._characters += len(text)
            if self._characters <= self._max_characters:
                self._pieces.append(text)

    @property
    def is_too_long(self) -> bool:
        return self._characters > self._max_characters

    def text(self) -> str:
        return "".join(self._pieces)


def unescaped(text: str) -> str:
    """Restore the characters that Excel writes as `_x000D_`."""
    if "_x" not in text:
        return text
    text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
