"""Answers about an onboarding to the partner and their Customer Success Manager."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from onboarding.board.overview import OverviewView
from onboarding.board.shapes import PhaseTimes, Status, UnmetRequirement
from onboarding.board.view import BoardView
from onboarding.brand.state import PHASES, STEPS, Progress, ReleaseStatus
from onboarding.labels import requirement_line
from zugabe_events.contracts.onboarding import Phase, Side, Step

type PhaseStatus = Literal["open", "running", "done"]


@dataclass(frozen=True, slots=True)
class ContactPerson:
    """A person to turn to; fields are None once nothing may be told about them."""

    name: str | None
    email: str | None


@dataclass(frozen=True, slots=True)
class PhaseDetails:
    phase: Phase
    status: PhaseStatus
    started_at: datetime | None
    completed_at: datetime | None


@dataclass(frozen=True, slots=True)
class StepDetails:
    """A sub-step of the organisation phase (ON-14)."""

    step: Step
    done: bool


@dataclass(frozen=True, slots=True)
class MissingRequirement:
    """A requirement of the running phase that is not met, and the side that owes it."""

    requirement: str
    owner: Side
    subject: str
    count: int
    detail: str


@dataclass(frozen=True, slots=True)
class ReleaseDetails:
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
class BrandDetails:
    """`reporting_url` and `data_links` stay here once they were sent (ON-9)."""

    brand: str
    name: str
    status: Status
    phase: Phase | None
    phases: tuple[PhaseDetails, ...]
    steps: tuple[StepDetails, ...]
    missing: tuple[MissingRequirement, ...]
    releases: tuple[ReleaseDetails, ...]
    overdue_data_models: tuple[str, ...]
    articles: int
    articles_with_text: int
    articles_with_images: int
    live_at: datetime | None
    reporting_url: str | None
    data_links: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartnerSummary:
    """A summary of all brands (Q15); `manager` answers the partner's questions (ON-12)."""

    partner: str
    name: str
    status: Status
    contact: ContactPerson
    manager: ContactPerson | None
    brands: tuple[BrandSummary, ...]


def partner_summary(
    view: OverviewView, contact: ContactPerson, manager: ContactPerson | None
) -> PartnerSummary:
    return PartnerSummary(
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


def brand_details(brand: BoardView) -> BrandDetails:
    progress = brand.progress
    return BrandDetails(
        brand=brand.brand,
        name=brand.name,
        status=brand.status,
        phase=brand.phase,
        phases=tuple(phase_details(phase, brand.phases) for phase in PHASES),
        steps=tuple(StepDetails(step, step in progress.steps) for step in STEPS),
        missing=tuple(owed(lacking, progress) for lacking in brand.missing),
        releases=release_details(brand),
        overdue_data_models=brand.overdue_data_models,
        articles=progress.articles,
        articles_with_text=progress.texts,
        articles_with_images=progress.images,
        live_at=progress.live_at,
        reporting_url=progress.reporting_url or None,
        data_links=progress.data_links,
    )


def phase_details(phase: Phase, times: Sequence[PhaseTimes]) -> PhaseDetails:
    for phase_times in times:
        if phase_times.phase == phase:
            status: PhaseStatus = "done" if phase_times.completed_at else "running"
            return PhaseDetails(phase, status, phase_times.started_at, phase_times.completed_at)
    return PhaseDetails(phase, "open", None, None)


def owed(lacking: UnmetRequirement, progress: Progress) -> MissingRequirement:
    return MissingRequirement(
        lacking.requirement,
        lacking.owner,
        lacking.subject,
        lacking.count,
        requirement_line(lacking.requirement, [lacking], progress.labels),
    )


def release_details(brand: BoardView) -> tuple[ReleaseDetails, ...]:
    """Also platforms that were chosen, and not asked for yet."""
    progress = brand.progress
    return tuple(
        ReleaseDetails(
            platform,
            release.status if (release := progress.releases.get(platform)) else "chosen",
            release.open if release else (),
            progress.live.get(platform, 0),
        )
        for platform in sorted({*progress.platforms, *progress.releases})
    )
