"""The spelling of unique codes: letters that nobody confuses, too many to be guessed (X-5).

A code is that of its campaign and letters drawn by chance, in groups: `FEST-CDKM-7XQT-94HN`.
"""

import hashlib
import math

from vouchers.campaign.typed_code import normalised
from zugabe_events.contracts.vouchers import CampaignTerms

ALPHABET = "CDFGHJKMNPQRTVWXY3479"
"""No two of them look alike, in print or by hand, and without vowels they spell no words."""

GROUP = 4
MIN_BITS = 40
"""Strength against guessing: of 2^40 tries one finds any of the campaign's codes. Ten in a quarter
of an hour are allowed (X-29)."""

ISSUED_LETTERS = 8
"""Enough for codes that only the user to whom they were issued can use."""

_LETTERS = frozenset(ALPHABET.casefold())


def strength_bits(letters: int, count: int) -> float:
    """The bits that a guess has against it while `count` codes are valid."""
    return letters * math.log2(len(ALPHABET)) - math.log2(count)


def letters_for(count: int) -> int:
    """The fewest letters, in whole groups, with which `count` codes are strong enough."""
    letters = GROUP
    while strength_bits(letters, count) < MIN_BITS:
        letters += GROUP
    return letters


def written(campaign_code: str, letters: str) -> str:
    """A code as people get it."""
    groups = (letters[start : start + GROUP] for start in range(0, len(letters), GROUP))
    return "-".join((campaign_code, *groups))


def key_of(code: str) -> str:
    """The one form of a code for comparison: without its hyphens, which people leave out."""
    return normalised(code).replace("-", "")


def may_be_unique(code: str) -> bool:
    """False for codes that end as no unique one does."""
    ending = key_of(code)[-ISSUED_LETTERS:]
    return len(ending) == ISSUED_LETTERS and _LETTERS.issuperset(ending)


def issued_code(terms: CampaignTerms, voucher_id: str) -> str:
    """The code of an issued voucher, the same whenever it is worked out.

    A unique one works only in the wallet that has the voucher, so it need not be secret (Q6).
    """
    if not terms.unique_codes:
        return terms.code
    drawn = int.from_bytes(hashlib.sha256(voucher_id.encode()).digest())
    letters = ""
    for _ in range(ISSUED_LETTERS):
        drawn, letter = divmod(drawn, len(ALPHABET))
        letters += ALPHABET[letter]
    return written(terms.code, letters)
