"""What a fold depends on, as a hash: the source of its module, and of all of ours that it uses."""

import ast
import hashlib
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from zugabe_events.domain.decider import Decider

FORMAT = "1"
"""Grows when the same state gets other bytes."""

KERNEL = __name__.partition(".")[0]


def fingerprint(decider: Decider[Any, Any, Any]) -> str | None:
    """The same in all processes of the same code. None when there is no source to look at."""
    return of_module(decider.evolve.__module__, type(decider.initial).__module__)


@cache
def of_module(*names: str) -> str | None:
    ours = {name.partition(".")[0] for name in names} - sys.stdlib_module_names | {KERNEL}
    sources: dict[str, str] = {}
    waiting = [name for name in names if name in sys.modules]
    while waiting:
        name = waiting.pop()
        if name in sources or name.partition(".")[0] not in ours:
            continue
        file = getattr(sys.modules[name], "__file__", None)
        if file is None or not file.endswith(".py"):
            return None
        sources[name] = Path(file).read_text("utf-8")
        waiting += used_by(sources[name])
    told = "\n".join(f"{name}\n{sources[name]}" for name in sorted(sources))
    return hashlib.sha256(f"{FORMAT}\n{told}".encode()).hexdigest()[:16]


def used_by(source: str) -> Iterator[str]:
    """Modules that are imported by name, at the top or within functions."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names if one.name in sys.modules)
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = [f"{node.module}.{one.name}" for one in node.names]
            yield from (name for name in (node.module, *inner) if name in sys.modules)
