"""A token survives its way through a header; nothing else is taken for one."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.errors import InvalidError

numbers = st.integers(0, 10**11 - 1)
tokens = st.builds(
    Token, st.from_regex(r"[a-z]+(-[a-z]+)*", fullmatch=True), numbers, numbers, numbers
)


@given(tokens)
def test_a_token_is_read_as_it_was_written(token: Token) -> None:
    assert Token.parse(f" {token} ") == token


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a.1.2",
        "a.1.2.3.4",
        ".1.2.3",
        "-.1.2.3",
        "a.-1.2.3",
        "a.1.2.x",
        "a.1.2.٣",
        "a.1.2.²",
        "ÿ.1.2.3",
        "a.1.2." + "9" * 12,
        "a b.1.2.3",
        "$.1.2.3",
        "a\x00.1.2.3",
        "a.1. 2.3",
    ],
)
def test_no_other_text_is_a_token(text: str) -> None:
    with pytest.raises(InvalidError) as caught:
        Token.parse(text)
    assert caught.value.code == "token-invalid"


@given(st.text(max_size=30))
def test_no_text_is_a_bug(text: str) -> None:
    with contextlib.suppress(InvalidError):
        assert Token.parse(text)


def test_later_appends_of_a_part_have_later_tokens() -> None:
    assert Token("a", 1, 7, 9) < Token("a", 1, 8, 1) < Token("a", 1, 8, 2)
    assert Token("a", 1, 7, 9).time == (7, 9)
