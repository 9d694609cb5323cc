"""However a product type is written, it is one."""

import re
import unicodedata

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from onboarding.product_type.slug import id_of
from zugabe_events.http.fields import ID_PATTERN

GERMAN = st.text("aäbcdefoöuüßzAÄOÖUÜZ0189 -/().,&", min_size=1, max_size=40)


@examples(st.text(max_size=200))
def test_every_label_has_an_id_that_fits_into_a_stream(label: str) -> None:
    """X-10"""
    assert re.fullmatch(ID_PATTERN, id_of(label))


@examples(st.text(max_size=200))
def test_an_id_names_itself(label: str) -> None:
    assert id_of(id_of(label)) == id_of(label)


@examples(GERMAN)
def test_case_blanks_and_the_unicode_form_do_not_matter(label: str) -> None:
    """ON-26"""
    for other in (
        f"  {label}\t",
        label.upper(),
        label.casefold(),
        label.replace(" ", "\u00a0 "),
        unicodedata.normalize("NFD", label),
        unicodedata.normalize("NFC", label),
    ):
        assert id_of(other) == id_of(label)


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Damenschuhe", "damenschuhe"),
        ("  T-Shirt ", "t-shirt"),
        ("T Shirt", "t-shirt"),
        ("Möbel & Küche", "moebel-kueche"),
        ("Große Töpfe", "grosse-toepfe"),
        ("Café-Tische", "cafe-tische"),
        ("Damen\u00adschuhe", "damenschuhe"),
        ("Ｔ-Shirt", "t-shirt"),
    ],
)
def test_people_can_read_the_id(label: str, expected: str) -> None:
    assert id_of(label) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("靴", "帽子"),
        ("Typ А", "Typ Б"),
        ("Größe 50+", "Größe 50"),
        ("x" * 100 + "a", "x" * 100 + "b"),
        ("&", "+"),
    ],
)
def test_what_no_id_shows_still_tells_labels_apart(one: str, other: str) -> None:
    assert id_of(one) != id_of(other)


def test_a_long_label_has_an_id_of_64_signs() -> None:
    """ON-26"""
    assert id_of("x" * 64) == "x" * 64
    assert len(id_of("x" * 65)) == 64
    assert id_of("x" * 65).startswith("x" * 47 + "-")
