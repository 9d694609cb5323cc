"""Files of imports on disk: they end with their process, at the latest when another starts."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from catalog_shops.catalogue_import.working_file import (
    MIN_AGE_SECONDS,
    PREFIX,
    remove_abandoned,
    working_file,
)

HOLDER = """
import signal, sys
from pathlib import Path
from catalog_shops.catalogue_import.working_file import working_file
with working_file(Path(sys.argv[1])) as file:
    print(file.name, flush=True)
    signal.pause()
"""


def grow_old(path: Path) -> None:
    past = time.time() - 2 * MIN_AGE_SECONDS
    os.utime(path, (past, past))


def test_the_file_of_a_killed_process_is_removed_and_that_of_a_running_one_is_not(
    tmp_path: Path,
) -> None:
    """X-39: kills do not fill the disk."""
    foreign = tmp_path / "foreign"
    foreign.write_bytes(b"")
    grow_old(foreign)
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        held = Path(holder.stdout.readline().strip())
        grow_old(held)
        assert remove_abandoned(tmp_path) == 0
        assert held.exists()
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        assert held.exists()
        assert remove_abandoned(tmp_path) == 1
    assert list(tmp_path.iterdir()) == [foreign]


def test_a_file_that_is_just_being_made_is_not_removed(tmp_path: Path) -> None:
    new = tmp_path / f"{PREFIX}new"
    new.write_bytes(b"")
    assert remove_abandoned(tmp_path) == 0
    grow_old(new)
    assert remove_abandoned(tmp_path) == 1


def test_a_file_is_gone_when_its_import_is_over(tmp_path: Path) -> None:
    with working_file(tmp_path) as file:
        assert Path(file.name).parent == tmp_path
    assert list(tmp_path.iterdir()) == []
