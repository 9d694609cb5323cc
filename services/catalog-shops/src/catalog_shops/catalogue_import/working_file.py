"""Files on disk while a catalogue is received or read, each locked by the process that needs it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

PREFIX = "zugabe-catalogue-"
MIN_AGE_SECONDS = 60.0
"""Longer than it takes from making a file to locking it."""


@contextmanager
def working_file(folder: Path) -> Iterator[IO[bytes]]:
    """A file that is gone behind the block."""
    with NamedTemporaryFile(dir=folder, prefix=PREFIX) as file:
        flock(file, LOCK_EX)
        yield file


def remove_abandoned(folder: Path) -> int:
    """Remove the files of processes that died, whose locks died with them; return their number."""
    removed = 0
    for path in folder.glob(f"{PREFIX}*"):
        with suppress(OSError), path.open("rb") as file:  # it is gone, or somebody needs it
            flock(file, LOCK_EX | LOCK_NB)
            if time.time() - path.stat().st_mtime > MIN_AGE_SECONDS:
                path.unlink()
                removed += 1
    return removed
