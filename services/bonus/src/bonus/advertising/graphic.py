"""Graphics of dealers, as far as a banner of the programme depends on them (BO-26)."""

from collections.abc import Sequence

from zugabe_events.contracts.catalog_shops import GraphicStored
from zugabe_events.domain.errors import InvalidError, NotFoundError
from zugabe_events.domain.event import Event, Fact
from zugabe_events.domain.projection import ReadModel

BANNER_WIDTH = 966
MAX_BANNER_BYTES = 200 * 1_024


class GraphicView(Fact, frozen=True):
    """A graphic stays for good; `width` is in pixels."""

    dealer: str
    file: str
    width: int
    size_bytes: int


class GraphicUnknownError(NotFoundError):
    code = "graphic-not-found"


class GraphicUnfitError(InvalidError):
    code = "graphic-unfit"


def check_banner(graphic: GraphicView | None) -> None:
    """Raise GraphicUnknownError, GraphicUnfitError."""
    if graphic is None:
        raise GraphicUnknownError("Diese Grafik gibt es nicht.")
    if graphic.width != BANNER_WIDTH or graphic.size_bytes > MAX_BANNER_BYTES:
        raise GraphicUnfitError(
            f"Ein Banner für Bonuspunkte ist genau {BANNER_WIDTH} Pixel breit und höchstens 200 KB"
            f" groß; diese Grafik ist {graphic.width} Pixel breit und hat"
            f" {-(-graphic.size_bytes // 1_024)} KB.",
            width=graphic.width,
            size_bytes=graphic.size_bytes,
        )


def key_of(dealer: str, file: str) -> str:
    return f"{dealer}/{file}"


def keys(event: Event) -> Sequence[str]:
    match event:
        case GraphicStored():
            return [key_of(event.dealer, event.file)]
        case _:
            return []


def project(view: GraphicView | None, event: Event) -> GraphicView | None:
    match event:
        case GraphicStored():
            return GraphicView(event.dealer, event.file, event.width, event.size_bytes)
        case _:
            return view


GRAPHICS = ReadModel("bonus.graphics", 1, ("catalog-shops",), GraphicView, keys, project)
