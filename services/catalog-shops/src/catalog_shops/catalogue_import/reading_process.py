"""The process that looks at one file, and writes frames to standard output.

`read PATH FORMAT SCOPE BATCH_SIZE` gives all records, `recognise PATH SCOPE CATALOGUE` says what
the file is; scope and catalogue may be empty. It does not outlive its listener: writing into a
closed pipe ends it.
"""

import os
import resource
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, get_args

from catalog_shops.catalogue_import.frames import (
    LENGTH_BYTES,
    Finished,
    Frame,
    Refused,
    Verdict,
    encode,
    frames_of,
    verdict_on,
)
from zugabe_events.contracts.catalog_shops import ImportFormat, ImportScope

MAX_MEMORY_BYTES = 1_000_000_000
NICENESS = 5
"""Requests come first."""

TOO_MUCH = "Die Datei braucht mehr Speicher, als für Importe vorgesehen ist."


def be_first_to_go() -> None:
    """Let the system end this process rather than the service when memory is scarce."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def write(out: BinaryIO, frame: bytes) -> None:
    out.write(len(frame).to_bytes(LENGTH_BYTES, "big"))
    out.write(frame)
    out.flush()


def read(path: str, format_: str, scope: str, batch_size: str) -> Iterator[Frame]:
    assert format_ in get_args(ImportFormat.__value__)
    assert scope in get_args(ImportScope.__value__)
    return frames_of(Path(path), format_, scope, int(batch_size))  # type: ignore[arg-type]


def recognise(path: str, scope: str, catalogue: str) -> Iterator[Verdict]:
    assert scope in ("", *get_args(ImportScope.__value__))
    yield verdict_on(Path(path), scope or None, catalogue)  # type: ignore[arg-type]


def main(command: str, *arguments: str) -> None:
    be_first_to_go()
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    out = sys.stdout.buffer
    frames: Iterator[Frame | Verdict]
    too_much: Frame | Verdict
    if command == "read":
        frames, too_much = read(*arguments), Finished(TOO_MUCH)
    else:
        frames, too_much = recognise(*arguments), Refused(TOO_MUCH, "file-too-complex", {})
    try:
        for frame in frames:
            write(out, encode(frame))
    except MemoryError:
        write(out, encode(too_much))


if __name__ == "__main__":
    main(*sys.argv[1:])
