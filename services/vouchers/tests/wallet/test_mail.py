"""The mails say what the handbook shows, word for word."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from vouchers.wallet.mail import render
from zugabe_events.contracts.checkout import Person
from zugabe_events.contracts.vouchers import CampaignTerms, VoucherIssued, VoucherRevoked
from zugabe_events.domain.policy import ReceivedEvent

ORDERED = datetime(2014, 5, 23, 13, 40, tzinfo=UTC)
MUSTER = Person("Herr Muster", "muster@example.org")

type Terms = Callable[..., CampaignTerms]


def issued(terms: CampaignTerms, recipient: Person | None = MUSTER) -> ReceivedEvent:
    event = VoucherIssued(
        voucher_id="again/o1",
        campaign_id="again",
        campaign_version=1,
        dealer="acme",
        customer="muster",
        user="anna",
        code=terms.code,
        terms=terms,
        order_id="o1",
        order_number="25706",
        placed_at=ORDERED,
        recipient=recipient,
    )
    return ReceivedEvent("1", event, "wallet/acme/anna", ORDERED)


def of_2014(terms: Terms, **changes: Any) -> CampaignTerms:
    fields = {
        "kind": "second-purchase",
        "discount_type": "free-shipping",
        "value": 0,
        "valid_until": date(2014, 5, 31),
        "max_per_user": 4,
        "max_per_customer": 4,
    }
    return terms(**{**fields, **changes})


def text_of(received: ReceivedEvent) -> str:
    mail = render(received)
    assert mail is not None
    return mail.text


def test_the_mail_of_the_handbook(terms: Terms) -> None:
    """VO-34, VO-33"""
    mail = render(issued(of_2014(terms)))
    assert mail is not None
    assert mail.to == "muster@example.org"
    assert mail.text == (
        "Guten Tag Herr Muster,\n\n"
        "durch Ihre Bestellung 25706 am 23.05.2014 um 15:40 Uhr erhalten Sie einen "
        "Aktionsgutschein. Durch Verwendung des Gutscheins entfallen die Versandkosten bei Ihrem "
        "nächsten Einkauf.\n\n"
        "Ihr Gutscheincode: A12345\n\n"
        "Sie können diesen Gutschein bis zum 31.05.2014 für alle Artikel dieser Aktion "
        "einlösen.\n\n"
        "Dieser Gutschein kann insgesamt 4 Mal verwendet werden! Dieser Gutschein kann insgesamt "
        "4 Mal in Ihrem Unternehmen verwendet werden!\n"
    )


def test_without_a_limit_per_customer_its_sentence_is_left_out(terms: Terms) -> None:
    """Q27"""
    text = text_of(issued(of_2014(terms, max_per_customer=None)))
    assert "in Ihrem Unternehmen" not in text


def test_a_thousand_uses_read_as_often_as_you_like(terms: Terms) -> None:
    """Q27"""
    text = text_of(issued(of_2014(terms, max_per_user=1000)))
    assert "Dieser Gutschein kann beliebig oft verwendet werden!" in text


@pytest.mark.parametrize(
    ("discount_type", "value", "effect"),
    [("fixed", 1000, "sparen Sie 10,00 € netto"), ("percent", 1250, "sparen Sie 12,5 %")],
)
def test_the_effect_follows_the_discount_type(
    terms: Terms, discount_type: str, value: int, effect: str
) -> None:
    """VO-34"""
    text = text_of(issued(of_2014(terms, discount_type=discount_type, value=value)))
    assert f"Durch Verwendung des Gutscheins {effect} bei Ihrem nächsten Einkauf." in text


def test_nobody_to_write_to_is_no_mail(terms: Terms) -> None:
    assert render(issued(of_2014(terms), None)) is None
    assert render(issued(of_2014(terms), Person("Herr Muster", ""))) is None


def test_a_revoked_voucher_is_told_by_mail() -> None:
    """Q7"""
    revoked = VoucherRevoked("again/o1", "again", "acme", "anna", "o1", MUSTER)
    text = text_of(ReceivedEvent("1", revoked, "wallet/acme/anna", ORDERED))
    assert "storniert" in text
    assert "nicht mehr gültig" in text
