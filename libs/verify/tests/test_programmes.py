"""Programmes of dealers, audited alone."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace
from verify_tests.logs import Logs

from zugabe_verify.business.programme import check_programmes
from zugabe_verify.business.scope import Scope
from zugabe_verify.business_audit import BusinessAudit
from zugabe_verify.findings import Findings
from zugabe_verify.progress import Progress
from zugabe_verify.records import Body
from zugabe_verify.rules import Rules

NEW_YEARS_EVE = "2026-12-31T22:59:59Z"
SET_UP: tuple[str, Body] = ("programme-set-up", {"terms": {}})
ACTIVATED: tuple[str, Body] = ("programme-activated", {})
CLOSED: tuple[str, Body] = ("programme-closed", {})


def deactivated(at: str, until: str) -> tuple[str, Body]:
    return "programme-deactivated", {"effective_at": at, "run_off_until": until}


ENDED = deactivated(NEW_YEARS_EVE, "2027-12-31")
IN_TIME = datetime(2027, 12, 31, 23, 5, tzinfo=UTC)
LATE = datetime(2027, 12, 31, 23, 11, tzinfo=UTC)


def found(*events: tuple[str, Body], now: datetime = IN_TIME, versions: int = 1) -> set[str]:
    findings, rules = Findings(), Rules()
    for version, (name, body) in enumerate((SET_UP, ACTIVATED, *events), versions):
        said = {"dealer": "acme", "version": version, **body}
        rules.take(replace(Logs().add("bonus", "programme/acme", name, said), seconds=version))
    check_programmes(Scope(findings, rules, now, {}))
    return {finding.kind for finding in findings.all()}


def test_a_programme_runs_ends_and_is_closed() -> None:
    """BO-12"""
    assert found(now=LATE) == set()
    assert found(ENDED) == set()
    assert found(ENDED, ACTIVATED, now=LATE) == set()
    assert found(ENDED, CLOSED, now=LATE) == set()


def test_a_run_off_that_nothing_closed_is_told() -> None:
    """BO-12"""
    assert found(ENDED, now=LATE) == {"programme-not-closed"}


@pytest.mark.parametrize(
    "events",
    [
        [CLOSED],
        [ENDED, CLOSED, ACTIVATED],
        [deactivated("2026-12-31T23:00:00Z", "2027-12-31"), CLOSED],
        [deactivated(NEW_YEARS_EVE, "2028-12-31"), CLOSED],
    ],
)
def test_an_end_against_the_rules_is_told(events: list[tuple[str, Body]]) -> None:
    """BO-12: also by the year of Berlin."""
    assert found(*events) == {"programme-wrong"}


def test_a_missing_version_is_told() -> None:
    """X-40"""
    assert found(versions=2) == {"programme-wrong"}


def test_a_dealer_without_a_programme_has_nothing_to_audit() -> None:
    """N-7: also when something else has asked for it before."""
    findings, rules = Findings(), Rules()
    assert not rules.programme("acme", 0).active
    check_programmes(Scope(findings, rules, LATE, {}))
    assert not findings.all()


def test_the_audit_of_all_logs_looks_at_programmes_of_dealers_without_orders(
    tmp_path: Path,
) -> None:
    """BO-12: once each, whoever shares points or not."""
    findings = Findings()
    audit = BusinessAudit(Scope(findings, Rules(), LATE, {}), tmp_path, Progress())
    for version, (name, body) in enumerate((SET_UP, ACTIVATED, ENDED), 1):
        said = {"dealer": "acme", "version": version, **body}
        audit.take(replace(Logs().add("bonus", "programme/acme", name, said), seconds=version))
    audit.check()
    assert [finding.kind for finding in findings.all()] == ["programme-not-closed"]
