"""Banners and teasers as pages show them, and where a click leads (CS-7, CS-30)."""

from collections.abc import Sequence

from catalog_shops.front.links import Picture, graphic_url
from catalog_shops.front.shops import names_of, watch_shops
from catalog_shops.front.showcase import PlacedBanner
from catalog_shops.front.view import card_key
from catalog_shops.front.visit import Visit
from zugabe_events.contracts.catalog_shops import Banner, BannerLink
from zugabe_events.domain.event import Fact


class ShownBannerLink(Fact, frozen=True):
    """`title` is what screen readers say; `href` is "" if a click leads nowhere."""

    picture: Picture
    title: str
    href: str


async def banners_of(visit: Visit, placed: Sequence[PlacedBanner]) -> Sequence[ShownBannerLink]:
    names = await names_of_shops(visit, [one.shown.banner.link for one in placed])
    return [
        ShownBannerLink(
            Picture(
                graphic_url(one.dealer, one.shown.banner.file), one.shown.width, one.shown.height
            ),
            one.shown.banner.title,
            href_of(visit, one.shown.banner, names),
        )
        for one in placed
        if one.shown.banner.link.to != "shop" or key_of(one.shown.banner.link) in names
    ]


def key_of(link: BannerLink) -> str:
    assert link.shop is not None
    assert link.kind is not None
    return card_key(link.shop.dealer, link.kind, link.shop.shop)


async def names_of_shops(visit: Visit, links: Sequence[BannerLink]) -> dict[str, str]:
    """The names of the shops that banners lead to, by key; shops that are gone have none."""
    keys = {key_of(link) for link in links if link.to == "shop" and link.shop and link.kind}
    if not keys:
        return {}
    await watch_shops(visit)
    found = await visit.sources.fronts.views.get_many(keys)
    cards = [one.card for one in found.values() if one.card and one.card.status == "existing"]
    names = await names_of(visit, cards)
    return {
        card_key(card.dealer, card.kind, card.shop): name
        for card, name in zip(cards, names, strict=True)
    }


def href_of(visit: Visit, banner: Banner, names: dict[str, str]) -> str:
    link = banner.link
    match link.to:
        case "shop":
            return visit.links.to(f"/shops/{names[key_of(link)]}")
        case "article":
            return visit.links.article(link.number)
        case "overview" if link.kind is not None:
            return visit.links.overview(link.kind).href
        case _:
            return ""
