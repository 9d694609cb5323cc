"""Personal text as stored and sent: encrypted, and opaque everywhere but at the edges (N-8).

A sealed text looks like `~zp1:checkout:acme/anna:email:BASE64~`: format, the service that owns the
key, the person, the field, and nonce with AES-256-GCM ciphertext. Owner, person and field are
authenticated: moved to another person or field, it is unreadable. It is one word of ASCII that may
be embedded in other text, such as a mail.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORMAT = "zp1"
NONCE_BYTES = 12

SEALED = re.compile(
    r"~zp1:(?P<owner>[a-z][a-z-]*)"
    r":(?P<person>[A-Za-z0-9._@+-]+/[A-Za-z0-9._@+-]+)"
    r":(?P<field>[a-z_]+)"
    r":(?P<payload>[A-Za-z0-9_-]{38,}={0,2})~"
)


class WithheldReason(StrEnum):
    """Reason why a sealed text is not shown; the value is displayed in its place."""

    ERASED = "gelöscht"
    RESTRICTED = "gesperrt"
    HIDDEN = "verborgen"


class UnreadableError(Exception):
    """A sealed text was altered, or moved to another person or field."""


@dataclass(frozen=True, slots=True)
class SealedText:
    """The parts of a sealed text that are readable without a key."""

    owner: str
    person: str
    field: str
    payload: str

    @property
    def associated_data(self) -> bytes:
        return f"{FORMAT}:{self.owner}:{self.person}:{self.field}".encode()

    def __str__(self) -> str:
        return f"~{FORMAT}:{self.owner}:{self.person}:{self.field}:{self.payload}~"


def person_of(tenant: str, user: str) -> str:
    """The key of a person in the key store; neither id has a slash."""
    return f"{tenant}/{user}"


def seal(
    cipher: AESGCM, owner: str, person: str, field: str, text: str, random: Callable[[int], bytes]
) -> str:
    """Encrypt a text; an empty one stays empty."""
    if not text:
        return ""
    nonce = random(NONCE_BYTES)
    named = SealedText(owner, person, field, "")
    encrypted = nonce + cipher.encrypt(
        nonce, text.encode("utf-8", "replace"), named.associated_data
    )
    return str(SealedText(owner, person, field, urlsafe_b64encode(encrypted).decode()))


def unseal(cipher: AESGCM, sealed: SealedText) -> str:
    """Decrypt a text. Raises UnreadableError."""
    try:
        raw = urlsafe_b64decode(sealed.payload)
        return cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], sealed.associated_data).decode()
    except (InvalidTag, ValueError) as error:
        message = f"the {sealed.field} of {sealed.person} is not what {sealed.owner} sealed"
        raise UnreadableError(message) from error


def is_sealed(text: str) -> bool:
    """True for a sealed text, and for an empty one."""
    return not text or SEALED.fullmatch(text) is not None


def sealed_in(value: Any) -> Iterator[str]:
    """All sealed texts within a text or a JSON value."""
    match value:
        case str():
            for found in SEALED.finditer(value):
                yield found[0]
        case dict():
            for item in value.values():
                yield from sealed_in(item)
        case list() | tuple():
            for item in value:
                yield from sealed_in(item)


def parsed(text: str) -> SealedText:
    """Parse a sealed text. Raises UnreadableError for any other."""
    found = SEALED.fullmatch(text)
    if found is None:
        raise UnreadableError("this is no sealed text")
    return SealedText(**found.groupdict())


def replaced(value: Any, with_: Callable[[str], str]) -> Any:
    """A copy of a JSON value with every sealed text in it replaced."""
    match value:
        case str():
            return SEALED.sub(lambda found: with_(found[0]), value) if "~" in value else value
        case dict():
            return {name: replaced(item, with_) for name, item in value.items()}
        case list() | tuple():
            return [replaced(item, with_) for item in value]
        case _:
            return value


def shown_as(person: str, field: str, text: str, opened: Mapping[str, str]) -> str:
    """The field of a person as displayed, given the opened texts.

    Plain text from before sealing is shown as it is; a text of another person is hidden.
    """
    if text not in opened:
        return text
    sealed = parsed(text)
    return (
        opened[text] if (sealed.person, sealed.field) == (person, field) else WithheldReason.HIDDEN
    )
