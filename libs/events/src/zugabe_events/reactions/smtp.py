"""The SMTP relay that mails are sent through."""

from contextlib import suppress
from email.message import EmailMessage
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

import aiosmtplib
from aiosmtplib.email import flatten_message

TIMEOUT_SECONDS = 20.0
"""For connecting, and for each reply before the mail begins."""

REPLY_TIMEOUT_SECONDS, FINAL_REPLY_TIMEOUT_SECONDS = 300.0, 600.0
"""For the replies to a sender and a recipient, and to the mail itself (RFC 5321, 4.5.3.2)."""


class UnknownOutcomeError(Exception):
    """The mail was on its way, and the relay did not say whether it took it."""


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
        """Raises aiosmtplib.SMTPException or OSError while it is certain that the relay does not
        have the mail, and UnknownOutcomeError if it may have it."""
        client = aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            username=self._user,
            password=self._password,
            use_tls=self._tls,
            start_tls=self._start_tls,
            timeout=TIMEOUT_SECONDS,
        )
        await client.connect()
        try:
            await client.mail(parseaddr(str(message["From"]))[1], timeout=REPLY_TIMEOUT_SECONDS)
            await client.rcpt(parseaddr(str(message["To"]))[1], timeout=REPLY_TIMEOUT_SECONDS)
            await self._data(client, flatten_message(message, cte_type="7bit"))
        finally:
            await farewell(client)

    async def _data(self, client: aiosmtplib.SMTP, text: bytes) -> None:
        try:
            await client.data(text, timeout=FINAL_REPLY_TIMEOUT_SECONDS)
        except aiosmtplib.SMTPResponseException:
            raise
        except (aiosmtplib.SMTPException, OSError) as error:
            raise UnknownOutcomeError(type(error).__name__) from error


async def farewell(client: aiosmtplib.SMTP) -> None:
    """A relay that does not say goodbye has the mail all the same."""
    with suppress(aiosmtplib.SMTPException, OSError):
        await client.quit(timeout=TIMEOUT_SECONDS)
    client.close()
