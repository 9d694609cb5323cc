"""A page's card of a shop, or of the overview of all shops of a kind."""

from typing import Literal

from msgspec.structs import replace

from zugabe_events.contracts.catalog_shops import (
    GraphicPlace,
    OverviewTextSet,
    ShopCreated,
    ShopDeleted,
    ShopGraphicSet,
    ShopHead,
    ShopHeadChanged,
    ShopKind,
    TopArticle,
    TopArticlesSet,
)
from zugabe_events.domain.event import Fact

type CardStatus = Literal["existing", "deleted", "overview"]
type CardEvent = (
    ShopCreated | ShopHeadChanged | ShopDeleted | TopArticlesSet | ShopGraphicSet | OverviewTextSet
)


class ShownGraphic(Fact, frozen=True):
    """A graphic in its place; `file` is its name in `/graphics/{dealer}/{file}`."""

    place: GraphicPlace
    file: str
    width: int
    height: int


class ShopCard(Fact, frozen=True):
    """A shop of the tenant `dealer`. With a `brand` its assortment is the brand's."""

    dealer: str
    kind: ShopKind
    shop: str
    status: CardStatus = "existing"
    name: str = ""
    url_name: str = ""
    brand: str = ""
    text: str = ""
    top_articles: tuple[TopArticle, ...] = ()
    graphics: tuple[ShownGraphic, ...] = ()

    def graphic(self, place: GraphicPlace) -> ShownGraphic | None:
        return next((one for one in self.graphics if one.place == place), None)


def changed_card(card: ShopCard, event: CardEvent) -> ShopCard:
    match event:
        case ShopCreated() | ShopHeadChanged():
            return with_head(card, event.head)
        case ShopDeleted():
            return ShopCard(card.dealer, card.kind, card.shop, "deleted")
        case TopArticlesSet():
            return replace(card, top_articles=event.articles)
        case ShopGraphicSet():
            others = tuple(one for one in card.graphics if one.place != event.place)
            shown = ShownGraphic(event.place, event.file, event.width, event.height)
            return replace(card, graphics=(*others, shown) if event.file else others)
        case OverviewTextSet():
            return replace(card, text=event.text)


def with_head(card: ShopCard, head: ShopHead) -> ShopCard:
    return replace(card, name=head.name, url_name=head.url_name, brand=head.brand, text=head.text)
