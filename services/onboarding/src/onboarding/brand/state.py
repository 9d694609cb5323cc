"""A brand's state as decisions need it, and the time its phase has waited for each side (N-11)."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from immutables import Map

from onboarding.brand.progress import Progress, WaitsFor, noted, waits_for
from onboarding.labels import PHASES, number
from zugabe_events.contracts.onboarding import (
    ArticlesRegistered,
    ArticlesWentLive,
    BrandEvent,
    BrandOpened,
    BrandWentLive,
    ContentCreated,
    DataModelAvailable,
    DataModelsOverdue,
    DataModelsRequested,
    DeliveryAnnounced,
    DeliveryDisclosed,
    GoodsReceived,
    PartnerReminded,
    Phase,
    PhaseCompleted,
    PhaseStarted,
    PlatformsChosen,
    PreconditionMet,
    ProductTypesNeeded,
    ReleaseGranted,
    ReleaseRefused,
    ReleaseRequested,
    ReleaseWithdrawn,
    ReportingSent,
    StepDone,
    StepTurned,
    Waited,
    WaiverGranted,
    WarehouseChosen,
)
from zugabe_events.domain.errors import NotFoundError, RefusedError


class BrandNotFoundError(NotFoundError):
    code = "brand-not-found"

    def __init__(self) -> None:
        super().__init__("Diese Marke gibt es nicht.")


class PhaseNotStartedError(RefusedError):
    """Phases come one after the other (ON-1)."""

    code = "phase-not-started"

    def __init__(self, phase: Phase) -> None:
        super().__init__(f"Die Phase {PHASES[phase]} hat noch nicht begonnen.", phase=phase)


class TooManyError(RefusedError):
    """The brand has the maximum number of a kind; its history must not grow without limit."""

    code = "too-many"

    def __init__(self, what: str, most: int) -> None:
        super().__init__(f"Mehr als {number(most)} {what} je Marke sind nicht möglich.", most=most)


@dataclass(frozen=True, slots=True)
class Unknown:
    pass


@dataclass(frozen=True, slots=True)
class ArticleContent:
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
class WaitingTime:
    """Seconds that the running phase has waited for each side until `seen`."""

    seen: datetime | None = None
    partner: float = 0.0
    central: float = 0.0

    def until(self, at: datetime, whom: WaitsFor) -> "WaitingTime":
        """Clocks differ: time never goes back."""
        seen = self.seen or at
        seconds = max(0.0, (at - seen).total_seconds())
        match whom:
            case "partner":
                return WaitingTime(max(seen, at), self.partner + seconds, self.central)
            case "central":
                return WaitingTime(max(seen, at), self.partner, self.central + seconds)
            case "nobody":
                return self

    @property
    def total(self) -> Waited:
        return Waited(round(self.partner), round(self.central))


def with_waiting_time(waiting: WaitingTime, before: WaitsFor, event: BrandEvent) -> WaitingTime:
    """Add the time until the event; `before` is the side that was waited for."""
    if isinstance(event, PhaseStarted):
        return WaitingTime(event.started_at)
    at = instant_of(event)
    return waiting if at is None else waiting.until(at, before)


def instant_of(event: BrandEvent) -> datetime | None:  # noqa: C901
    match event:
        case StepDone(done_at=at) | PhaseStarted(started_at=at) | PhaseCompleted(completed_at=at):
            return at
        case StepTurned(turned_at=at):
            return at
        case WaiverGranted(granted_at=at) | ReleaseGranted(granted_at=at):
            return at
        case PlatformsChosen(chosen_at=at) | WarehouseChosen(chosen_at=at):
            return at
        case ReleaseRequested(requested_at=at) | DataModelsRequested(requested_at=at):
            return at
        case ReleaseRefused(refused_at=at) | ReleaseWithdrawn(withdrawn_at=at):
            return at
        case PreconditionMet(met_at=at) | ProductTypesNeeded(stated_at=at):
            return at
        case DataModelAvailable(available_at=at) | ArticlesRegistered(registered_at=at):
            return at
        case ContentCreated(created_at=at) | DeliveryAnnounced(announced_at=at):
            return at
        case GoodsReceived(booked_at=at) | ArticlesWentLive(live_at=at) | BrandWentLive(live_at=at):
            return at
        case ReportingSent(sent_at=at) | PartnerReminded(reminded_at=at):
            return at
        case BrandOpened() | DataModelsOverdue() | DeliveryDisclosed():
            return None


@dataclass(frozen=True, slots=True)
class Brand:
    """`live` is by platform and article; `reminded` are phases with an automatic reminder."""

    partner: str
    brand: str
    name: str
    progress: Progress = field(default_factory=Progress)
    waiting: WaitingTime = field(default_factory=WaitingTime)
    articles: Map[str, ArticleContent] = field(default_factory=Map)
    live: Map[str, Map[str, bool]] = field(default_factory=Map)
    deliveries: Map[str, Pieces] = field(default_factory=Map)
    receipts: Map[str, Pieces] = field(default_factory=Map)
    disclosed: DeliveryDisclosed | None = None
    reporting: tuple[str, tuple[str, ...]] | None = None
    reminded: tuple[Phase, ...] = ()
    partner_name: str = ""


type State = Unknown | Brand


def brand_of(state: State) -> Brand:
    """Raise BrandNotFoundError."""
    match state:
        case Unknown():
            raise BrandNotFoundError
        case Brand():
            return state


def require_phase(brand: Brand, phase: Phase) -> None:
    """Raise PhaseNotStartedError before a phase has started."""
    if not brand.progress.has_started(phase):
        raise PhaseNotStartedError(phase)


def evolve(state: State, event: BrandEvent) -> State:
    if isinstance(event, BrandOpened):
        state = Brand(event.partner, event.brand, event.name, partner_name=event.partner_name)
    brand = evolved(brand_of(state), event)
    return replace(
        brand,
        progress=noted(brand.progress, event),
        waiting=with_waiting_time(brand.waiting, waits_for(brand.progress), event),
    )


def evolved(brand: Brand, event: BrandEvent) -> Brand:
    """The parts of the state that are not in `Progress`."""
    match event:
        case ArticlesRegistered():
            added = {
                article.article: ArticleContent(article.product_type) for article in event.articles
            }
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


def with_content(
    articles: Map[str, ArticleContent], event: ContentCreated
) -> Map[str, ArticleContent]:
    filled = articles.mutate()
    for article in event.texts:
        filled[article] = replace(filled[article], text=True)
    for article in event.images:
        filled[article] = replace(filled[article], image=True)
    return filled.finish()
