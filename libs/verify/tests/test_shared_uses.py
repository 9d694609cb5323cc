"""Budgets and unique codes, audited alone."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from verify_tests.logs import Logs

from zugabe_verify.business.limits import Limits
from zugabe_verify.business.unique_codes import UniqueCodes
from zugabe_verify.findings import Findings
from zugabe_verify.rules import Rules

BUDGET = "budget/acme/spring"
CODE = "unique-code/acme/spring/1"
TERMS = {"max_uses": None, "max_per_customer": None, "budget_cents": 1_500}


class Shared(Logs):
    """What `audit` finds, if the policy has heard everything."""

    def hold(self, hold_id: str, *, reserves: bool = True) -> None:
        of_hold = {"dealer": "acme", "campaign_id": "spring", "hold_id": hold_id}
        held = {"limits": [], "from_budget": True, "order_id": hold_id.partition("/")[0]}
        self.add("vouchers", "wallet/acme/anna", "voucher-held", of_hold | held)
        if reserves:
            self.budget("budget-reserved", hold_id)

    def end(self, name: str, hold_id: str) -> None:
        body = {"dealer": "acme", "campaign_id": "spring", "hold_id": hold_id}
        self.add("vouchers", "wallet/acme/anna", name, {**body, "limits": [], "from_budget": True})

    def budget(self, name: str, hold_id: str) -> None:
        body = {"dealer": "acme", "campaign_id": "spring", "hold_id": hold_id}
        self.add("vouchers", BUDGET, name, body | {"discount_cents": 1_000})

    def code(self, name: str, order_id: str) -> None:
        body = {"dealer": "acme", "campaign_id": "spring", "number": 1, "hold_id": f"{order_id}/1"}
        self.add("vouchers", CODE, name, {**body, "at_dealer": "acme", "order_id": order_id})

    def found(self, folder: Path) -> set[str]:
        findings, rules = Findings(), Rules()
        activated = {"dealer": "acme", "campaign_id": "spring", "version": 1, "terms": TERMS}
        rules.take(Logs().add("vouchers", "campaign", "campaign-activated", activated))
        scope = self.scope(findings, rules, "vouchers.limits")
        heard = {("vouchers.limits", "vouchers"): {0: len(self.events)}}
        scope = type(scope)(findings, rules, scope.now, heard)
        limits, codes = Limits(scope, folder), UniqueCodes(scope)
        for version, event in enumerate(self.events, start=1):
            limits.take(replace(event, version=version))
            codes.take(event)
        limits.check()
        return {finding.kind for finding in findings.all()}


@pytest.fixture
def logs() -> Shared:
    return Shared()


@pytest.mark.parametrize("end", ["voucher-released", "voucher-returned", "voucher-use-lost"])
def test_a_budget_is_spent_returned_and_spent_again(logs: Shared, tmp_path: Path, end: str) -> None:
    """X-29"""
    logs.hold("o1/1")
    logs.end(end, "o1/1")
    logs.budget("budget-returned", "o1/1")
    logs.hold("o2/1")
    assert logs.found(tmp_path) == set()


def test_more_than_the_budget_is_found(logs: Shared, tmp_path: Path) -> None:
    """X-29"""
    logs.hold("o1/1")
    logs.hold("o2/1")
    assert logs.found(tmp_path) == {"limit-exceeded"}


@pytest.mark.parametrize(
    "wrong",
    [
        lambda logs: logs.hold("o1/1", reserves=False),
        lambda logs: logs.budget("budget-reserved", "o1/1"),
        lambda logs: (logs.hold("o1/1"), logs.budget("budget-returned", "o1/1")),
        lambda logs: (logs.hold("o1/1"), logs.end("voucher-use-lost", "o1/1")),
    ],
)
def test_a_budget_that_does_not_belong_to_its_holds_is_found(
    logs: Shared, tmp_path: Path, wrong: Any
) -> None:
    """X-29: not reserved, not held, returned too early, and not returned."""
    wrong(logs)
    assert logs.found(tmp_path) == {"use-miscounted"}


def test_a_code_that_two_orders_have_is_found(logs: Shared, tmp_path: Path) -> None:
    """X-5"""
    for name, order_id in (
        ("unique-code-taken", "o1"),
        ("unique-code-taken", "o1"),
        ("unique-code-freed", "o1"),
        ("unique-code-taken", "o2"),
    ):
        logs.code(name, order_id)
    assert logs.found(tmp_path) == set()
    logs.code("unique-code-taken", "o3")
    assert logs.found(tmp_path) == {"limit-exceeded"}


def test_a_code_that_is_freed_without_a_hold_is_found(logs: Shared, tmp_path: Path) -> None:
    """X-5"""
    logs.code("unique-code-freed", "o1")
    assert logs.found(tmp_path) == {"use-miscounted"}
