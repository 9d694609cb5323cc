"""Newsletters audited alone: what nobody confirmed, and vouchers that nothing gave (X-21)."""

from typing import Any

import pytest
from verify_tests.logs import NOON, Logs

from zugabe_verify.business.newsletter import check_newsletter
from zugabe_verify.business.scope import Case
from zugabe_verify.findings import Findings
from zugabe_verify.rules import Rules

ANNA = {"dealer": "acme", "customer": "c1", "user": "anna"}
LATER, TOO_LATE = "2026-05-04T13:00:00Z", "2026-06-03T12:00:00Z"
MAILBOX = "0123456789abcdef" * 2
TERMS = {"newsletter": True, "kind": "own", "value": 1_000}
CONSENT: dict[str, Any] = {
    "subscriber": {"name": "", "email": "~", "salutation": ""},
    "text_version": 1,
    "text": "Ja",
    "requested_at": NOON,
}


class Newsletters(Logs):
    def ask(self, number: int = 1) -> None:
        body = {**ANNA, **CONSENT, "number": number, "fingerprint": MAILBOX}
        self.add("vouchers", "newsletter", "newsletter-subscription-requested", body)

    def confirm(self, number: int = 1, **changes: Any) -> None:
        body = {**ANNA, **CONSENT, "number": number, "confirmed_at": LATER, **changes}
        self.add("vouchers", "newsletter", "newsletter-subscribed", body)

    def leave(self) -> None:
        self.add("vouchers", "newsletter", "newsletter-unsubscribed", ANNA)

    def issue(self, voucher_id: str = f"letter/{MAILBOX}", **changes: Any) -> None:
        voucher = {"voucher_id": voucher_id, "campaign_id": "letter", "campaign_version": 1}
        body = {**ANNA, **voucher, "terms": TERMS, "placed_at": LATER, **changes}
        self.add("vouchers", "wallet", "voucher-issued", body)

    def found(self) -> list[str]:
        findings, rules = Findings(), Rules()
        active = {"dealer": "acme", "campaign_id": "letter", "version": 1, "terms": TERMS}
        rules.take(Logs().add("vouchers", "letter", "campaign-activated", active))
        scope = self.scope(findings, rules, "vouchers.orders")
        check_newsletter(self.events, Case(scope, "vouchers", "newsletter/acme/anna", {}))
        return [finding.kind for finding in findings.all()]


@pytest.fixture
def logs() -> Newsletters:
    return Newsletters()


def test_a_confirmed_newsletter_is_in_order(logs: Newsletters) -> None:
    logs.ask()
    logs.confirm()
    logs.leave()
    logs.ask(2)
    logs.confirm(2, confirmed_at="2026-05-04T15:00:00Z")
    logs.issue()
    logs.issue("letter/old-system", order_id="")
    assert logs.found() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"number": 2},
        {"text": "Nein"},
        {"customer": "c2"},
        {"confirmed_at": TOO_LATE},
        {"subscriber": {"name": "", "email": "~other", "salutation": ""}},
    ],
)
def test_what_was_never_asked_for_cannot_be_confirmed(
    logs: Newsletters, changes: dict[str, Any]
) -> None:
    logs.ask()
    logs.confirm(**changes)
    assert logs.found() == ["subscription-unfounded"]


def test_a_request_is_confirmed_once_and_not_after_leaving(logs: Newsletters) -> None:
    logs.ask()
    logs.confirm()
    logs.confirm()
    logs.ask(2)
    logs.leave()
    logs.confirm(2)
    assert logs.found() == ["subscription-unfounded"] * 2


def test_a_voucher_comes_with_a_confirmation_and_by_the_campaigns_terms(logs: Newsletters) -> None:
    logs.issue()
    assert logs.found() == ["voucher-unfounded"]
    logs.ask()
    logs.confirm()
    logs.issue(f"other/{MAILBOX}", terms={**TERMS, "value": 9_000})
    assert logs.found() == ["voucher-unfounded"] * 2
    logs.issue(f"other/{MAILBOX}")
    assert "voucher-twice" in logs.found()
