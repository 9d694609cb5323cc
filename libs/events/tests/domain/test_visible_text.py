"""D21: what nobody can see is no text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zugabe_events.domain.visible_text import is_blank, trimmed

UNSEEN = [
    "\u200b",
    "\u00a0",
    "\ufeff",
    "\u2060\u00ad",
    " \u200d\u3000\t",
    "\u3164",
    "\U000e0041",
    "",
]


@pytest.mark.parametrize("text", UNSEEN)
def test_what_shows_nothing_is_blank(text: str) -> None:
    assert is_blank(text)
    assert trimmed(f"{text}Kaffee{text}").startswith("Kaffee")


@pytest.mark.parametrize(
    "text", ["Dampf\u00adschiff", "\u2764\ufe0f", "Füller\u200d A", "Schreib\u00a0waren", "\u0301"]
)
def test_what_belongs_to_a_text_stays(text: str) -> None:
    assert trimmed(f"\u200b {text} \ufeff") == text


@given(st.text(st.sampled_from("aä \u200b\u00ad\ufe0f\u2800\n"), max_size=12))
def test_trimming_once_is_enough_and_takes_nothing_visible(text: str) -> None:
    once = trimmed(text)
    assert trimmed(once) == once
    assert [char for char in once if char in "aä"] == [char for char in text if char in "aä"]
    assert is_blank(text) == (not any(char in "aä" for char in text))


def test_every_format_character_of_no_width_is_known() -> None:
    """All that Unicode says is ignorable by default and Python calls a format character."""
    shown = {0x0600, 0x0601, 0x0602, 0x0603, 0x0604, 0x0605, 0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2}
    other = {0x110BD, 0x110CD, *range(0x13430, 0x13440)}
    formats = {code for code in range(0x20000) if unicodedata.category(chr(code)) == "Cf"}
    assert [hex(code) for code in formats - shown - other if not is_blank(chr(code))] == []
