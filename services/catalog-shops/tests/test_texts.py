"""Texts for buyers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_shops.texts import canonical_text, html_of, plain
from zugabe_events.domain.errors import InvalidError
from zugabe_events.domain.reserved_text import looks_sealed
from zugabe_testing.malformed import SEALED_BY_NOBODY


def test_two_bb_codes_become_html() -> None:
    """CS-20, CS-39: line break and bold, closed by a backslash or a slash (Q5)."""
    stored = canonical_text("Alles von [B]Leitz[/b][BR]und\nmehr [b]für Büros[\\b]")
    assert stored == "Alles von [b]Leitz[\\b][br]und[br]mehr [b]für Büros[\\b]"
    assert html_of(stored) == "Alles von <b>Leitz</b><br>und<br>mehr <b>für Büros</b>"
    assert plain(stored) == "Alles von Leitz und mehr für Büros"


def test_all_other_markup_is_shown_as_text() -> None:
    """CS-20"""
    stored = canonical_text('<script>alert("x")</script> [i]kursiv[/i] & [url=x]')
    html = html_of(stored)
    assert html == ("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; [i]kursiv[/i] &amp; [url=x]")


@pytest.mark.parametrize("text", ["[b]offen", "zu[\\b]", "[b]eins[b]zwei[\\b]", "[b]a[/b][/b]"])
def test_bold_text_is_closed_exactly_once(text: str) -> None:
    """CS-20"""
    with pytest.raises(InvalidError) as refused:
        canonical_text(text)
    assert refused.value.code == "text-bold-unbalanced"


@given(st.text(st.sampled_from("ab<>&\"'[]\\/\nbr "), max_size=60))
def test_a_text_is_refused_or_safe_and_stays_as_it_is(text: str) -> None:
    """CS-20"""
    try:
        stored = canonical_text(text)
    except InvalidError:
        return
    assert canonical_text(stored) == stored
    html = html_of(stored).replace("<br>", "").replace("<b>", "").replace("</b>", "")
    assert "<" not in html
    assert ">" not in html


@pytest.mark.parametrize("text", [SEALED_BY_NOBODY, SEALED_BY_NOBODY.replace("z", "z[b][\\b]", 1)])
def test_a_text_that_looks_sealed_with_or_without_its_codes_is_broken_up(text: str) -> None:
    """S7, D1"""
    stored = canonical_text(text)
    assert not looks_sealed(stored)
    assert not looks_sealed(plain(stored))
    assert canonical_text(stored) == stored
