"""Places for graphics in a shop or an overview (CS-28, CS-29, CS-41)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from catalog_shops.shop.refusals import PlaceUnknownError
from catalog_shops.shop.state import Graphics, ShopKey
from zugabe_events.contracts.catalog_shops import (
    OVERVIEW,
    GraphicPlace,
    GraphicPurpose,
    GraphicStored,
    ShopGraphicSet,
    ShopKind,
)

PLACES: Mapping[ShopKind, tuple[GraphicPlace, ...]] = {
    "brand": ("logo", "content-banner"),
    "theme": ("header-banner", "content-banner"),
}
OVERVIEW_PLACES: tuple[GraphicPlace, ...] = ("list-banner",)

PURPOSES: Mapping[GraphicPlace, GraphicPurpose] = {
    "logo": "logo",
    "header-banner": "banner",
    "content-banner": "banner",
    "list-banner": "banner",
}


@dataclass(frozen=True, slots=True)
class ChangeGraphics:
    """Graphics by place, which fit there, saved together; None takes away what is there."""

    key: ShopKey
    graphics: Mapping[GraphicPlace, GraphicStored | None]
    at: datetime


def graphic_events(command: ChangeGraphics, before: Graphics) -> list[ShopGraphicSet]:
    """Raises PlaceUnknownError."""
    key, events = command.key, []
    check_places(key, command.graphics)
    for place, graphic in command.graphics.items():
        shown = (graphic.file, graphic.width, graphic.height) if graphic else ("", 0, 0)
        if shown[0] != before.get(place, ""):
            events.append(ShopGraphicSet(key.dealer, key.kind, key.shop, place, *shown, command.at))
    return events


def check_places(key: ShopKey, places: Iterable[GraphicPlace]) -> None:
    """Raise PlaceUnknownError for a place that the shop does not have."""
    allowed = OVERVIEW_PLACES if key.shop == OVERVIEW else PLACES[key.kind]
    for place in places:
        if place not in allowed:
            raise PlaceUnknownError(place)


def with_graphic(graphics: Graphics, event: ShopGraphicSet) -> Graphics:
    if event.file:
        return graphics.set(event.place, event.file)
    return graphics.delete(event.place) if event.place in graphics else graphics
