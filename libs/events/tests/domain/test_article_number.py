"""Article numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zugabe_events.domain.article_number import KEY, key_of, normalised, number_of


@pytest.mark.parametrize(
    ("number", "key"),
    [
        ("0017", "0017"),
        ("A/4 rot", "A~2F4~20rot"),
        ("x~y", "x~7Ey"),
        ("Ö-1", "~C3~96-1"),
        ("1.5", "1.5"),
        ("..", "~2E~2E"),
        (".", "~2E"),
    ],
)
def test_a_number_and_its_key(number: str, key: str) -> None:
    assert key_of(number) == key
    assert number_of(key) == number


def test_leading_zeros_and_case_count_and_space_around_does_not() -> None:
    assert normalised(" 0017 ") == "0017"
    assert normalised("ab") != normalised("AB")
    assert normalised("O\u0308") == "Ö"


@pytest.mark.parametrize("number", ["", "  ", "a\u200bb", "a\nb", "x" * 65, "a\u2028b"])
def test_numbers_that_nobody_can_type_are_refused(number: str) -> None:
    with pytest.raises(ValueError, match="Artikelnummer"):
        normalised(number)


@given(st.text(max_size=64))
def test_keys_are_reversible_and_safe_in_urls(text: str) -> None:
    try:
        number = normalised(text)
    except ValueError:
        return
    key = key_of(number)
    assert KEY.fullmatch(key)
    assert number_of(key) == number
    assert key not in (".", "..")


@pytest.mark.parametrize("key", ["a~2f", "~41", "~FF", "~"])
def test_other_writings_of_a_key_are_refused(key: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  some are raised by the decoder
        number_of(key)
