"""Check that each log line from a warning on, and each alert, has a runbook, and each runbook one.

The name of a runbook is one or more log lines in backticks, with `…` for what varies; it may leave
out the beginning and the end. It may also be the name of an error, or of an alert of Prometheus.
"""

import ast
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

PAGE = Path("docs/operations/runbooks.md")
ALERTS = Path("deploy/alerts.yml")
SOURCES = ("libs/events/src", "services/*/src", "web/src")
LEVELS = {"warning", "error", "exception"}
NAME = re.compile(r"^#+ (`.+`.*)$", re.MULTILINE)
CODE = re.compile(r"`([^`]+)`")
VARYING = re.compile(r"…|%[\d.]*[a-z]")
MIN_LETTERS = 8
"""Lines with less fixed text say only what varies in them."""


def log_lines(root: Path) -> Iterator[str]:
    for folder in SOURCES:
        for path in sorted(root.glob(f"{folder}/**/*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                match node:
                    case ast.Call(
                        func=ast.Attribute(value=ast.Name(id="log"), attr=level),
                        args=[ast.Constant(value=str(line)), *_],
                    ) if level in LEVELS:
                        if len(re.sub(r"\W", "", VARYING.sub("", line))) >= MIN_LETTERS:
                            yield line


def errors(root: Path) -> set[str]:
    """Names of the classes of errors."""
    return {
        name
        for folder in SOURCES
        for path in root.glob(f"{folder}/**/*.py")
        for name in re.findall(r"^class (\w+Error)\b", path.read_text(), re.MULTILINE)
    }


def alerts(root: Path) -> list[str]:
    path = root / ALERTS
    return (
        re.findall(r"^ *- alert: (\w+)$", path.read_text(), re.MULTILINE) if path.exists() else []
    )


def matches(name: str, line: str) -> bool:
    """Check that the fixed parts of a runbook's name follow each other in a log line."""
    parts = [re.escape(part.strip()) for part in VARYING.split(name)]
    return re.search(".*".join(parts), line) is not None


def problems(root: Path) -> Iterator[str]:
    headings: Sequence[str] = NAME.findall((root / PAGE).read_text())
    names = [name for heading in headings for name in CODE.findall(heading)]
    lines = sorted(set(log_lines(root)))
    alarms = alerts(root)
    known = errors(root) | set(alarms)
    for name in names:
        if name not in known and not any(matches(name, line) for line in lines):
            yield f"{PAGE}: no such log line: {name}"
    for alarm in alarms:
        if alarm not in names:
            yield f"{PAGE}: no runbook for the alert: {alarm}"
    for line in lines:
        if not any(matches(name, line) for name in names):
            yield f"{PAGE}: no runbook for the log line: {line}"


def main() -> int:
    found = list(problems(Path()))
    print("\n".join(found), file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
