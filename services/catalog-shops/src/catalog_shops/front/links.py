"""Addresses of pages and graphics, as answers name them."""

from dataclasses import dataclass
from urllib.parse import urlencode

from catalog_shops.front.card import ShopCard, ShownGraphic
from zugabe_events.contracts.catalog_shops import ShopKind
from zugabe_events.domain.article_number import key_of
from zugabe_events.domain.event import Fact

CENTRAL_PREFIX = "zentral."
"""Begins the name under which a central shop is reached whose URL name an own shop has. No URL name
has a dot."""


class Link(Fact, frozen=True):
    title: str
    href: str


class ShopLink(Fact, frozen=True):
    """A shop that is shown. `dealer` maintains it, `url_name` leads to it at this dealer."""

    kind: ShopKind
    dealer: str
    shop: str
    name: str
    url_name: str
    href: str


class Picture(Fact, frozen=True):
    """A graphic, by the hash of its content, with its size in pixels."""

    url: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Links:
    """`base` is the path of a dealer's front, `query` what every address of it carries."""

    base: str
    query: str = ""

    def to(self, path: str, **query: str | int) -> str:
        asked = "&".join(filter(None, (urlencode(query), self.query)))
        return f"{self.base}{path}" + (f"?{asked}" if asked else "")

    def overview(self, kind: ShopKind) -> Link:
        title = "Alle Markenshops" if kind == "brand" else "Alle Themenshops"
        return Link(title, self.to(f"/{kind}-shops"))

    def shop(self, card: ShopCard, url_name: str) -> ShopLink:
        href = self.to(f"/shops/{url_name}")
        return ShopLink(card.kind, card.dealer, card.shop, card.name, url_name, href)

    def article(self, number: str, url_name: str = "") -> str:
        """Within a shop, if it has one."""
        shop = f"/shops/{url_name}" if url_name else ""
        return self.to(f"{shop}/articles/{key_of(number)}")


def graphic_url(dealer: str, file: str) -> str:
    return f"/graphics/{dealer}/{file}"


def picture(dealer: str, graphic: ShownGraphic | None) -> Picture | None:
    if graphic is None:
        return None
    return Picture(graphic_url(dealer, graphic.file), graphic.width, graphic.height)
