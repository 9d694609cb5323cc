"""X-15: mails follow the person whom checkout erased."""

from datetime import UTC, datetime

from vouchers.wallet.erasure import ERASURE, status
from zugabe_events.contracts.checkout import PersonErased, PersonRestricted
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_events.privacy.erasure import Erased

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def test_an_erased_person_gets_no_more_mails() -> None:
    received = ReceivedEvent("1.0", PersonErased("acme", "anna"), "person/acme/anna", NOON)
    assert status(received) == Erased("acme", "anna")
    assert ERASURE.erase is None, "the keys are those of checkout"


def test_a_restricted_person_is_left_to_who_opens_his_address() -> None:
    event = PersonRestricted("acme", "anna", NOON)
    assert status(ReceivedEvent("1.0", event, "person/acme/anna", NOON)) is None
