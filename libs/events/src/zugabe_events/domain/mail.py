"""Mails that events cause, and their conversion to messages."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import parseaddr
from typing import Literal

from zugabe_events.domain.email_address import deliverable_address
from zugabe_events.domain.policy import ReceivedEvent


@dataclass(frozen=True, slots=True)
class Mail:
    """Sealed texts in it are about its recipient and the persons in `beside`.

    Only the rule names these persons: text that somebody typed cannot add any. `unsubscribe` is the
    URL at which a POST ends such mails with one click (RFC 8058).
    """

    to: str
    subject: str
    text: str
    html: str | None = None
    beside: tuple[str, ...] = ()
    unsubscribe: str | None = None


@dataclass(frozen=True, slots=True)
class Mails:
    """`name` is literal and never changes: it is the consumer group and part of message ids.

    `render` is pure; None: this event causes no mail. At least once, and never during a replay.
    """

    name: str
    topics: tuple[str, ...]
    render: Callable[[ReceivedEvent], Mail | None]
    start: Literal["beginning", "now"] = "now"


type Title = Literal["Herr", "Frau"]


def addressed(title: Title | None, name: str) -> str:
    """The formal address of a person, such as `Sehr geehrter Herr Muster`; "" without a title."""
    match title:
        case "Herr" if name.strip():
            return f"Sehr geehrter Herr {name.strip()}"
        case "Frau" if name.strip():
            return f"Sehr geehrte Frau {name.strip()}"
        case _:
            return ""


def salutation(name: str, formal: str = "") -> str:
    """`formal` is what `addressed` gave, if it is known; it may be sealed, as the name may."""
    if formal:
        return f"{formal},"
    return f"Guten Tag {name}," if name.strip() else "Guten Tag,"


def paragraphs(*texts: str) -> str:
    return "\n\n".join(texts) + "\n"


class UnsendableError(Exception):
    """The address is invalid; retrying is useless."""


class UrlHeader(UnstructuredHeader, BaseHeader):
    """Stays one line: a URL that is folded would be encoded, and no program would read it."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


def header_types() -> HeaderRegistry:
    registry = HeaderRegistry()
    registry.map_to_type("list-unsubscribe", UrlHeader)
    return registry


POLICY = SMTP.clone(header_factory=header_types())


def message_id_of(mail_id: object, sender: str) -> str:
    """The same for a mail that is repeated, unique at the sender's domain (RFC 5322, 3.6.4)."""
    _, address = parseaddr(sender)
    return f"<{mail_id}@{address.rpartition('@')[2] or 'localhost'}>"


def message_of(mail: Mail, message_id: str, sender: str, date: datetime) -> EmailMessage:
    """`message_id` is derived from the cause, so that a repeated mail is known as one.

    Nothing in a mail can become a header of its own. Raises UnsendableError.
    """
    message = EmailMessage(policy=POLICY)
    message["From"] = sender
    message["To"] = deliverable(mail.to)
    message["Subject"] = one_line(mail.subject)
    message["Date"] = date
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    if mail.unsubscribe is not None:
        message["List-Unsubscribe"] = f"<{linked(mail.unsubscribe)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(readable(mail.text))
    if mail.html is not None:
        message.add_alternative(readable(mail.html), subtype="html")
    return message


MAX_URL = 900


def deliverable(address: str) -> Address:
    """One plain address, its domain in ASCII."""
    try:
        return Address(addr_spec=deliverable_address(address))
    except (ValueError, HeaderParseError) as error:
        raise UnsendableError("this is no address that a mail can go to") from error


URL = re.compile(r"https?://[A-Za-z0-9._~:/?#@!$&()*+;=%-]+")


def linked(url: str) -> str:
    """A URL that can stand between angle brackets in a header."""
    if len(url) <= MAX_URL and URL.fullmatch(url) and "=?" not in url:
        return url
    raise UnsendableError("this is no URL that a mail can name")


def one_line(text: str) -> str:
    """Without what ends a line, and without `=?`.

    The standard library decodes encoded words even in a header that is being set, and with them
    the line ends that they hide.
    """
    return " ".join(readable(text).replace("=?", "= ?").split())


def readable(text: str) -> str:
    """Without control characters and half surrogate pairs, which no mail can carry."""
    kept = "".join(char for char in text if char in "\n\t" or unicodedata.category(char) != "Cc")
    return kept.encode("utf-8", "replace").decode()


@dataclass(frozen=True, slots=True)
class MailFailure:
    """`to` is the sealed address. `refused`: the relay does not take mails for it; else it could
    not be reached for days."""

    to: str
    at: datetime
    refused: bool
