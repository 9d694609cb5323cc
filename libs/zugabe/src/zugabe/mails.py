"""The mails that arrived at the stack's mail server."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path


def to(address: str, folder: str) -> list[EmailMessage]:
    """In order of arrival."""
    arrived = (
        message_from_bytes(file.read_bytes(), policy=policy.default)
        for file in sorted(Path(folder).glob("*.eml"))
    )
    return [
        mail for mail in arrived if isinstance(mail, EmailMessage) and address in str(mail["To"])
    ]


def text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def links(mail: EmailMessage) -> list[str]:
    """In the order of the text."""
    return re.findall(r"^https?://\S+$", text(mail), re.MULTILINE)
