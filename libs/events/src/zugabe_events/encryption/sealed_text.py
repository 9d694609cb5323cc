"""Personal text as it is stored and sent: encrypted, and opaque to everything but the edge (N-8).

A sealed text looks like `~zp1:checkout:acme/anna:email:BASE64~`: format, the service that owns the
key, the person, the field, and nonce with AES-256-GCM ciphertext. Owner, person and field are bound
to it: moved to another person or field it is not readable. It is one word of ASCII and may stand in
the middle of other text, such as a mail.
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


class Closed(StrEnum):
    """Why a sealed text is not shown; the value is what people read in its place."""

    ERASED = "gelöscht"
    RESTRICTED = "gesperrt"
    HIDDEN = "verborgen"


class UnreadableError(Exception):
    """A sealed text was changed, or moved from where it was sealed."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a sealed text says without a key."""

    owner: str
    person: str
    field: str
    payload: str

    @property
    def bound(self) -> bytes:
        return f"{FORMAT}:{self.owner}:{self.person}:{self.field}".encode()

    def __str__(self) -> str:
        return f"~{FORMAT}:{self.owner}:{self.person}:{self.field}:{self.payload}~"


def person_of(dealer: str, user: str) -> str:
    """Neither id has a slash."""
    return f"{dealer}/{user}"


def seal(
    cipher: AESGCM, owner: str, person: str, field: str, text: str, random: Callable[[int], bytes]
) -> str:
    """An empty text says nothing about anybody and stays empty."""
    if not text:
        return ""
    nonce = random(NONCE_BYTES)
    named = Sealed(owner, person, field, "")
    encrypted = nonce + cipher.encrypt(nonce, text.encode("utf-8", "replace"), named.bound)
    return str(Sealed(owner, person, field, urlsafe_b64encode(encrypted).decode()))


def unseal(cipher: AESGCM, sealed: Sealed) -> str:
    """Raises UnreadableError."""
    try:
        raw = urlsafe_b64decode(sealed.payload)
        return cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], sealed.bound).decode()
    except (InvalidTag, ValueError) as error:
        message = f"the {sealed.field} of {sealed.person} is not what {sealed.owner} sealed"
        raise UnreadableError(message) from error


def is_sealed(text: str) -> bool:
    """An empty text has nothing to seal."""
    return not text or SEALED.fullmatch(text) is not None


def sealed_in(value: Any) -> Iterator[str]:
    """All sealed texts in a text, or in what JSON is made of."""
    match value:
        case str():
            for found in SEALED.finditer(value):
                yield found[0]
        case dict():
            for one in value.values():
                yield from sealed_in(one)
        case list() | tuple():
            for one in value:
                yield from sealed_in(one)


def parsed(text: str) -> Sealed:
    """Raises UnreadableError for what is not sealed."""
    found = SEALED.fullmatch(text)
    if found is None:
        raise UnreadableError("this is no sealed text")
    return Sealed(**found.groupdict())


def replaced(value: Any, with_: Callable[[str], str]) -> Any:
    """The same, with every sealed text in it exchanged."""
    match value:
        case str():
            return SEALED.sub(lambda found: with_(found[0]), value) if "~" in value else value
        case dict():
            return {name: replaced(one, with_) for name, one in value.items()}
        case list() | tuple():
            return [replaced(one, with_) for one in value]
        case _:
            return value


def shown_as(person: str, field: str, text: str, opened: Mapping[str, str]) -> str:
    """A field of a person's own as its reader sees it, once it is opened.

    Plain text is from before texts were sealed. What belongs to somebody else is not shown.
    """
    if text not in opened:
        return text
    sealed = parsed(text)
    return opened[text] if (sealed.person, sealed.field) == (person, field) else Closed.HIDDEN
