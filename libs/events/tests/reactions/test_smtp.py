"""Mails leave this machine over TLS, or wait; and it is known whether a relay has them."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from typing import Any

import aiosmtplib
import pytest

from zugabe_events.reactions import smtp
from zugabe_events.reactions.smtp import SmtpRelay, UnknownOutcomeError


class AsideError(Exception):
    """Ends a conversation before it begins."""


@pytest.mark.parametrize(
    ("url", "needs_tls", "use_tls", "start_tls"),
    [
        ("smtp://127.0.0.1:1025", False, False, None),
        ("smtp://relay.example", True, False, True),
        ("smtps://relay.example", False, True, None),
        ("smtps://relay.example", True, True, None),
    ],
)
async def test_a_relay_elsewhere_is_spoken_to_by_tls_only(
    monkeypatch: pytest.MonkeyPatch,
    url: str,
    needs_tls: bool,
    use_tls: bool,
    start_tls: bool | None,
) -> None:
    """S15: `start_tls=True` refuses a relay that does not offer it; None takes it if offered."""
    asked: list[Any] = []

    def client(**options: Any) -> None:
        asked.append((options["use_tls"], options["start_tls"]))
        raise AsideError

    monkeypatch.setattr(aiosmtplib, "SMTP", client)
    with pytest.raises(AsideError):
        await SmtpRelay(url, needs_tls=needs_tls).send(EmailMessage())
    assert asked == [(use_tls, start_tls)]


def letter() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = "Zugabe <shop@zugabe.example>", "ina@muster.example"
    message["Subject"] = "Größe"
    message.set_content("Grüße\n.\nIhr Händler")
    return message


class Relay:
    """Speaks SMTP; `replies` are to commands, None hangs up; "." is the end of the mail."""

    def __init__(self, **replies: str | None) -> None:
        self.replies = {"EHLO": "250 relay", "MAIL": "250 ok", "RCPT": "250 ok",
                        "DATA": "354 go on", "END": "250 ok", "QUIT": "221 bye"}  # fmt: skip
        self.replies |= replies  # type: ignore[arg-type]
        self.seconds = 0.0
        self.heard: list[str] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 relay\r\n")
        in_mail = False
        while line := (await reader.readline()).decode():
            if in_mail and line != ".\r\n":
                continue
            command = "END" if in_mail else line.split()[0].upper()
            in_mail = command == "DATA"
            self.heard.append(command)
            reply = self.replies[command]
            if reply is None:
                break
            if command == "END":
                await asyncio.sleep(self.seconds)
            writer.write(f"{reply}\r\n".encode())
        writer.close()


@asynccontextmanager
async def running(relay: Relay) -> AsyncGenerator[SmtpRelay]:
    async with await asyncio.start_server(relay, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        yield SmtpRelay(f"smtp://127.0.0.1:{port}")


async def test_a_relay_may_take_its_time_for_the_final_reply(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """M1: ten minutes (RFC 5321, 4.5.3.2.6), not the seconds of other replies"""
    assert smtp.FINAL_REPLY_TIMEOUT_SECONDS == 600
    monkeypatch.setattr(smtp, "TIMEOUT_SECONDS", 0.2)
    relay = Relay()
    relay.seconds = 0.5
    async with running(relay) as sending:
        await sending.send(letter())
    assert relay.heard == ["EHLO", "MAIL", "RCPT", "DATA", "END", "QUIT"]


async def test_a_relay_that_says_no_goodbye_has_the_mail() -> None:
    """M1"""
    async with running(Relay(QUIT=None)) as sending:
        await sending.send(letter())


@pytest.mark.parametrize("command", ["DATA", "END"])
async def test_nobody_knows_what_became_of_a_mail_whose_end_was_not_answered(
    command: str,
) -> None:
    """M1"""
    async with running(Relay(**{command: None})) as sending:
        with pytest.raises(UnknownOutcomeError):
            await sending.send(letter())


@pytest.mark.parametrize(
    ("command", "error"),
    [
        ("MAIL", aiosmtplib.SMTPSenderRefused),
        ("RCPT", aiosmtplib.SMTPRecipientRefused),
        ("DATA", aiosmtplib.SMTPDataError),
        ("END", aiosmtplib.SMTPDataError),
    ],
)
async def test_a_refusal_is_certain(command: str, error: type[Exception]) -> None:
    """M4: and says what was refused"""
    async with running(Relay(**{command: "550 no"})) as sending:
        with pytest.raises(error) as refused:
            await sending.send(letter())
    assert getattr(refused.value, "code") == 550  # noqa: B009 - errors of several classes
