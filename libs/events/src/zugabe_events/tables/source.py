"""The bytes of a file: in memory, or on disk, from where large ones are read in pieces."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class Source:
    content: bytes | Path

    @property
    def size(self) -> int:
        if isinstance(self.content, Path):
            return self.content.stat().st_size
        return len(self.content)

    def open(self) -> BinaryIO:
        return self.content.open("rb") if isinstance(self.content, Path) else BytesIO(self.content)

    def head(self, size: int) -> bytes:
        with self.open() as file:
            return file.read(size)
