"""A brand's progress and its gates: the requirements of each phase, and the side that owes them.

Counts are enough here: a decision emits only what is new, so nothing is counted twice.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal

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
    Missing,
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
    Step,
    StepDone,
    StepTurned,
    WaiverGranted,
    WarehouseChosen,
)

type ReleaseStatus = Literal["requested", "granted", "refused", "withdrawn"]


type ReleaseEvent = (
    ReleaseRequested | ReleaseGranted | ReleaseRefused | ReleaseWithdrawn | PreconditionMet
)


@dataclass(frozen=True, slots=True)
class Release:
    """`open`: preconditions of the platform that are not met yet; they block only it (ON-20)."""

    status: ReleaseStatus
    open: tuple[str, ...] = ()


def after(release: Release | None, event: ReleaseEvent, met: Collection[str]) -> Release | None:
    """`met` are preconditions as `platform/precondition`; they may be met before a request."""
    platform = event.platform
    if isinstance(event, ReleaseRequested):
        return Release("requested", unmet(platform, event.preconditions, met))
    if release is None:
        return None
    match event:
        case ReleaseGranted():
            return replace(release, status="granted")
        case ReleaseRefused():
            return replace(release, status="refused")
        case ReleaseWithdrawn():
            return replace(release, status="withdrawn")
        case PreconditionMet():
            return replace(release, open=unmet(platform, release.open, met))


def unmet(platform: str, demanded: Collection[str], met: Collection[str]) -> tuple[str, ...]:
    return tuple(
        precondition for precondition in demanded if f"{platform}/{precondition}" not in met
    )


PHASES: tuple[Phase, ...] = ("organisation", "content", "logistics", "live")
"""One after the other (ON-1)."""


STEPS: tuple[Step, ...] = ("releases", "contacts", "data-models", "warehouse", "customer-service")
"""The sub-steps of the organisation phase (ON-14)."""


@dataclass(frozen=True, slots=True)
class Request:
    """Product types that were reported as missing (ON-27)."""

    product_types: tuple[str, ...]
    due_on: date
    overdue: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """`phase` is the one that runs or, with `live_at`, the last; None: not welcomed yet.

    `releases` and `live` (articles, by platform) are by platform, `requests` by their id, `labels`
    by product type. Forms of steps `handed_in` wait for central. Tuples that stand for sets are
    sorted.
    """

    phase: Phase | None = None
    started_at: datetime | None = None
    live_at: datetime | None = None
    steps: tuple[Step, ...] = ()
    handed_in: tuple[Step, ...] = ()
    waivers: tuple[str, ...] = ()
    warehouse: str | None = None
    product_types: tuple[str, ...] = ()
    available: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    requests: Mapping[str, Request] = field(default_factory=dict)
    platforms: tuple[str, ...] = ()
    releases: Mapping[str, Release] = field(default_factory=dict)
    met: tuple[str, ...] = ()
    articles: int = 0
    article_types: tuple[str, ...] = ()
    texts: int = 0
    images: int = 0
    disclosed: bool = False
    deliveries: int = 0
    receipts: int = 0
    live: Mapping[str, int] = field(default_factory=dict)
    reported: bool = False

    def has_started(self, phase: Phase) -> bool:
        return self.phase is not None and PHASES.index(phase) <= PHASES.index(self.phase)

    def has_completed(self, phase: Phase) -> bool:
        return self.has_started(phase) and (phase != self.phase or self.live_at is not None)

    @property
    def granted(self) -> tuple[str, ...]:
        """Platforms on which the brand may be sold (ON-15)."""
        return tuple(name for name, release in self.releases.items() if release.status == "granted")

    @property
    def without_data_model(self) -> tuple[str, ...]:
        """Product types of the brand that have no data model (ON-24)."""
        return tuple(
            product_type
            for product_type in self.product_types
            if product_type not in self.available
        )


def noted(progress: Progress, event: BrandEvent) -> Progress:  # noqa: C901
    match event:
        case BrandOpened():
            return replace(progress, steps=with_all((), *event.steps), handed_in=event.handed_in)
        case StepDone():
            return replace(progress, steps=with_all(progress.steps, event.step))
        case StepTurned():
            return replace(progress, handed_in=turned(progress.handed_in, event))
        case PhaseStarted():
            return replace(progress, phase=event.phase, started_at=event.started_at)
        case BrandWentLive():
            return replace(progress, live_at=event.live_at)
        case WaiverGranted():
            return replace(progress, waivers=with_all(progress.waivers, event.requirement))
        case WarehouseChosen():
            return replace(progress, warehouse=event.warehouse)
        case DeliveryDisclosed():
            return replace(progress, disclosed=True)
        case DeliveryAnnounced():
            return replace(progress, deliveries=progress.deliveries + 1)
        case GoodsReceived():
            return replace(progress, receipts=progress.receipts + 1)
        case ArticlesRegistered():
            types = with_all(
                progress.article_types, *(article.product_type for article in event.articles)
            )
            articles = progress.articles + len(event.articles)
            return replace(progress, articles=articles, article_types=types)
        case ContentCreated():
            texts, images = len(event.texts), len(event.images)
            return replace(progress, texts=progress.texts + texts, images=progress.images + images)
        case ReportingSent():
            return replace(progress, reported=True)
        case ProductTypesNeeded() | DataModelsRequested() | DataModelAvailable():
            return noted_data_model(progress, event)
        case DataModelsOverdue():
            return noted_overdue(progress, event)
        case PlatformsChosen():
            return replace(progress, platforms=with_all((), *event.platforms))
        case ArticlesWentLive():
            articles = progress.live.get(event.platform, 0) + len(event.articles)
            return replace(progress, live={**progress.live, event.platform: articles})
        case (
            ReleaseRequested()
            | ReleaseGranted()
            | ReleaseRefused()
            | ReleaseWithdrawn()
            | PreconditionMet()
        ):
            return noted_release(progress, event)
        case PhaseCompleted() | PartnerReminded():
            return progress


def noted_data_model(
    progress: Progress, event: ProductTypesNeeded | DataModelsRequested | DataModelAvailable
) -> Progress:
    """A data model that is there stays there."""
    match event:
        case ProductTypesNeeded():
            return replace(
                progress,
                labels=dict(zip((*event.available, *event.missing), event.labels, strict=False)),
                product_types=with_all((), *event.available, *event.missing),
                available=with_all(progress.available, *event.available),
            )
        case DataModelsRequested():
            request = Request(event.product_types, event.due_on)
            return replace(progress, requests={**progress.requests, event.request: request})
        case DataModelAvailable():
            return replace(progress, available=with_all(progress.available, event.product_type))


def noted_overdue(progress: Progress, event: DataModelsOverdue) -> Progress:
    request = Request(event.product_types, event.due_on)
    request = replace(progress.requests.get(event.request, request), overdue=event.product_types)
    return replace(progress, requests={**progress.requests, event.request: request})


def noted_release(progress: Progress, event: ReleaseEvent) -> Progress:
    """Nothing is live on a platform any more once its release is withdrawn."""
    platform, met, live = event.platform, progress.met, progress.live
    if isinstance(event, PreconditionMet):
        met = with_all(met, f"{platform}/{event.precondition}")
    if isinstance(event, ReleaseWithdrawn):
        live = {name: count for name, count in live.items() if name != platform}
    release = after(progress.releases.get(platform), event, met)
    changed = {platform: release} if release else {}
    releases = dict(sorted({**progress.releases, **changed}.items()))
    return replace(progress, releases=releases, live=live, met=met)


def with_all[Name: str](names: tuple[Name, ...], *more: Name) -> tuple[Name, ...]:
    return tuple(sorted({*names, *more}))


def turned(handed_in: tuple[Step, ...], event: StepTurned) -> tuple[Step, ...]:
    others = {*handed_in} - {event.step}
    return tuple(sorted(others | {event.step} if event.turn == "central" else others))


def missing(progress: Progress, phase: Phase) -> tuple[Missing, ...]:
    """All that the phase still needs, with what earlier ones lack again."""
    return tuple(
        lacking
        for lacking in needed(progress, phase)
        if lacking.requirement not in progress.waivers
    )


def needed(progress: Progress, phase: Phase) -> Iterator[Missing]:
    match phase:
        case "organisation":
            yield from of_organisation(progress)
        case "content":
            yield from of_content(progress)
        case "logistics":
            yield from of_content(progress)
            if not progress.receipts:
                yield Missing("goods-receipt", "central" if progress.deliveries else "partner")
        case "live":
            yield from of_going_live(progress)


def of_organisation(progress: Progress) -> Iterator[Missing]:
    """Open releases and data models do not block it (Q14)."""
    for step in STEPS:
        if step not in progress.steps:
            yield Missing(f"form:{step}", "central" if step in progress.handed_in else "partner")
    if progress.warehouse is None:
        yield Missing("warehouse", "central")


def of_content(progress: Progress) -> Iterator[Missing]:
    """Text and images of all registered articles (ON-5, ON-6); guides help the partner with them,
    and central provides the data models without which there is no text (ON-25)."""
    if not progress.articles:
        yield Missing("articles", "partner")
    for product_type in progress.article_types:
        if product_type not in progress.available and "texts" not in progress.waivers:
            yield Missing("data-model", "central", product_type)
    if lacking := progress.articles - progress.texts:
        yield Missing("texts", "partner", count=lacking)
    if lacking := progress.articles - progress.images:
        yield Missing("images", "partner", count=lacking)


def of_going_live(progress: Progress) -> Iterator[Missing]:
    """Live articles on every released platform (ON-10). One whose own preconditions are open blocks
    only itself (ON-20), unless there is no other."""
    granted = progress.granted
    free = [name for name in granted if not progress.releases[name].open]
    if not granted:
        yield Missing("release", "central")
    for platform in () if free else granted:
        for precondition in progress.releases[platform].open:
            yield Missing(f"precondition:{precondition}", "partner", platform)
    for platform in free:
        if not progress.live.get(platform):
            yield Missing("live-articles", "central", platform)
    if not progress.reported:
        yield Missing("reporting", "central")


type WaitsFor = Literal["partner", "central", "nobody"]


def waits_for(progress: Progress) -> WaitsFor:
    """The partner while they owe something; otherwise central, which also completes phases."""
    if progress.phase is None or progress.live_at is not None:
        return "nobody"
    return owed_by(missing(progress, progress.phase))


def owed_by(lacking: Iterable[Missing]) -> WaitsFor:
    return "partner" if any(each.owner == "partner" for each in lacking) else "central"
