"""Unique codes are easy to type, and too many to be guessed."""

import math
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from vouchers.campaign.typed_code import presentable
from vouchers.unique_code.generation import CHUNK, drawn
from vouchers.unique_code.spelling import (
    ALPHABET,
    GROUP,
    ISSUED_LETTERS,
    MIN_BITS,
    issued_code,
    key_of,
    letters_for,
    may_be_unique,
    strength_bits,
    written,
)

SECRET = b"s" * 32


def test_no_letter_can_be_taken_for_another_one() -> None:
    """X-5"""
    alike = ("0OQ", "1IL", "2Z", "5S", "6B8", "UV", "B8", "AEIOU")
    assert len(set(ALPHABET)) == len(ALPHABET) == 21
    for group in alike:
        assert len(set(group) & set(ALPHABET)) <= 1, group


@pytest.mark.parametrize(
    ("count", "letters"), [(1, 12), (1_000, 12), (6_000, 12), (7_000, 16), (1_000_000, 16)]
)
def test_the_more_codes_the_longer_they_are(count: int, letters: int) -> None:
    """X-5, X-29: a guess has at least forty bits against it."""
    assert letters_for(count) == letters
    assert strength_bits(letters, count) >= MIN_BITS
    assert letters == GROUP * 3 or strength_bits(letters - GROUP, count) < MIN_BITS


def test_draws_are_the_same_again_and_fair() -> None:
    """X-5: a batch that is resumed goes on with the same codes."""
    first = list(drawn(SECRET, "0/0", CHUNK, 16))
    assert first == list(drawn(SECRET, "0/0", CHUNK, 16))
    assert len({*first}) == CHUNK
    others = (list(drawn(SECRET, "1/0", CHUNK, 16)), list(drawn(b"t" * 32, "0/0", CHUNK, 16)))
    assert all(not {*first} & {*other} for other in others)
    counts = Counter("".join(first))
    mean = CHUNK * 16 / len(ALPHABET)
    assert set(counts) == set(ALPHABET)
    assert all(abs(count - mean) < 6 * math.sqrt(mean) for count in counts.values())


@examples(letters=st.text(st.sampled_from(ALPHABET), min_size=8, max_size=20), noise=st.randoms())
def test_a_code_is_known_however_it_is_typed(letters: str, noise: Any) -> None:
    """X-5, X-9: in any case, with other hyphens, or without them."""
    code = written("Fest", letters)
    typed = "".join(
        noise.choice(("-", "", "\u2013")) if char == "-" else noise.choice((char, char.lower()))
        for char in code
    )
    assert key_of(f" {typed}\u200b") == key_of(code)
    assert may_be_unique(typed)
    assert presentable(code, "acme") == code


@pytest.mark.parametrize("code", ["FRUEHLING", "A12345", "", "CDFGHJK"])
def test_other_codes_are_not_looked_up_among_unique_ones(code: str) -> None:
    assert not may_be_unique(code)


def test_an_issued_code_is_unique_when_its_campaign_says_so(terms: Callable[..., Any]) -> None:
    """Q6, X-40: the same whenever it is worked out."""
    shared, unique = (
        terms(kind="second-purchase", code="DANKE", unique_codes=unique) for unique in (False, True)
    )
    assert issued_code(shared, "again/o1") == "DANKE"
    code = issued_code(unique, "again/o1")
    assert code == issued_code(unique, "again/o1") != issued_code(unique, "again/o2")
    assert code.startswith("DANKE-")
    assert len(key_of(code)) == len("DANKE") + ISSUED_LETTERS
