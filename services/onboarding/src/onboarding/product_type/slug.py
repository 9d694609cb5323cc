"""One id for every way to write the label of a product type."""

import hashlib
import re
import unicodedata

MAX_ID_LENGTH = 64
UNSEEN = ("Mn", "Cf")
GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def id_of(label: str) -> str:
    """Case, blanks, punctuation, accents and the Unicode form make no difference; letters, digits
    and symbols do. What no id can hold is replaced by a digest of the whole label."""
    same = normalised(label)
    folded = unicodedata.normalize("NFKD", same.translate(GERMAN)).casefold()
    plain = "".join(sign for sign in folded if unicodedata.category(sign) not in UNSEEN)
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if slug and len(slug) <= MAX_ID_LENGTH and not any(map(is_lost, plain)):
        return slug
    digest = hashlib.sha256(same.encode("utf-8", "replace")).hexdigest()[:16]
    return f"{slug[: MAX_ID_LENGTH - 17].strip('-')}-{digest}".strip("-")


def is_lost(sign: str) -> bool:
    """It tells labels apart, and no id shows it."""
    return unicodedata.category(sign)[0] in "LNS" and not (sign.isascii() and sign.isalnum())


def normalised(label: str) -> str:
    """NFC, folded, with single blanks between words."""
    folded = unicodedata.normalize("NFC", label).casefold()
    return " ".join(unicodedata.normalize("NFC", folded).split())
