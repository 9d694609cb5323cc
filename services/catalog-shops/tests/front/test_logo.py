"""Logos in two sizes (CS-8)."""

from hypothesis import given
from hypothesis import strategies as st

from catalog_shops.front.card import ShownGraphic
from catalog_shops.front.logo import MAX_HEIGHT, MAX_WIDTH, logo_of

pixels = st.integers(2, 4_000)


@given(width=pixels, height=pixels)
def test_a_logo_is_enlarged_within_bounds_and_never_beyond_its_own_size(
    width: int, height: int
) -> None:
    """CS-8"""
    logo = logo_of("acme", ShownGraphic("logo", "f" * 64, width, height))
    assert logo is not None
    assert 1 <= logo.width <= logo.enlarged_width <= min(width, MAX_WIDTH)
    assert 1 <= logo.height <= logo.enlarged_height <= min(height, MAX_HEIGHT)
    if min(logo.enlarged_width, logo.enlarged_height) > 1:
        assert logo.width < logo.enlarged_width
    off = abs(logo.enlarged_width * height - logo.enlarged_height * width)
    assert off <= max(width, height)


def test_without_a_graphic_there_is_no_logo() -> None:
    assert logo_of("acme", None) is None
    assert logo_of("acme", ShownGraphic("logo", "f" * 64, 0, 0)) is None
