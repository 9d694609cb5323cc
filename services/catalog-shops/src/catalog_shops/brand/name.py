"""Ids of brands, made from their names: whoever writes a name finds the same brand (D14)."""

import re
from hashlib import sha256
from unicodedata import normalize

from catalog_shops.texts import plain_letters, visible
from zugabe_events.domain.errors import InvalidError

MAX_NAME_LENGTH = 200
MAX_ID_LENGTH = 64
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def checked_name(name: str) -> str:
    """A name as it is shown. Raises InvalidError."""
    checked = " ".join(visible(normalize("NFC", name)).split())
    if not 1 <= len(checked) <= MAX_NAME_LENGTH or not brand_id(checked):
        raise InvalidError(
            f"Der Name einer Marke hat 1 bis {MAX_NAME_LENGTH} Zeichen, darunter einen Buchstaben "
            "oder eine Ziffer.",
            code="brand-name-invalid",
        )
    return checked


def brand_id(name: str) -> str:
    """The same for „Müller“, `müller ` and `MÜLLER`; "" for a name without letter or digit."""
    words = re.findall(r"[^\W_]+", plain_letters(visible(name), UMLAUTS))
    slug = "-".join(
        "".join(one if one.isascii() else f"u{ord(one):04x}" for one in word) for word in words
    )
    if len(slug) <= MAX_ID_LENGTH:
        return slug
    digest = sha256(slug.encode()).hexdigest()[:12]
    return f"{slug[: MAX_ID_LENGTH - len(digest) - 1].rstrip('-')}-{digest}"
