"""The one rule for e-mail addresses: what is taken when somebody types one is what mails go to.

Local parts are those of RFC 5321 without quotes, in ASCII, since most relays deliver to no others
(RFC 6531). Domains are names under a top-level domain; those with other letters go by IDNA 2008,
which maps nothing: `faßbinder.example` and `fassbinder.example` are two domains.
"""

import re
import unicodedata

import idna

MAX_ADDRESS = 254
"""Characters of the whole address (RFC 5321, 4.5.3.1.3)."""
MAX_LOCAL, MAX_DOMAIN = 64, 253

ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
LOCAL = re.compile(rf"{ATOM}(?:\.{ATOM})*")
LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
ENCODED_WORD = "=?"
"""The beginning of text that mail programs decode (RFC 2047)."""


def deliverable_address(typed: str) -> str:
    """The address as relays take it, in ASCII. Raises ValueError."""
    local, at, domain = typed.rpartition("@")
    if not at or len(local) > MAX_LOCAL or not LOCAL.fullmatch(local) or ENCODED_WORD in local:
        raise ValueError("the part before the @ is none")
    address = f"{local}@{ascii_domain(domain)}"
    if len(address) > MAX_ADDRESS:
        raise ValueError("the address is too long")
    return address


def ascii_domain(domain: str) -> str:
    """Raises ValueError."""
    lowered = unicodedata.normalize("NFC", domain).lower()
    labels = [label if label.isascii() else encoded(label) for label in lowered.split(".")]
    if len(labels) < 2 or not all(map(is_label, labels)) or labels[-1].isdigit():
        raise ValueError("the domain is none")
    found = ".".join(labels)
    if len(found) > MAX_DOMAIN:
        raise ValueError("the domain is too long")
    return found


def encoded(label: str) -> str:
    """Raises ValueError."""
    return idna.alabel(label).decode()


def is_label(label: str) -> bool:
    """Labels that claim to be encoded have to be so."""
    if not LABEL.fullmatch(label):
        return False
    if label[2:4] != "--":
        return True
    try:
        return label.startswith("xn--") and bool(idna.ulabel(label))
    except idna.IDNAError:
        return False


def is_deliverable(typed: str) -> bool:
    try:
        return bool(deliverable_address(typed))
    except ValueError:
        return False
