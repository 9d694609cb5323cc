"""The SMTP relay that mails are sent through."""

from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import aiosmtplib

TIMEOUT_SECONDS = 20.0


class SmtpRelay:
    """`url` is smtp://[user:password@]host[:port], or smtps:// for TLS from the start.

    With smtp:// TLS is used when the relay offers it, or else mails wait, if `needs_tls`.
    """

    def __init__(self, url: str, *, needs_tls: bool = False) -> None:
        parts = urlsplit(url)
        self._tls = parts.scheme == "smtps"
        self._start_tls = True if needs_tls and not self._tls else None
        self._host = parts.hostname or "127.0.0.1"
        self._port = parts.port or (465 if self._tls else 25)
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None

    async def send(self, message: EmailMessage) -> None:
        """Raises aiosmtplib.SMTPException or OSError."""
        await aiosmtplib.send(
            message,
            hostname=self._host,
            port=self._port,
            username=self._user,
            password=self._password,
            use_tls=self._tls,
            start_tls=self._start_tls,
            timeout=TIMEOUT_SECONDS,
        )
