"""Clickable banners and teasers of a page („Seitenpflege“; CS-7, CS-30, CS-41)."""

from collections.abc import Sequence
from dataclasses import dataclass

from catalog_shops.shop.lane import shop_stream
from zugabe_events.contracts.catalog_shops import (
    Banner,
    BannerEvent,
    BannerLink,
    BannerRemoved,
    BannerSet,
)
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import InvalidError, NotFoundError, RefusedError

MAX_BANNERS = 500


@dataclass(frozen=True, slots=True)
class SetBanner:
    """Width and height are those of the graphic."""

    dealer: str
    banner_id: str
    banner: Banner
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class RemoveBanner:
    dealer: str
    banner_id: str


type Command = SetBanner | RemoveBanner


class BannerNotFoundError(NotFoundError):
    code = "banner-not-found"

    def __init__(self, banner_id: str | None = None) -> None:
        """`banner_id` is one of many that were asked for."""
        facts = {"banner_id": banner_id} if banner_id else {}
        super().__init__("Dieses Banner gibt es nicht.", **facts)


class TooManyBannersError(RefusedError):
    code = "too-many-banners"

    def __init__(self) -> None:
        super().__init__(f"Es sind höchstens {MAX_BANNERS} Banner möglich.", most=MAX_BANNERS)


@dataclass(frozen=True, slots=True)
class Missing:
    pass


@dataclass(frozen=True, slots=True)
class Placed:
    banner: Banner


type BannerState = Missing | Placed


def decide(command: Command, state: BannerState) -> Sequence[BannerEvent]:
    match command:
        case SetBanner(banner=banner):
            check_place(banner)
            check_link(banner.link)
            if banner.valid_from and banner.valid_until and banner.valid_until < banner.valid_from:
                raise InvalidError(
                    "Die Gültigkeit endet, bevor sie beginnt.", code="validity-reversed"
                )
            if state == Placed(banner):
                return []
            size = (command.width, command.height)
            return [BannerSet(command.dealer, command.banner_id, banner, *size)]
        case RemoveBanner():
            if isinstance(state, Missing):
                return []
            return [BannerRemoved(command.dealer, command.banner_id)]


def check_place(banner: Banner) -> None:
    """Raise InvalidError. A banner of shops without a shop is shown in all of them."""
    if banner.page != "shop" and (banner.kind or banner.shop):
        raise InvalidError(
            "Nur ein Banner auf der Seite eines Shops hat einen Shop.", code="banner-place-invalid"
        )
    if (banner.kind is None) != (banner.shop is None):
        raise InvalidError(
            "Zu einem Shop gehört auch, ob er ein Marken- oder ein Themenshop ist.",
            code="banner-place-invalid",
        )


def check_link(link: BannerLink) -> None:
    """Raise InvalidError unless exactly what the link needs is there."""
    has = (link.kind is not None, link.shop is not None, bool(link.number))
    needs = {
        "shop": (True, True, False),
        "article": (False, False, True),
        "overview": (True, False, False),
        "none": (False, False, False),
    }
    if has != needs[link.to]:
        raise InvalidError(
            "Das Ziel des Banners ist nicht eindeutig: Ein Shop, ein Artikel oder eine Übersicht.",
            code="banner-link-invalid",
        )


def evolve(_: BannerState, event: BannerEvent) -> BannerState:
    match event:
        case BannerSet():
            return Placed(event.banner)
        case BannerRemoved():
            return Missing()


BANNER_DECIDER: Decider[Command, BannerState, BannerEvent] = Decider(
    "banner", Missing(), decide, evolve
)


def banner_history(dealer: str, banner_id: str) -> History[BannerState, BannerEvent]:
    return History(shop_stream(dealer, f"banner/{dealer}/{banner_id}"), BANNER_DECIDER)
