"""A mail says what it should, and nothing in it becomes a header or a recipient of its own."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtplib.email import flatten_message
from hypothesis import given
from hypothesis import strategies as st

from zugabe_events.domain.mail import Mail, UnsendableError, addressed, message_of, salutation

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
HEADERS = {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version"}
UNSUBSCRIBE = {"List-Unsubscribe", "List-Unsubscribe-Post"}
BODY_HEADERS = {"Content-Type", "Content-Transfer-Encoding"}


def sent(mail: Mail) -> EmailMessage:
    """As a mail server reads it."""
    message = message_of(mail, "<1@zugabe.example>", "Zugabe <shop@zugabe.example>", NOON)
    read: Any = message_from_bytes(message.as_bytes(), policy=default)
    headers = HEADERS | BODY_HEADERS | (UNSUBSCRIBE if mail.unsubscribe else set())
    assert set(read.keys()) <= headers
    assert len(read.keys()) == len(set(read.keys()))
    assert read["From"] == "Zugabe <shop@zugabe.example>"
    assert read["Message-ID"] == "<1@zugabe.example>"
    return read  # type: ignore[no-any-return]


def test_a_mail_says_what_it_should() -> None:
    read = sent(Mail("anna@acme.de", "Ihr Gutschein über 5 €", "Grüße,\nIhr Händler"))
    assert read["To"] == "anna@acme.de"
    assert read["Subject"] == "Ihr Gutschein über 5 €"
    assert read["Date"].datetime == NOON
    assert read.get_content().splitlines() == ["Grüße,", "Ihr Händler"]


def test_a_mail_may_be_read_as_text_or_as_a_page() -> None:
    read = sent(Mail("anna@acme.de", "Hallo", "Text", "<p>Größe</p>"))
    plain, html = read.iter_parts()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert "Größe" in html.get_content()


@pytest.mark.parametrize(
    "subject",
    [
        "Hallo\r\nBcc: eve@evil.example",
        "Hallo\nBcc: eve@evil.example\n\nbody",
        "Hallo\u2028Bcc: eve@evil.example",
        "=?utf-8?q?Hallo=0D=0ABcc:_eve@evil.example?=",
        "=?utf-8?b?SGFsbG8NCkJjYzogZXZlQGV2aWwuZXhhbXBsZQ==?=",
        "=?" * 50,
        "ä" * 500 + "\r\nBcc: eve@evil.example",
        "\ud800\x00",
    ],
)
def test_a_subject_stays_one_line(subject: str) -> None:
    read = sent(Mail("anna@acme.de", subject, "Text"))
    assert read["To"] == "anna@acme.de"
    assert read["Bcc"] is None


@given(subject=st.text(max_size=200), text=st.text(max_size=200))
def test_no_text_is_more_than_text(subject: str, text: str) -> None:
    read = sent(Mail("anna@acme.de", subject, text, text))
    assert read["To"] == "anna@acme.de"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "anna",
        "anna@",
        "@acme.de",
        "anna@acme.de, eve@evil.example",
        "anna@acme.de\r\nBcc: eve@evil.example",
        "Anna <anna@acme.de>",
        "an na@acme.de",
        "änna@acme.de",
        "anna@acme..de",
        "=?utf-8?q?a?=@acme.de",
        '"a\r\nBcc: x"@acme.de',
        ".anna@acme.de",
        "anna@" + "x" * 300,
        "anna@[127.0.0.1]",
        "anna@acme.de\x00",
    ],
)
def test_a_mail_goes_to_one_plain_address_or_nowhere(address: str) -> None:
    with pytest.raises(UnsendableError):
        sent(Mail(address, "Hallo", "Text"))


def test_a_domain_with_an_umlaut_is_an_address() -> None:
    assert sent(Mail("anna@händler.de", "Hallo", "Text"))["To"] == "anna@xn--hndler-bua.de"


def test_a_mail_is_ended_with_one_click() -> None:
    """X-21: RFC 8058, unfolded and unencoded, however long the URL is."""
    url = "https://shop.example/dealers/acme/mail-links/" + "aB3-_" * 100
    mail = Mail("anna@acme.de", "Ihr Gutschein über 5 €", "Grüße", unsubscribe=url)
    message = message_of(mail, "<1@zugabe.example>", "Zugabe <shop@zugabe.example>", NOON)
    lines = flatten_message(message).splitlines()
    assert f"List-Unsubscribe: <{url}>".encode() in lines
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines
    assert sent(mail)["Subject"] == "Ihr Gutschein über 5 €"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mailto:stop@shop.example",
        "javascript:alert(1)",
        "https://shop.example/\r\nBcc: eve@evil.example",
        "https://shop.example/>, <https://evil.example",
        "https://shop.example/ä",
        "https://shop.example/=?utf-8?q?a?=",
        "https://shop.example/" + "x" * 1_000,
    ],
)
def test_a_url_is_no_header_of_its_own(url: str) -> None:
    with pytest.raises(UnsendableError):
        sent(Mail("anna@acme.de", "Hallo", "Text", unsubscribe=url))


def test_a_letter_addresses_a_person_formally_if_it_can() -> None:
    """VO-34"""
    assert salutation("Max", addressed("Herr", "Muster")) == "Sehr geehrter Herr Muster,"
    assert salutation("Eva", addressed("Frau", "Muster")) == "Sehr geehrte Frau Muster,"
    assert salutation("Kim Muster", addressed(None, "Muster")) == "Guten Tag Kim Muster,"
    assert salutation("", addressed("Herr", " ")) == "Guten Tag,"
