"""Whom a phase waits for, and for how long (N-11)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from onboarding.brand.gates import missing
from onboarding.brand.progress import Progress
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

type WaitsFor = Literal["partner", "central", "nobody"]


def waits_for(progress: Progress) -> WaitsFor:
    """The partner, as long as he owes something; else central, which also completes phases."""
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
