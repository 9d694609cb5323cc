"""S15: mails leave this machine over TLS, or wait."""

from email.message import EmailMessage
from typing import Any

import aiosmtplib
import pytest

from zugabe_events.reactions.smtp import SmtpRelay


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
    """`start_tls=True` refuses a relay that does not offer it; None takes it if it is offered."""
    asked: list[Any] = []

    async def send(_: EmailMessage, **options: Any) -> None:
        asked.append((options["use_tls"], options["start_tls"]))

    monkeypatch.setattr(aiosmtplib, "send", send)
    await SmtpRelay(url, needs_tls=needs_tls).send(EmailMessage())
    assert asked == [(use_tls, start_tls)]
