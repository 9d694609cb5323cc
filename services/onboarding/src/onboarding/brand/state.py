"""What a brand's history has made of it, as far as decisions need to know."""

from dataclasses import dataclass, field, replace
from datetime import date

from immutables import Map

from onboarding.brand.gates import Waiting, waited, waits_for
from onboarding.brand.progress import Progress, noted
from onboarding.brand.refusals import BrandNotFoundError
from zugabe_events.contracts.onboarding import (
    ArticlesRegistered,
    ArticlesWentLive,
    BrandEvent,
    BrandOpened,
    ContentCreated,
    DeliveryAnnounced,
    DeliveryDisclosed,
    GoodsReceived,
    PartnerReminded,
    Phase,
    ReleaseWithdrawn,
    ReportingSent,
)


@dataclass(frozen=True, slots=True)
class Unknown:
    pass


@dataclass(frozen=True, slots=True)
class Shown:
    """An article, and whether text and images of it are in the PIM (ON-5)."""

    product_type: str
    text: bool = False
    image: bool = False

    @property
    def complete(self) -> bool:
        return self.text and self.image


@dataclass(frozen=True, slots=True)
class Pieces:
    """A delivery or a goods receipt."""

    on: date
    pieces: int


@dataclass(frozen=True, slots=True)
class Brand:
    """`live` is by platform and article; `reminded` are phases with an automatic reminder."""

    partner: str
    brand: str
    name: str
    progress: Progress = field(default_factory=Progress)
    waiting: Waiting = field(default_factory=Waiting)
    articles: Map[str, Shown] = field(default_factory=Map)
    live: Map[str, Map[str, bool]] = field(default_factory=Map)
    deliveries: Map[str, Pieces] = field(default_factory=Map)
    receipts: Map[str, Pieces] = field(default_factory=Map)
    disclosed: DeliveryDisclosed | None = None
    reporting: tuple[str, tuple[str, ...]] | None = None
    reminded: tuple[Phase, ...] = ()


type State = Unknown | Brand


def known(state: State) -> Brand:
    """Raises BrandNotFoundError."""
    match state:
        case Unknown():
            raise BrandNotFoundError
        case Brand():
            return state


def evolve(state: State, event: BrandEvent) -> State:
    if isinstance(event, BrandOpened):
        state = Brand(event.partner, event.brand, event.name)
    brand = evolved(known(state), event)
    return replace(
        brand,
        progress=noted(brand.progress, event),
        waiting=waited(brand.waiting, waits_for(brand.progress), event),
    )


def evolved(brand: Brand, event: BrandEvent) -> Brand:
    """What `Progress` has no need of."""
    match event:
        case ArticlesRegistered():
            added = {one.article: Shown(one.product_type) for one in event.articles}
            return replace(brand, articles=brand.articles.update(added))
        case ContentCreated():
            return replace(brand, articles=with_content(brand.articles, event))
        case ArticlesWentLive(platform=platform):
            live = brand.live.get(platform, Map[str, bool]())
            live = live.update(dict.fromkeys(event.articles, True))
            return replace(brand, live=brand.live.set(platform, live))
        case ReleaseWithdrawn(platform=platform) if platform in brand.live:
            return replace(brand, live=brand.live.delete(platform))
        case DeliveryAnnounced():
            delivery = Pieces(event.expected_on, event.pieces)
            return replace(brand, deliveries=brand.deliveries.set(event.delivery, delivery))
        case GoodsReceived():
            receipt = Pieces(event.received_on, event.pieces)
            return replace(brand, receipts=brand.receipts.set(event.receipt, receipt))
        case DeliveryDisclosed():
            return replace(brand, disclosed=event)
        case ReportingSent():
            return replace(brand, reporting=(event.reporting_url, event.data_links))
        case PartnerReminded(phase=phase, automatic=True):
            return replace(brand, reminded=(*brand.reminded, phase))
        case _:
            return brand


def with_content(articles: Map[str, Shown], event: ContentCreated) -> Map[str, Shown]:
    filled = articles.mutate()
    for article in event.texts:
        filled[article] = replace(filled[article], text=True)
    for article in event.images:
        filled[article] = replace(filled[article], image=True)
    return filled.finish()
