"""Log lines and runbooks name each other."""

from pathlib import Path

from tools.runbooks import problems, unexported

SOURCE = """
class GoneError(Exception): ...
log.warning("%s: position %d is missing before "
            "%d; waiting for it", 1, 2, 3)
log.error("the lease of %s is lost", name)
log.error("%s: %s", name, error)
log.info("nothing to do for %s", name)
"""
PAGE = """
### `position … is missing before …`
### `before … position`
### `GoneError` or `LostError`
### A task
### `Flooded`
"""
ALERTS = """
groups:
  - rules:
      - alert: Flooded
      - alert: Broken
"""


def test_each_has_the_other(tmp_path: Path) -> None:
    source = tmp_path / "libs/events/src/a.py"
    source.parent.mkdir(parents=True)
    source.write_text(SOURCE)
    page = tmp_path / "docs/operations/runbooks.md"
    page.parent.mkdir(parents=True)
    page.write_text(PAGE)
    alerts = tmp_path / "deploy/alerts.yml"
    alerts.parent.mkdir()
    alerts.write_text(ALERTS)
    assert list(problems(tmp_path)) == [
        "docs/operations/runbooks.md: no such log line: before … position",
        "docs/operations/runbooks.md: no such log line: LostError",
        "docs/operations/runbooks.md: no runbook for the alert: Broken",
        "docs/operations/runbooks.md: no runbook for the log line: the lease of %s is lost",
    ]


def test_alerts_and_the_page_name_what_is_exported(tmp_path: Path) -> None:
    """X-36: an alert on a metric that nobody exports is silent for ever."""
    source = tmp_path / "libs/events/src/a.py"
    source.parent.mkdir(parents=True)
    source.write_text('lag = gauge("lag", "...", "part")\nsent = Counter("zugabe_sent", "...")\n')
    page = tmp_path / "docs/operations/monitoring.md"
    page.parent.mkdir(parents=True)
    page.write_text("| `lag{part}` | x | – |\n| `waits` | x | – |\n")
    alerts = tmp_path / "deploy/alerts.yml"
    alerts.parent.mkdir()
    alerts.write_text("expr: rate(zugabe_sent_total[5m]) > 0 and zugabe_lags > 1\n")
    assert list(unexported(tmp_path)) == [
        "deploy/alerts.yml: nobody exports the metric: lags",
        "docs/operations/monitoring.md: nobody exports the metric: waits",
    ]
