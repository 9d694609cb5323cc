"""Hash of the code a fold depends on: its module and, transitively, the imports of our own."""

import ast
import hashlib
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from zugabe_events.domain.decider import Decider

FORMAT = "1"
"""Incremented when the encoding of a state changes."""

KERNEL = __name__.partition(".")[0]


def fingerprint(decider: Decider[Any, Any, Any]) -> str | None:
    """Equal in all processes that run the same code; None if a source file is missing."""
    return of_module(decider.evolve.__module__, type(decider.initial).__module__)


@cache
def of_module(*names: str) -> str | None:
    packages = {name.partition(".")[0] for name in names} - sys.stdlib_module_names | {KERNEL}
    sources: dict[str, str] = {}
    pending = [name for name in names if name in sys.modules]
    while pending:
        name = pending.pop()
        if name in sources or name.partition(".")[0] not in packages:
            continue
        file = getattr(sys.modules[name], "__file__", None)
        if file is None or not file.endswith(".py"):
            return None
        sources[name] = Path(file).read_text("utf-8")
        pending += imports_of(sources[name])
    text = "\n".join(f"{name}\n{sources[name]}" for name in sorted(sources))
    return hashlib.sha256(f"{FORMAT}\n{text}".encode()).hexdigest()[:16]


def imports_of(source: str) -> Iterator[str]:
    """Loaded modules that the source imports, at its top or within functions."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in sys.modules)
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name for name in (node.module, *inner) if name in sys.modules)
