"""Links of mails: whoever has one may do what it says, and nothing else.

A token says who and what, sealed and authenticated by a secret of this service. It is the same each
time, so a mail can be rendered without chance, and it needs no place to be stored.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import AfterValidator

from vouchers.mail_link.refusals import LinkUnknownError
from zugabe_events.runtime.setting_types import SecretFile

SECRET_BYTES = 32
KEY_BYTES = 64

type Purpose = Literal["objection", "confirmation", "unsubscription"]


@dataclass(frozen=True, slots=True)
class Link:
    """`number` is that of the subscription that it confirms, else 0."""

    purpose: Purpose
    dealer: str
    user: str
    number: int = 0


def is_long_enough(file: Path) -> Path:
    if len(file.read_text().strip().encode()) < SECRET_BYTES:
        message = f"the secret needs {SECRET_BYTES} bytes"
        raise ValueError(message)
    return file


LinkSecretFile = Annotated[SecretFile, AfterValidator(is_long_enough)]


class Links:
    """`url` is where people reach this service. `secret` has at least 32 bytes."""

    def __init__(self, secret: bytes, url: str) -> None:
        self._cipher = AESSIV(derived(secret, b"links of mails"))
        self._address_key = derived(secret, b"fingerprints of addresses")
        self._url = url.rstrip("/")

    def url(self, link: Link) -> str:
        return self.absolute(f"/dealers/{link.dealer}/mail-links/{self.token(link)}")

    def absolute(self, path: str) -> str:
        return f"{self._url}{path}"

    def token(self, link: Link) -> str:
        plain = msgspec.json.encode(astuple(link))
        return urlsafe_b64encode(self._cipher.encrypt(plain, None)).decode().rstrip("=")

    def read(self, dealer: str, token: str) -> Link:
        """Raises LinkUnknownError."""
        try:
            sealed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
            purpose, of_dealer, user, number = msgspec.json.decode(
                self._cipher.decrypt(sealed, None), type=tuple[Purpose, str, str, int]
            )
        except (InvalidTag, ValueError) as error:
            raise LinkUnknownError from error
        if of_dealer != dealer:
            raise LinkUnknownError
        return Link(purpose, dealer, user, number)

    def fingerprint(self, dealer: str, address: str) -> str:
        """A stand-in for a mail address where it may not be stored, the same for its spellings.

        Without the secret nobody can tell whose it is, nor compare those of two dealers.
        """
        code = HMAC(self._address_key, hashes.SHA256())
        code.update(f"{dealer}\n{normalised_address(address)}".encode())
        return code.finalize()[:16].hex()


WITHOUT_DOTS = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}
"""Domains of a provider to whom dots in the local part mean nothing, by the one they stand for."""


def normalised_address(address: str) -> str:
    """One mailbox, however it is typed: without what follows `+`, and in lower case."""
    local, _, written = address.strip().casefold().rpartition("@")
    mailbox, domain = local.partition("+")[0] or local, ascii_domain(written)
    if (common := WITHOUT_DOTS.get(domain)) is not None:
        mailbox, domain = mailbox.replace(".", ""), common
    return f"{mailbox}@{domain}"


def ascii_domain(domain: str) -> str:
    try:
        return domain.rstrip(".").encode("idna").decode()
    except UnicodeError:
        return domain


def derived(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=b"zugabe vouchers: " + purpose).derive(
        secret
    )
