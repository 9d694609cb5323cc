"""X-26: which orders of a customer need approval, and who is told."""

from datetime import UTC, datetime, timedelta

import pytest

from checkout.terms.customer_terms import (
    CUSTOMER_TERMS_DECIDER,
    MAX_APPROVERS,
    NameApprover,
    RemoveApprover,
    SetCustomerTerms,
)
from checkout.terms.refusals import (
    TermsInvalidError,
    TermsOvertakenError,
    TooManyApproversError,
)
from zugabe_events.contracts.checkout import (
    ApprovalRule,
    ApproverNamed,
    ApproverRemoved,
    CustomerTermsSet,
    Person,
)
from zugabe_testing.deciders import given

NOON = datetime(2026, 3, 1, 11, tzinfo=UTC)
HOUR = timedelta(hours=1)
ABOVE = CustomerTermsSet("d1", "c1", 1, "above", 50_000, NOON)
SEALED = Person("~sealed name~", "~sealed email~")
NAMED = ApproverNamed("d1", "c1", "chef", SEALED)


def setting(
    rule: ApprovalRule,
    above_cents: int = 0,
    at: datetime = NOON,
    effective_at: datetime | None = None,
) -> SetCustomerTerms:
    return SetCustomerTerms("d1", "c1", rule, above_cents, at, effective_at)


def test_a_rule_is_in_force_from_now_on_until_the_next() -> None:
    given(CUSTOMER_TERMS_DECIDER).when(setting("above", 50_000)).then(ABOVE)
    given(CUSTOMER_TERMS_DECIDER, ABOVE).when(setting("none", at=NOON + HOUR)).then(
        CustomerTermsSet("d1", "c1", 2, "none", 0, NOON + HOUR)
    )


def test_a_rule_that_is_in_force_is_not_set_again() -> None:
    given(CUSTOMER_TERMS_DECIDER).when(setting("none")).then()
    given(CUSTOMER_TERMS_DECIDER, ABOVE).when(setting("above", 50_000, NOON + HOUR)).then()


@pytest.mark.parametrize(
    ("rule", "above_cents", "code"),
    [
        ("above", 0, "amount-out-of-range"),
        ("above", 10**13, "amount-out-of-range"),
        ("always", 1, "value-not-wanted"),
        ("none", -1, "value-not-wanted"),
    ],
)
def test_only_approval_above_a_value_has_one(
    rule: ApprovalRule, above_cents: int, code: str
) -> None:
    asked = given(CUSTOMER_TERMS_DECIDER).when(setting(rule, above_cents))
    refused = asked.refused(TermsInvalidError, "terms-invalid")
    assert [(one["field"], one["code"]) for one in refused.lists["fields"]] == [
        ("above_cents", code)
    ]


def test_a_rule_never_begins_before_the_last_one() -> None:
    """X-40"""
    late = setting("always", at=NOON + HOUR, effective_at=NOON - HOUR)
    given(CUSTOMER_TERMS_DECIDER, ABOVE).when(late).refused(TermsOvertakenError)
    slow = setting("always", at=NOON - HOUR)
    given(CUSTOMER_TERMS_DECIDER, ABOVE).when(slow).then(
        CustomerTermsSet("d1", "c1", 2, "always", 0, NOON)
    )


def test_an_approver_is_named_with_other_data_and_removed_once() -> None:
    naming = NameApprover("d1", "c1", "chef", SEALED)
    given(CUSTOMER_TERMS_DECIDER).when(naming).then(NAMED)
    given(CUSTOMER_TERMS_DECIDER, NAMED).when(naming).then()
    other = Person("~other name~", "~other email~")
    given(CUSTOMER_TERMS_DECIDER, NAMED).when(NameApprover("d1", "c1", "chef", other)).then(
        ApproverNamed("d1", "c1", "chef", other)
    )
    removing, removed = RemoveApprover("d1", "c1", "chef"), ApproverRemoved("d1", "c1", "chef")
    given(CUSTOMER_TERMS_DECIDER, NAMED).when(removing).then(removed)
    given(CUSTOMER_TERMS_DECIDER, NAMED, removed).when(removing).then()


def test_rules_and_approvers_do_not_touch_each_other() -> None:
    naming = NameApprover("d1", "c1", "chef", SEALED)
    given(CUSTOMER_TERMS_DECIDER, NAMED, ABOVE).when(naming).then()
    removed = ApproverRemoved("d1", "c1", "chef")
    given(CUSTOMER_TERMS_DECIDER, ABOVE, NAMED, removed).when(setting("above", 50_000)).then()


def test_a_customer_has_only_so_many_approvers() -> None:
    named = [ApproverNamed("d1", "c1", f"u{number}", SEALED) for number in range(MAX_APPROVERS)]
    full = given(CUSTOMER_TERMS_DECIDER, *named)
    refused = full.when(NameApprover("d1", "c1", "more", SEALED)).refused(TooManyApproversError)
    assert refused.facts == {"most_approvers": MAX_APPROVERS}
    other = Person("~other name~", "~other email~")
    full.when(NameApprover("d1", "c1", "u0", other)).then(ApproverNamed("d1", "c1", "u0", other))
