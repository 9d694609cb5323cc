"""A graphic is stored once, if it fits what it is for."""

import msgspec
import pytest
from catalog_shops_tests.service import NOON
from hypothesis import given as for_all
from hypothesis import strategies as st

from catalog_shops.graphic.decider import (
    GRAPHIC_DECIDER,
    GraphicNotFoundError,
    Stored,
    StoreGraphic,
    Unknown,
    fitting,
    graphic_history,
)
from catalog_shops.graphic.rules import (
    KB,
    MAX_HEIGHT,
    RULES,
    GraphicHeightError,
    GraphicTooLargeError,
    GraphicWidthError,
)
from zugabe_events.contracts.catalog_shops import GraphicPurpose, GraphicStored
from zugabe_events.domain.errors import InvalidError
from zugabe_events.domain.german_numbers import thousands
from zugabe_testing.deciders import given

BANNER = GraphicStored("acme", "abc", "banner", "image/png", 690, 200, 50_000, NOON)
PURPOSES: tuple[GraphicPurpose, ...] = ("banner", "logo", "article")


def graphic(purpose: GraphicPurpose, width: int, height: int = 100) -> GraphicStored:
    return msgspec.structs.replace(BANNER, purpose=purpose, width=width, height=height)


def test_a_graphic_is_stored_once() -> None:
    """CS-28"""
    store = StoreGraphic(BANNER, 60_000)
    given(GRAPHIC_DECIDER).when(store).then(BANNER)
    given(GRAPHIC_DECIDER, BANNER).when(store).then()


def test_a_banner_may_be_used_as_a_logo_without_a_second_event() -> None:
    given(GRAPHIC_DECIDER, BANNER).when(StoreGraphic(graphic("logo", 690), 60_000)).then()


@pytest.mark.parametrize("width", [1, 689, 691, 1_380])
def test_a_banner_is_exactly_690_pixels_wide(width: int) -> None:
    """CS-28, CS-41, Q23"""
    store = StoreGraphic(graphic("banner", width), 1_000)
    refused = given(GRAPHIC_DECIDER).when(store).refused(GraphicWidthError, "graphic-width")
    assert refused.facts == {"width": width, "max_width": 690}
    assert refused.detail == (
        "Ein Banner muss genau 690 Pixel breit sein; "
        f"diese Grafik ist {thousands(width)} Pixel breit."
    )


@pytest.mark.parametrize("height", [1, 60, 5_000])
def test_the_height_of_a_banner_is_variable(height: int) -> None:
    """CS-28, CS-41"""
    banner = graphic("banner", 690, height)
    given(GRAPHIC_DECIDER).when(StoreGraphic(banner, 1_000)).then(banner)


def test_a_logo_may_be_narrower() -> None:
    """CS-28, Q23"""
    for width in (1, 120, 690):
        logo = graphic("logo", width)
        given(GRAPHIC_DECIDER).when(StoreGraphic(logo, 1_000)).then(logo)
    wide = StoreGraphic(graphic("logo", 691), 1_000)
    given(GRAPHIC_DECIDER).when(wide).refused(GraphicWidthError, "graphic-width")


@pytest.mark.parametrize("purpose", ["banner", "logo"])
def test_200_kb_are_204800_bytes_of_what_was_sent(purpose: GraphicPurpose) -> None:
    """CS-28, CS-41, Q23"""
    stored = graphic(purpose, 690)
    given(GRAPHIC_DECIDER).when(StoreGraphic(stored, 204_800)).then(stored)
    too_large = given(GRAPHIC_DECIDER).when(StoreGraphic(stored, 204_801))
    refused = too_large.refused(GraphicTooLargeError, "graphic-too-large")
    assert refused.facts == {"max_bytes": 204_800, "size_bytes": 204_801}
    assert "höchstens 200 KB groß sein; diese Grafik hat 201 KB." in refused.detail


def test_images_of_articles_have_a_wider_rule() -> None:
    image = graphic("article", 4_000, 4_000)
    given(GRAPHIC_DECIDER).when(StoreGraphic(image, 2_048 * KB)).then(image)
    for wrong, size_bytes, refusal in (
        (graphic("article", 4_001), 1_000, GraphicWidthError),
        (graphic("article", 100, 4_001), 1_000, GraphicHeightError),
        (image, 2_048 * KB + 1, GraphicTooLargeError),
    ):
        given(GRAPHIC_DECIDER).when(StoreGraphic(wrong, size_bytes)).refused(refusal)


def test_what_shows_a_graphic_asks_whether_it_is_there_and_fits() -> None:
    """CS-28: whatever it was uploaded for."""
    assert fitting(Stored(BANNER), "banner") == BANNER
    assert fitting(Stored(BANNER), "logo") == BANNER
    assert fitting(Stored(graphic("article", 690)), "banner").width == 690
    with pytest.raises(GraphicWidthError):
        fitting(Stored(graphic("article", 700)), "logo")
    with pytest.raises(GraphicNotFoundError):
        fitting(Unknown(), "logo")


def test_graphics_of_a_tenant_are_in_order_with_its_shops() -> None:
    stream = graphic_history("acme", "abc").stream
    assert (stream.id, stream.key) == ("graphic/acme/abc", "acme")


@for_all(
    st.sampled_from(PURPOSES),
    st.integers(1, 9_000),
    st.integers(1, 9_000),
    st.integers(1, 3_000_000),
)
def test_what_is_stored_for_a_purpose_fits_it(
    purpose: GraphicPurpose, width: int, height: int, size_bytes: int
) -> None:
    stored = msgspec.structs.replace(graphic(purpose, width, height), size_bytes=size_bytes)
    try:
        said = list(GRAPHIC_DECIDER.decide(StoreGraphic(stored, size_bytes), Unknown()))
    except InvalidError:
        said = []
    within = (
        size_bytes <= RULES[purpose].max_bytes
        and width <= RULES[purpose].max_width
        and (purpose != "banner" or width == 690)
        and (purpose != "article" or height <= 4_000)
        and height <= MAX_HEIGHT
    )
    assert said == ([stored] if within else [])
    assert not said or fitting(Stored(stored), purpose) == stored
