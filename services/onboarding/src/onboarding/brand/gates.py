"""Requirements of each phase, the side that owes them, and the time spent waiting for it (N-11)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from onboarding.brand.progress import STEPS, Progress
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
    StepDone,
    StepTurned,
    Waited,
    WaiverGranted,
    WarehouseChosen,
)

WAIVABLE = frozenset(
    {
        "form:contacts",
        "form:data-models",
        "form:warehouse",
        "form:customer-service",
        "texts",
        "images",
        "reporting",
    }
)
"""Not the release forms, the only way to a release (ON-16), nor the warehouse, without which no
address could be disclosed (ON-31), nor the goods receipt (ON-7), nor live articles (ON-10): a
platform that is not wanted any more is withdrawn. Nor what a platform demands (ON-20)."""


def missing(progress: Progress, phase: Phase) -> tuple[Missing, ...]:
    """All that the phase still needs, with what earlier ones lack again."""
    return tuple(one for one in needed(progress, phase) if one.requirement not in progress.waivers)


def done_without(progress: Progress, phase: Phase) -> tuple[Missing, ...]:
    """What is not there, and waived."""
    return tuple(one for one in needed(progress, phase) if one.requirement in progress.waivers)


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
    return "partner" if any(one.owner == "partner" for one in lacking) else "central"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Of the phase that runs: until `seen` it has waited for the two sides so many seconds."""

    seen: datetime | None = None
    partner: float = 0.0
    central: float = 0.0

    def until(self, at: datetime, whom: WaitsFor) -> "Waiting":
        """Clocks differ: time never goes back."""
        seen = self.seen or at
        seconds = max(0.0, (at - seen).total_seconds())
        match whom:
            case "partner":
                return Waiting(max(seen, at), self.partner + seconds, self.central)
            case "central":
                return Waiting(max(seen, at), self.partner, self.central + seconds)
            case "nobody":
                return self

    @property
    def total(self) -> Waited:
        return Waited(round(self.partner), round(self.central))


def waited(waiting: Waiting, before: WaitsFor, event: BrandEvent) -> Waiting:
    """`before` is who was waited for until the event."""
    if isinstance(event, PhaseStarted):
        return Waiting(event.started_at)
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
