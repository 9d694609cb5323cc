"""M3, M5: one rule for addresses, when they are typed in and when mails leave."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from zugabe_events.domain.email_address import deliverable_address, is_deliverable
from zugabe_events.domain.mail import deliverable
from zugabe_events.http.fields import Email

TYPED: TypeAdapter[str] = TypeAdapter(Email)


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("ina@faßbinder.example", "ina@xn--fabinder-rya.example"),
        ("ina@fassbinder.example", "ina@fassbinder.example"),
        ("ina@Händler.DE", "ina@xn--hndler-bua.de"),
        ("ina@ha\u0308ndler.de", "ina@xn--hndler-bua.de"),
        ("Ina.O'Neil+zugabe@mail.Muster.example", "Ina.O'Neil+zugabe@mail.muster.example"),
        ("ina@xn--fabinder-rya.example", "ina@xn--fabinder-rya.example"),
        ("ina@muster.museum", "ina@muster.museum"),
    ],
)
def test_an_address_goes_to_the_domain_that_was_typed(typed: str, sent: str) -> None:
    """M3: IDNA 2008 maps no ß to ss, which is another domain, with somebody else's mailbox"""
    assert deliverable_address(typed) == sent
    assert TYPED.validate_python(f" {typed} ") == typed


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ina",
        "@muster.example",
        "ina@",
        "jörg@muster.example",
        "ina@127.0.0.1",
        "ina@[127.0.0.1]",
        "ina@muster.1",
        "ina@localhost",
        "i..na@muster.example",
        ".ina@muster.example",
        "ina.@muster.example",
        "ina@muster.example.",
        "ina@muster..example",
        "ina@-muster.example",
        "ina@muster-.example",
        "ina@mus_ter.example",
        "ina@xn--.example",
        "ina@xn--a.example",
        "ina@ab--cd.example",
        "ina@☃.example",
        "ina@muster\u3002example",
        "ina@\u200bmuster.example",
        "ina@muster.example@other.example",
        "ina muster@muster.example",
        "ina,max@muster.example",
        "ina@muster.example\r\nBcc: max@other.example",
        f"{'i' * 65}@muster.example",
        f"ina@{'m' * 64}.example",
        f"ina@{'muster.' * 36}example",
        "=?utf-8?q?ina?=@muster.example",
    ],
)
def test_what_nobody_can_be_reached_at_is_refused_when_it_is_typed(typed: str) -> None:
    """M5"""
    assert not is_deliverable(typed)
    with pytest.raises(ValidationError):
        TYPED.validate_python(typed)


@given(st.text(max_size=80) | st.emails())
def test_whatever_is_taken_can_be_sent_to(typed: str) -> None:
    """M5: input and output agree"""
    try:
        taken = TYPED.validate_python(typed)
    except ValidationError:
        return
    sent = deliverable(taken).addr_spec
    assert sent.isascii()
    assert deliverable_address(sent) == sent
