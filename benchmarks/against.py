"""`make bench-against REV=COMMIT`: this tree against another revision, turn by turn.

Both stacks are measured by the load programs of this tree, so that only the stacks differ.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import uvloop
from rich.table import Table

from benchmarks import system
from benchmarks.measuring import Result, console

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Change:
    """A figure of both revisions: medians, and new over old turn by turn."""

    name: str
    unit: str
    old: float
    new: float
    ratio: float
    spread: tuple[float, float]


@contextmanager
def installed(revision: str) -> Iterator[Path]:
    """Check a revision out into a worktree of its own, and yield the Python of its installation."""
    with tempfile.TemporaryDirectory(prefix="zugabe-") as folder:
        tree = Path(folder) / "tree"
        git = ("git", "-C", str(ROOT), "worktree")
        subprocess.run([*git, "add", "--quiet", "--detach", tree, revision], check=True)
        try:
            with console.status(f"installing {revision}"):
                subprocess.run(
                    ["make", "-C", tree, "install", f"PYTHON={sys.executable}"],
                    check=True,
                    stdout=subprocess.DEVNULL,
                )
            yield tree / ".venv" / "bin" / "python"
        finally:
            subprocess.run([*git, "remove", "--force", tree], check=True)


async def in_turns(names: Sequence[str], old: Path, turns: int) -> list[Change]:
    """Measure both in each turn; who goes first alternates."""
    pairs = []
    for turn in range(turns):
        measured: dict[Path, list[Result]] = {}
        sides = (old, Path(sys.executable))
        for python in sides if turn % 2 == 0 else reversed(sides):
            console.rule(f"turn {turn + 1} of {turns}: {'old' if python == old else 'new'}")
            measured[python] = await system.run_system(names, python)
        pairs.append((measured[old], measured[sides[1]]))
    return changes(pairs)


def changes(pairs: Sequence[tuple[Sequence[Result], Sequence[Result]]]) -> list[Change]:
    """Compare each figure of both sides, given by turn as (old, new)."""
    found = []
    for index, first in enumerate(pairs[0][1]):
        both = [(old[index].figure, new[index].figure) for old, new in pairs]
        ratios = sorted(new / old for old, new in both)
        found.append(
            Change(
                first.name,
                "" if first.raw else first.unit,
                statistics.median(old for old, _ in both),
                statistics.median(new for _, new in both),
                statistics.median(ratios),
                (ratios[0], ratios[-1]),
            )
        )
    return found


def print_changes(found: Sequence[Change]) -> None:
    table = Table("", "old", "new", "new / old", "spread")
    for change in found:
        low, high = change.spread
        figures = (f"{value:,.2f}{change.unit}" for value in (change.old, change.new))
        ratio, spread = f"{change.ratio:.2f}", f"{low:.2f} to {high:.2f}"
        table.add_row(change.name, *figures, ratio, spread)
    console.print(table)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.against", description=__doc__)
    parser.add_argument("revision", help="what this tree is compared with")
    parser.add_argument("names", nargs="*", default=["orders"], metavar="NAME")
    parser.add_argument("--turns", type=int, default=5)
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(system.NAMES):
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(system.NAMES)}")
    with installed(asked.revision) as python:
        found = uvloop.run(in_turns(asked.names, python, asked.turns))
    print_changes(found)
    path = Path("report") / "against.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(change) for change in found], indent=2) + "\n")
    console.print(f"As JSON: {path}")


if __name__ == "__main__":
    main()
