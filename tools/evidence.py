"""Check that the tests named as evidence in docs/security exist.

Evidence is `path::test` in backticks. Each row of a table that claims something names at least one,
or says in its last column why there is none: out of scope, or by whom it is done.
"""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tools.findings import exit_code

PAGES = Path("docs/security")
NAMED = re.compile(r"`([\w./-]+\.py)::(\w+)`")
ROW = re.compile(r"^\| (?!-|Chapter|Risk|Boundary|Who|What)(.+) \|$")
WITHOUT = ("not applicable", "out of scope", "left to ")
"""Beginnings of the last cell in rows without a test."""


@cache
def tests_in(path: Path) -> frozenset[str]:
    if not path.is_file():
        return frozenset()
    return frozenset(
        node.name
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
    )


def problems(root: Path) -> Iterator[str]:
    for page in sorted((root / PAGES).glob("*.md")):
        place = page.relative_to(root)
        for number, line in enumerate(page.read_text().splitlines(), 1):
            named = NAMED.findall(line)
            for path, test in named:
                if test not in tests_in(root / path):
                    yield f"{place}:{number}: no such test: {path}::{test}"
            row = ROW.match(line)
            if page.stem == "asvs" and row and not named:
                evidence = row[1].rpartition("| ")[2]
                if not evidence.startswith(WITHOUT):
                    yield f"{place}:{number}: neither a test nor why there is none"


if __name__ == "__main__":
    sys.exit(exit_code(problems(Path())))
