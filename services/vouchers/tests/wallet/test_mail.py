"""The mails say what the handbook shows, word for word."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from vouchers.mail_link.links import Link, Links
from vouchers.wallet.mail import render
from zugabe_events.contracts.checkout import Person
from zugabe_events.contracts.vouchers import (
    CampaignTerms,
    MailSender,
    VoucherIssued,
    VoucherRevoked,
)
from zugabe_events.domain.policy import ReceivedEvent

ORDERED = datetime(2014, 5, 23, 13, 40, tzinfo=UTC)
MUSTER = Person("Max Muster", "muster@example.org", "Sehr geehrter Herr Muster")
LINKS = Links(b"s" * 32, "https://vouchers.example")
OBJECTION = LINKS.url(Link("objection", "acme", "anna"))

type Terms = Callable[..., CampaignTerms]


def issued(
    terms: CampaignTerms, recipient: Person | None = MUSTER, sender: MailSender | None = None
) -> ReceivedEvent:
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
        sender=sender,
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
    mail = render(received, LINKS)
    assert mail is not None
    return mail.text


def test_the_mail_of_the_handbook(terms: Terms) -> None:
    """VO-34, VO-33, X-22: it ends with the link by which the user objects."""
    mail = render(issued(of_2014(terms)), LINKS)
    assert mail is not None
    assert mail.to == "muster@example.org"
    assert mail.text == (
        "Sehr geehrter Herr Muster,\n\n"
        "durch Ihre Bestellung 25706 am 23.05.2014 um 15:40 Uhr erhalten Sie einen "
        "Aktionsgutschein. Durch Verwendung des Gutscheins entfallen die Versandkosten bei Ihrem "
        "nächsten Einkauf.\n\n"
        "Ihr Gutscheincode: A12345\n\n"
        "Sie können diesen Gutschein bis zum 31.05.2014 für alle von dieser Aktion umfassten "
        "Artikel einlösen.\n\n"
        "Dieser Gutschein kann insgesamt 4 Mal verwendet werden! Dieser Gutschein kann insgesamt "
        "4 Mal in Ihrem Unternehmen verwendet werden!\n\n"
        "Sie erhalten diese E-Mail, weil Sie bei uns bestellt haben. Der Verwendung Ihrer "
        "E-Mail-Adresse für Werbung können Sie jederzeit widersprechen, ohne dass hierfür andere "
        "als die Übermittlungskosten nach den Basistarifen entstehen. Gutscheine zeigt Ihnen dann "
        f"nur noch der Shop:\n{OBJECTION}\n"
    )
    assert mail.unsubscribe == OBJECTION


@pytest.mark.parametrize(
    ("person", "begin"),
    [
        (Person("Eva Muster", "e@example.org", "Sehr geehrte Frau Muster"), "Sehr geehrte Frau "),
        (Person("Kim Muster", "k@example.org"), "Guten Tag Kim Muster,"),
        (Person("", "k@example.org"), "Guten Tag,"),
    ],
)
def test_a_salutation_is_neutral_if_it_is_unknown(terms: Terms, person: Person, begin: str) -> None:
    """VO-34"""
    assert text_of(issued(of_2014(terms), person)).startswith(begin)


def test_the_mail_names_the_dealer_and_the_minimum(terms: Terms) -> None:
    sender = MailSender("Musikhaus Müller", "Marktplatz 1\n50667 Köln")
    mail = render(issued(of_2014(terms, minimum_cents=123_450), sender=sender), LINKS)
    assert mail is not None
    assert mail.subject == "Ihr Aktionsgutschein von Musikhaus Müller"
    assert "einlösen. Der Mindestbestellwert beträgt 1.234,50 € netto.\n\n" in mail.text
    assert "\n\nMusikhaus Müller\nMarktplatz 1\n50667 Köln\n\n" in mail.text


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
    assert render(issued(of_2014(terms), None), LINKS) is None
    assert render(issued(of_2014(terms), Person("Max Muster", "")), LINKS) is None


def test_a_revoked_voucher_is_told_by_mail() -> None:
    """Q7: which code, by which order, and from whom; older events name none of them."""
    revoked = VoucherRevoked("again/o1", "again", "acme", "anna", "o1", MUSTER)
    text = text_of(ReceivedEvent("1", revoked, "wallet/acme/anna", ORDERED))
    assert "die Bestellung, durch die Sie einen Aktionsgutschein erhalten haben, wurde" in text
    sender = MailSender("Musikhaus Müller")
    named = replace(revoked, order_number="25706", code="A12345", sender=sender)
    mail = render(ReceivedEvent("1", named, "wallet/acme/anna", ORDERED), LINKS)
    assert mail is not None
    assert mail.subject == "Ihr Aktionsgutschein von Musikhaus Müller ist nicht mehr gültig"
    assert mail.unsubscribe is None
    assert mail.text == (
        "Sehr geehrter Herr Muster,\n\n"
        "Ihre Bestellung 25706, durch die Sie den Gutscheincode A12345 erhalten haben, wurde "
        "storniert. Der Gutschein ist deshalb nicht mehr gültig.\n\n"
        "Musikhaus Müller\n"
    )
    returned = ReceivedEvent("2", replace(named, by_return=True), "wallet/acme/anna", ORDERED)
    assert "wurde zurückgegeben. Der Gutschein ist deshalb nicht mehr gültig." in text_of(returned)


@pytest.mark.parametrize(
    ("changes", "customer", "promised"),
    [
        ({}, "muster", True),
        ({}, "So.COMMERCE", False),
        ({"unique_codes": True}, "muster", False),
    ],
)
def test_uses_in_the_company_are_promised_only_where_colleagues_have_them(
    terms: Terms, changes: dict[str, Any], customer: str, *, promised: bool
) -> None:
    """Q6, VO-34"""
    received = issued(of_2014(terms, **changes))
    event = replace(received.event, customer=customer)
    text = text_of(ReceivedEvent("1", event, "wallet/acme/anna", ORDERED))
    assert ("in Ihrem Unternehmen" in text) is promised
    assert "insgesamt 4 Mal verwendet" in text
