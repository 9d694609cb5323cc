"""Mutants change one token of what runs, and meet the tests that execute it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tools.mutants import Baseline, Mutant, mutants_of

ROOT = Path(__file__).parents[2]

SOURCE = '''\
"""1 + 1"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sum:
    cents: int | None = None

    def left(self, off: int) -> int | None:
        if self.cents is None or off > 5:
            return None
        return self.cents - off


def model() -> Sum:
    return ReadModel("sums", 7, version=3)
'''


def changes(root: Path) -> set[tuple[int, str]]:
    (root / "sums.py").write_text(SOURCE)
    found = set()
    for make in mutants_of(Path("sums.py"), root):
        mutant = make()
        lines = mutant.after.splitlines()
        [changed] = [one for one in lines if one not in SOURCE.splitlines()]
        found.add((mutant.line, changed.strip()))
    return found


def test_one_token_changes_at_a_time_and_never_one_that_decides_nothing(tmp_path: Path) -> None:
    assert changes(tmp_path) == {
        (11, "if self.cents is not None or off > 5:"),
        (11, "if self.cents is None and off > 5:"),
        (11, "if self.cents is None or off >= 5:"),
        (11, "if self.cents is None or off > 6:"),
        (13, "return self.cents + off"),
    }


def test_a_mutant_meets_the_tests_of_its_line_and_the_quick_ones_first() -> None:
    baseline = Baseline(
        tests_of={"sums.py": {9: ["slow", "quick"], 11: ["other"], 13: []}},
        seconds={"slow": 2.0, "quick": 0.1, "other": 1.0, "elsewhere": 5.0},
        libraries=[],
        paths=[],
    )
    assert baseline.tests_for(Mutant(Path("sums.py"), 9, "", "")) == ["quick", "slow"]
    assert baseline.tests_for(Mutant(Path("sums.py"), 99, "", "")) == ["quick", "other", "slow"]
    at_import = baseline.tests_for(Mutant(Path("sums.py"), 13, "", ""))
    assert at_import == ["quick", "other", "slow", "elsewhere"]
    assert baseline.tests_for(Mutant(Path("bills.py"), 1, "", "")) == []


def test_a_survivor_is_shown_as_a_diff() -> None:
    mutant = Mutant(Path("sums.py"), 1, "a = 1\nb = 2\n", "a = 1\nb = 3\n")
    assert mutant.diff().splitlines() == ["@@ -1,2 +1,2 @@", " a = 1", "-b = 2", "+b = 3"]


RUN = """\
import os, signal, sys, tempfile, time
from pathlib import Path
from tools.mutants import ENDING, in_fork

def run():
    Path(folder, "child").write_text(str(os.getpid()))
    os.write(out, b"running")
    time.sleep(60)

out = os.dup(1)
signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
with tempfile.TemporaryDirectory(dir=sys.argv[1]) as folder:
    in_fork(Path(folder), Path(folder, "log"), run, 60)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_ended_leaves_nothing_behind(tmp_path: Path, number: int) -> None:
    command = [sys.executable, "-c", RUN, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as run:
        assert run.stdout is not None
        assert run.stdout.read(7) == b"running"
        [noted] = tmp_path.glob("*/child")
        child = int(noted.read_text())
        os.kill(run.pid, number)
        assert run.wait(30) == 128 + number
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
