"""Rows that do not fit into memory, on disk by key: written once, read back bucket by bucket."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import msgspec

BUCKETS = 128
BUFFER_BYTES = 64 * 1024


class Spill[Row]:
    """All rows of a key lie in one bucket, in the order in which they were put there."""

    def __init__(self, folder: Path, row: type[Row]) -> None:
        folder.mkdir()
        self._paths = [folder / f"{number:03d}" for number in range(BUCKETS)]
        self._buffers = [bytearray() for _ in range(BUCKETS)]
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder = msgspec.msgpack.Decoder(tuple[str, row])  # type: ignore[valid-type]
        self.rows = 0

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
            path.unlink(missing_ok=True)

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
