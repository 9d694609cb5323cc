"""Answers about an onboarding to the partner and their Customer Success Manager."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from onboarding.board.overview import OverviewView
from onboarding.board.shapes import Lacking, PhaseTimes, Status
from onboarding.board.view import BoardView
from onboarding.brand.progress import PHASES, STEPS, Progress, ReleaseStatus
from onboarding.labels import requirement_line
from zugabe_events.contracts.onboarding import Phase, Side, Step

type PhaseStatus = Literal["open", "running", "done"]


@dataclass(frozen=True, slots=True)
class Reached:
    """A person to turn to; fields are None once nothing may be told about them."""

    name: str | None
    email: str | None


@dataclass(frozen=True, slots=True)
class PhaseShown:
    phase: Phase
    status: PhaseStatus
    started_at: datetime | None
    completed_at: datetime | None


@dataclass(frozen=True, slots=True)
class StepShown:
    """A sub-step of the organisation phase (ON-14)."""

    step: Step
    done: bool


@dataclass(frozen=True, slots=True)
class Owed:
    """A requirement of the running phase that is not met, and the side that owes it."""

    requirement: str
    owner: Side
    subject: str
    count: int
    detail: str


@dataclass(frozen=True, slots=True)
class ReleaseShown:
    """`open`: what the platform itself still demands (ON-20)."""

    platform: str
    status: ReleaseStatus | Literal["chosen"]
    open: tuple[str, ...]
    live_articles: int


@dataclass(frozen=True, slots=True)
class BrandSummary:
    brand: str
    name: str
    status: Status
    phase: Phase | None
    owed_by_partner: int
    owed_by_central: int
    live_at: datetime | None


@dataclass(frozen=True, slots=True)
class BrandShown:
    brand: str
    name: str
    status: Status
    phase: Phase | None
    phases: tuple[PhaseShown, ...]
    steps: tuple[StepShown, ...]
    missing: tuple[Owed, ...]
    releases: tuple[ReleaseShown, ...]
    overdue_data_models: tuple[str, ...]
    articles: int
    articles_with_text: int
    articles_with_images: int
    live_at: datetime | None


@dataclass(frozen=True, slots=True)
class PartnerShown:
    """A summary of all brands (Q15); `manager` answers the partner's questions (ON-12)."""

    partner: str
    name: str
    status: Status
    contact: Reached
    manager: Reached | None
    brands: tuple[BrandSummary, ...]


def partner_shown(view: OverviewView, contact: Reached, manager: Reached | None) -> PartnerShown:
    return PartnerShown(
        partner=view.dealer,
        name=view.name,
        status=view.status,
        contact=contact,
        manager=manager,
        brands=tuple(summary(brand) for brand in view.brands.values()),
    )


def summary(brand: BoardView) -> BrandSummary:
    return BrandSummary(
        brand=brand.brand,
        name=brand.name,
        status=brand.status,
        phase=brand.phase,
        owed_by_partner=sum(lacking.owner == "partner" for lacking in brand.missing),
        owed_by_central=sum(lacking.owner == "central" for lacking in brand.missing),
        live_at=brand.progress.live_at,
    )


def brand_shown(brand: BoardView) -> BrandShown:
    progress = brand.progress
    return BrandShown(
        brand=brand.brand,
        name=brand.name,
        status=brand.status,
        phase=brand.phase,
        phases=tuple(phase_shown(phase, brand.phases) for phase in PHASES),
        steps=tuple(StepShown(step, step in progress.steps) for step in STEPS),
        missing=tuple(owed(lacking, progress) for lacking in brand.missing),
        releases=releases_shown(brand),
        overdue_data_models=brand.overdue_data_models,
        articles=progress.articles,
        articles_with_text=progress.texts,
        articles_with_images=progress.images,
        live_at=progress.live_at,
    )


def phase_shown(phase: Phase, times: Sequence[PhaseTimes]) -> PhaseShown:
    for phase_times in times:
        if phase_times.phase == phase:
            status: PhaseStatus = "done" if phase_times.completed_at else "running"
            return PhaseShown(phase, status, phase_times.started_at, phase_times.completed_at)
    return PhaseShown(phase, "open", None, None)


def owed(lacking: Lacking, progress: Progress) -> Owed:
    return Owed(
        lacking.requirement,
        lacking.owner,
        lacking.subject,
        lacking.count,
        requirement_line(lacking.requirement, [lacking], progress.labels),
    )


def releases_shown(brand: BoardView) -> tuple[ReleaseShown, ...]:
    """Also platforms that were chosen, and not asked for yet."""
    progress = brand.progress
    return tuple(
        ReleaseShown(
            platform,
            release.status if (release := progress.releases.get(platform)) else "chosen",
            release.open if release else (),
            progress.live.get(platform, 0),
        )
        for platform in sorted({*progress.platforms, *progress.releases})
    )
