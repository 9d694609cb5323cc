"""Check that each log line from a warning on, and each alert, has a runbook, and each runbook one,
and that alerts and the page about metrics name those that are exported.

The name of a runbook is one or more log lines in backticks, with `…` for what varies; it may leave
out the beginning and the end. It may also be the name of an error, or of an alert of Prometheus.
"""

import ast
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tools.findings import exit_code

PAGE = Path("docs/operations/runbooks.md")
ALERTS = Path("deploy/alerts.yml")
METRICS = Path("docs/operations/monitoring.md")
SOURCES = ("libs/events/src", "services/*/src", "web/src")
LEVELS = {"warning", "error", "exception"}
NAME = re.compile(r"^#+ (`.+`.*)$", re.MULTILINE)
CODE = re.compile(r"`([^`]+)`")
VARYING = re.compile(r"…|%[\d.]*[a-z]")
METRIC_MAKERS = {"counter", "gauge", "histogram", "Counter", "Gauge", "Histogram", "Info"}
METRIC_OF_ALERT = re.compile(r"\bzugabe_(\w+)")
METRIC_OF_PAGE = re.compile(r"^\| `(\w+)[`{]", re.MULTILINE)
SUFFIX = re.compile(r"_(total|info|count|sum|bucket)$")
"""Endings that Prometheus adds to the name of a metric."""

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


def exported(root: Path) -> set[str]:
    """Names of metrics without `zugabe_`, as the sources create them."""
    return {
        name.removeprefix("zugabe_")
        for folder in SOURCES
        for path in root.glob(f"{folder}/**/*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        for name in metric_of(node)
    }


def metric_of(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Call(func=ast.Name(id=maker), args=[ast.Constant(value=str(name)), *_]):
            if maker in METRIC_MAKERS:
                yield name


def unexported(root: Path) -> Iterator[str]:
    known = exported(root)
    for page, pattern in ((ALERTS, METRIC_OF_ALERT), (METRICS, METRIC_OF_PAGE)):
        if (root / page).exists():
            for name in sorted(set(pattern.findall((root / page).read_text()))):
                if SUFFIX.sub("", name) not in known:
                    yield f"{page}: nobody exports the metric: {name}"


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
    yield from unexported(root)


if __name__ == "__main__":
    sys.exit(exit_code(problems(Path())))
