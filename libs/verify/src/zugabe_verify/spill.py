"""Rows that do not fit into memory, on disk by key: written once, read back bucket by bucket."""

import os
import shutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zlib import crc32

import msgspec

BUCKETS = 128
BUFFER_BYTES = 64 * 1024


class Spill[Row]:
    """All rows of a key lie in one bucket, in the order in which they were put there.

    A pickled one stands for the rows that it had then: unpickled it forgets what came later.
    """

    def __init__(self, folder: Path, row: type[Row]) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        self._folder, self._row = folder, row
        self.rows = 0
        self._begin()

    def _begin(self) -> None:
        self._paths = [self._folder / f"{number:03d}" for number in range(BUCKETS)]
        self._buffers = [bytearray() for _ in range(BUCKETS)]
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder = msgspec.msgpack.Decoder(tuple[str, self._row])  # type: ignore[name-defined]

    def put(self, key: str, row: Row) -> None:
        encoded = self._encoder.encode((key, row))
        bucket = crc32(key.encode()) % BUCKETS
        buffer = self._buffers[bucket]
        buffer += len(encoded).to_bytes(4)
        buffer += encoded
        self.rows += 1
        if len(buffer) > BUFFER_BYTES:
            self._write(bucket)

    def groups(self) -> Iterator[tuple[str, list[Row]]]:
        """Every key with its rows; one bucket is in memory at a time."""
        for bucket, path in enumerate(self._paths):
            self._write(bucket)
            found: defaultdict[str, list[Row]] = defaultdict(list)
            for key, row in self._read(path):
                found[key].append(row)
            yield from found.items()

    def remove(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def __getstate__(self) -> dict[str, Any]:
        for bucket in range(BUCKETS):
            self._write(bucket)
        sizes = [path.stat().st_size if path.exists() else 0 for path in self._paths]
        return {"folder": self._folder, "row": self._row, "rows": self.rows, "sizes": sizes}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._folder, self._row, self.rows = state["folder"], state["row"], state["rows"]
        self._begin()
        for path, size in zip(self._paths, state["sizes"], strict=True):
            if path.exists():
                os.truncate(path, size)

    def _write(self, bucket: int) -> None:
        if self._buffers[bucket]:
            with self._paths[bucket].open("ab") as file:
                file.write(self._buffers[bucket])
            self._buffers[bucket] = bytearray()

    def _read(self, path: Path) -> Iterator[tuple[str, Row]]:
        if not path.exists():
            return
        with path.open("rb") as file:
            while size := file.read(4):
                yield self._decoder.decode(file.read(int.from_bytes(size)))
