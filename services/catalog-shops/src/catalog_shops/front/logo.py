"""A manufacturer's logo in flyout and brand carpet: small, and enlarged on mouseover (CS-8)."""

from catalog_shops.front.card import ShownGraphic
from catalog_shops.front.links import graphic_url
from zugabe_events.domain.event import Fact

MAX_WIDTH, MAX_HEIGHT = 240, 120
"""Pixels of an enlarged logo, at most. None is shown larger than it is."""


class Logo(Fact, frozen=True):
    """One graphic in two sizes, in pixels; the usual one is half of the enlarged one."""

    url: str
    width: int
    height: int
    enlarged_width: int
    enlarged_height: int


def logo_of(dealer: str, graphic: ShownGraphic | None) -> Logo | None:
    if graphic is None or graphic.width < 1 or graphic.height < 1:
        return None
    width, height = fitted(graphic.width, graphic.height)
    return Logo(graphic_url(dealer, graphic.file), half(width), half(height), width, height)


def fitted(width: int, height: int) -> tuple[int, int]:
    """The size within the maximum that keeps the proportions, in whole pixels rounded down."""
    if width * MAX_HEIGHT > height * MAX_WIDTH:
        wide = min(width, MAX_WIDTH)
        return wide, max(1, height * wide // width)
    high = min(height, MAX_HEIGHT)
    return max(1, width * high // height), high


def half(pixels: int) -> int:
    return (pixels + 1) // 2
