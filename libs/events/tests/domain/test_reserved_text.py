"""S7, D1: nobody but the system writes the beginning of a sealed text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zugabe_events.domain.reserved_text import broken_up, looks_sealed, reserved_in
from zugabe_events.encryption.sealed_text import FORMAT, SealedText, sealed_in

SEALED = str(SealedText("checkout", "acme/anna", "email", "A" * 40))


@pytest.mark.parametrize(
    "text",
    [
        SEALED,
        f"Grund: {SEALED}",
        "~zp1:",
        "~ZP1:x",
        "~zp22:x",
        "\uff5ezp1:",
        "~\uff5a\uff50\uff11\uff1a",
        "~z\u200bp1:",
        "~z\u00adp\ufe0f1\u2060:",
        "~z\x81p\ue0001:",
    ],
)
def test_what_looks_sealed_however_it_is_written_is_known_and_broken_up(text: str) -> None:
    assert looks_sealed(text)
    assert not looks_sealed(broken_up(text))
    assert list(sealed_in(broken_up(text))) == []


@pytest.mark.parametrize("text", ["", "Kaffee", "~", "ca. ~ 5 zp1:", "zp1:", "~zp:", "~zp1"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert not looks_sealed(text)
    assert broken_up(text) == text


@given(st.text(), st.text())
def test_nothing_around_the_mark_hides_it(before: str, after: str) -> None:
    assert looks_sealed(f"{before}~{FORMAT}:{after}")


def test_every_place_in_a_body_is_named() -> None:
    body = {"a": SEALED, "lines": [{"note": "x"}, {"note": SEALED}], "tags": ["", SEALED]}
    assert list(reserved_in(body, "body")) == ["body.a", "body.lines.1.note", "body.tags.1"]
    assert list(reserved_in({"by": {SEALED: 1}}, "body")) == ["body.by"]
    assert list(reserved_in([1, None, True, 1.5, {}], "body")) == []
