"""What approvers and orderers are told about submitted orders."""

from datetime import timedelta

import pytest
from checkout_tests.fakes import NOON, ordered
from checkout_tests.submissions import EXPIRES, approval, approved, submitted
from msgspec.structs import replace as changed

from checkout.approval.mail import render
from checkout.approval.submission import requested, submission_ended
from checkout.order.cart import Cart
from checkout.peer.ports import Buyer
from checkout.pricing.goods import CartLine, at_own_prices
from zugabe_events.contracts.checkout import (
    OrderSubmitted,
    Person,
    SubmissionEnded,
    SubmissionOutcome,
    Totals,
)
from zugabe_events.domain.event import Event
from zugabe_events.domain.mail import Mail
from zugabe_events.domain.policy import ReceivedEvent

ANNA = Person("Anna Ast", "anna@example.org")
CLEO = Person("Cleo Christ", "cleo@example.org")
LINES = tuple(CartLine(f"00{number}", "g", "b", 1, 41_152) for number in range(3))
BY_CLEO = approval("cleo", "customer")
CHANGED = approval("cleo", "customer", has_changed=True)


def waiting(lines: tuple[CartLine, ...] = LINES, orderer: Person | None = ANNA) -> OrderSubmitted:
    cart = Cart("o1", Buyer("d1", "c1", "anna", NOON), lines, (), None, orderer=orderer)
    return submitted(ordered(cart, at_own_prices(lines), ""))


def ended(outcome: SubmissionOutcome, note: str | None = None) -> SubmissionEnded:
    return submission_ended(waiting(), outcome, "cleo", NOON, note)


def mail_about(event: Event) -> Mail | None:
    return render(ReceivedEvent("m1", event, "order/d1/o1", NOON))


def text_of(event: Event) -> str:
    mail = mail_about(event)
    assert mail is not None
    return f"{mail.to}\n{mail.subject}\n\n{mail.text}"


def test_an_approver_is_told_of_an_order_that_waits() -> None:
    """X-26"""
    assert text_of(requested(waiting(), "cleo", CLEO)) == (
        "cleo@example.org\n"
        "Eine Bestellung wartet auf Ihre Freigabe\n\n"
        "Guten Tag Cleo Christ,\n\n"
        "in Ihrem Unternehmen wurde am 01.03.2026 um 12:00 Uhr eine Bestellung aufgegeben, die "
        "Ihre Freigabe braucht.\n\n"
        "Besteller: Anna Ast\n"
        "Umfang: 3 Positionen, 1.234,56 € netto\n\n"
        "Sie können die Bestellung bis zum 15.03.2026 freigeben, ändern oder ablehnen. Danach "
        "verfällt sie.\n"
    )


def test_an_order_of_one_line_is_one_position_and_an_unknown_orderer_is_left_out() -> None:
    text = text_of(requested(waiting(LINES[:1], orderer=None), "cleo", CLEO))
    assert "Umfang: 1 Position, 411,52 € netto\n" in text
    assert "Besteller" not in text


def test_the_address_of_the_orderer_is_no_business_of_the_approver() -> None:
    mail = mail_about(requested(waiting(), "cleo", CLEO))
    assert mail is not None
    assert "anna@" not in mail.text
    assert mail.beside == ("d1/anna",)


def test_the_orderer_is_told_of_the_approval_and_the_number() -> None:
    text = text_of(approved(waiting(), "1000001", BY_CLEO))
    assert text == (
        "anna@example.org\n"
        "Ihre Bestellung 1000001 wurde freigegeben\n\n"
        "Guten Tag Anna Ast,\n\n"
        "Ihre Bestellung vom 01.03.2026 über 1.469,13 € (1.234,56 € netto) wurde freigegeben. "
        "Sie hat die Nummer 1000001.\n"
    )


def test_the_orderer_is_told_what_a_changed_order_costs() -> None:
    """X-26: a change is told."""
    totals = Totals(123_456, 23_457, 146_913, ())
    order = changed(waiting(), totals=totals)
    assert (
        "Ihre Bestellung vom 01.03.2026 wurde geändert und freigegeben. Sie hat die Nummer "
        "1000001. Sie beläuft sich nun auf 1.469,13 € (1.234,56 € netto).\n"
    ) in text_of(approved(order, "1000001", CHANGED))


@pytest.mark.parametrize(
    ("need", "sentence"),
    [
        ("order-value", "Sie wartet noch bis zum 15.03.2026 auf die Prüfung durch den Händler."),
        ("customer", "Sie wartet noch bis zum 15.03.2026 auf die Freigabe in Ihrem Unternehmen."),
    ],
)
def test_the_orderer_is_told_of_a_change_before_the_last_approval(need: str, sentence: str) -> None:
    left = changed(waiting(), needs=(need,), approvals=(CHANGED,))
    assert sentence in text_of(left)
    assert mail_about(changed(left, approvals=(BY_CLEO,))) is None
    assert mail_about(waiting()) is None


def test_the_orderer_is_told_why_their_order_was_rejected() -> None:
    assert text_of(ended("rejected", "Zu teuer.")) == (
        "anna@example.org\n"
        "Ihre Bestellung wurde abgelehnt\n\n"
        "Guten Tag Anna Ast,\n\n"
        "Ihre Bestellung vom 01.03.2026 über 1.234,56 € netto wurde nicht freigegeben.\n\n"
        "Begründung: Zu teuer.\n"
    )
    assert "Begründung" not in text_of(ended("rejected"))


def test_the_orderer_is_told_that_nobody_approved_in_time() -> None:
    assert (
        "Ihre Bestellung vom 01.03.2026 über 1.234,56 € netto wurde nicht rechtzeitig freigegeben "
        "und ist verfallen."
    ) in text_of(ended("expired"))


def test_nobody_is_told_what_they_did_themselves() -> None:
    for outcome in ("withdrawn", "changed"):
        assert mail_about(ended(outcome)) is None


def test_without_an_address_there_is_no_mail() -> None:
    """N-8: an erased orderer has none."""
    unknown = waiting(orderer=None)
    nameless = Person("", "")
    for event in (
        requested(unknown, "cleo", nameless),
        approved(unknown, "1000001", BY_CLEO),
        submission_ended(unknown, "rejected", "cleo", NOON),
        submission_ended(unknown, "expired", "", EXPIRES + timedelta(seconds=1)),
    ):
        assert mail_about(event) is None
