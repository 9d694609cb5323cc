"""Banners as the back office lists them."""

from collections.abc import Sequence
from typing import Literal

from msgspec.structs import replace

from zugabe_events.contracts.catalog_shops import Banner, BannerPage, BannerRemoved, BannerSet
from zugabe_events.domain.event import Event, Fact
from zugabe_events.domain.projection import ListOptions, ReadModel
from zugabe_events.domain.views import Views

type BannerStatus = Literal["placed", "removed"]

READ_AT_ONCE = 500


class BannerView(Fact, frozen=True):
    """`page` and `title` are those of the banner; the graphic has `width` and `height`."""

    dealer: str
    banner_id: str
    status: BannerStatus
    page: BannerPage
    title: str
    banner: Banner
    width: int
    height: int


def key_of(dealer: str, banner_id: str) -> str:
    return f"{dealer}/{banner_id}"


def keys(event: Event) -> Sequence[str]:
    match event:
        case BannerSet() | BannerRemoved():
            return [key_of(event.dealer, event.banner_id)]
        case _:
            return []


def project(view: BannerView | None, event: Event) -> BannerView | None:
    match event:
        case BannerSet(banner=banner):
            return BannerView(
                event.dealer,
                event.banner_id,
                "placed",
                banner.page,
                banner.title,
                banner,
                event.width,
                event.height,
            )
        case BannerRemoved() if view is not None:
            return replace(view, status="removed")
        case _:
            return view


BANNERS = ReadModel(
    name="catalog-shops.banners",
    version=1,
    topics=("catalog-shops",),
    view=BannerView,
    keys=keys,
    project=project,
    indexes=(("dealer", "status", "title", "_id"),),
    lists=ListOptions(("page",), ("title",)),
)


async def placed_banners(banners: Views[BannerView], dealer: str) -> Sequence[BannerView]:
    """All banners of a tenant, of which there are few."""
    found: list[BannerView] = []
    after: str | None = None
    while True:
        where = {"dealer": dealer, "status": "placed"}
        page = await banners.page(where, sort="title", after=after, limit=READ_AT_ONCE)
        found += page.items
        after = page.next
        if after is None:
            return found
