"""X-30, N-2: uses of the system before leave less of each limit, and are never too many."""

from pathlib import Path

import pytest
from verify_tests.logs import OF_O1, Logs

from zugabe_verify.business.limits import Limits
from zugabe_verify.business.scope import Case
from zugabe_verify.business.wallet import check_wallet
from zugabe_verify.findings import Findings
from zugabe_verify.rules import Rules

WALLET = "wallet/acme/anna"
TERMS = {
    "kind": "own", "valid_from": "2026-05-01", "valid_until": "2026-05-31", "max_uses": 3,
    "max_per_customer": None, "max_per_user": 3, "discount_type": "percent", "value": 1_000,
}  # fmt: skip
CAMPAIGN = {"dealer": "acme", "campaign_id": "spring"}


class Imported(Logs):
    def past(self, uses: int) -> None:
        body = {**CAMPAIGN, "import_id": "old", "uses": uses}
        user = {"customer": "c1", "user": "anna"}
        self.add("vouchers", WALLET, "past-uses-imported", body | user)
        shared = {"limit": "campaign", "customer": None}
        self.add("vouchers", "uses/acme/spring", "shared-past-uses-imported", body | shared)

    def hold(self) -> None:
        held = {
            "attempt": 1, "campaign_version": 1, "voucher_id": None, "base_cents": 1_000,
            "discount_cents": 100, "shares": [100], "limits": ["campaign"], "hold_id": "o1/1",
            "deadline": "2099-01-01T00:00:00Z",
        }  # fmt: skip
        self.add("vouchers", WALLET, "voucher-held", OF_O1 | CAMPAIGN | held)
        counted = {"limit": "campaign", "customer": None, "hold_id": "o1/1"}
        self.add("vouchers", "uses/acme/spring", "use-counted", CAMPAIGN | counted)

    def found(self, folder: Path) -> list[str]:
        findings, rules = Findings(), Rules()
        activated = {**CAMPAIGN, "version": 1, "terms": TERMS}
        rules.take(Logs().add("vouchers", "campaign", "campaign-activated", activated))
        scope = self.scope(findings, rules, "vouchers.limits")
        limits = Limits(scope, folder)
        for event in self.events:
            limits.take(event)
        limits.check()
        wallet = [event for event in self.events if event.stream == WALLET]
        check_wallet(wallet, Case(scope, "vouchers", WALLET, self.orders()))
        kinds = [finding.kind for finding in findings.all()]
        return [kind for kind in kinds if kind == "limit-exceeded"]


@pytest.mark.parametrize(("past", "exceeded"), [(2, 0), (3, 2), (9, 2)])
def test_a_hold_beyond_what_is_left_is_found(tmp_path: Path, past: int, exceeded: int) -> None:
    """For the user and for all together."""
    logs = Imported()
    logs.past(past)
    logs.hold()
    assert len(logs.found(tmp_path)) == exceeded


def test_what_was_used_before_is_no_violation_by_itself(tmp_path: Path) -> None:
    logs = Imported()
    logs.past(9)
    assert logs.found(tmp_path) == []


def test_a_correction_leaves_more(tmp_path: Path) -> None:
    logs = Imported()
    logs.past(3)
    logs.past(-1)
    logs.hold()
    assert logs.found(tmp_path) == []
