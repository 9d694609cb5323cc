"""The board of central staff: each brand's progress, and who owes what since when (N-11)."""

from collections.abc import Sequence
from datetime import date, datetime

from msgspec import field
from msgspec.structs import replace

from onboarding.board.shapes import PhaseTimes, Status, UnmetRequirement
from onboarding.brand.decider import instant_of, noted, with_waiting_time
from onboarding.brand.state import Progress, WaitingTime, WaitsFor, missing, owed_by
from zugabe_events.contracts.onboarding import (
    BrandEvent,
    BrandOpened,
    BrandRenamed,
    ManagerAssigned,
    Missing,
    OnboardingClosed,
    OnboardingPaused,
    OnboardingResumed,
    PartnerReminded,
    PartnerRenamed,
    Phase,
    PhaseCompleted,
    PhaseStarted,
    StepDone,
    StepReopened,
    StepTurned,
)
from zugabe_events.domain.event import Event, Fact, members
from zugabe_events.domain.projection import ListOptions, ReadModel
from zugabe_events.domain.tenant import CENTRAL

OF_BRAND = tuple(members(BrandEvent))
OF_PARTNER = (
    ManagerAssigned,
    OnboardingPaused,
    OnboardingResumed,
    OnboardingClosed,
    StepDone,
    StepTurned,
    StepReopened,
    PartnerRenamed,
)


class BoardView(Fact, frozen=True):
    """`since` is when the phase began, `waiting_since` when `waits_for` became so.

    `overdue_data_models` are product types whose day is over and that are not there (ON-28).
    `forecast` and `needs` are not stored: the one depends on the day on which somebody asks, the
    others are German lines about what is missing.
    """

    dealer: str
    partner: str
    partner_name: str
    brand: str
    name: str
    manager: str | None
    status: Status = "prepared"
    phase: Phase | None = None
    since: datetime | None = None
    waits_for: WaitsFor = "nobody"
    waiting_since: datetime | None = None
    missing: tuple[UnmetRequirement, ...] = ()
    overdue: bool = False
    overdue_data_models: tuple[str, ...] = ()
    reminders: int = 0
    reminded_at: datetime | None = None
    phases: tuple[PhaseTimes, ...] = ()
    paused: bool = False
    closed: bool = False
    progress: Progress = field(default_factory=Progress)
    waiting: WaitingTime = field(default_factory=WaitingTime)
    forecast: date | None = None
    needs: tuple[str, ...] = ()


def keys(event: Event) -> Sequence[str]:
    return [f"{partner}/{brand}" for partner, brand in brands_of(event)]


def brands_of(event: Event) -> Sequence[tuple[str, str]]:
    """The brands whose progress an event concerns."""
    if isinstance(event, OF_PARTNER):
        return [(event.partner, brand) for brand in event.brands]
    if isinstance(event, OF_BRAND):
        return [(event.partner, event.brand)]
    return []


def project(view: BoardView | None, event: Event) -> BoardView | None:
    match view, event:
        case None, BrandOpened():
            return moved(first_view(event), event)
        case None, _:
            return None
        case BoardView(), ManagerAssigned(manager=manager):
            return replace(view, manager=manager.manager_id)
        case BoardView(), OnboardingPaused(paused_at=at):
            waiting = view.waiting.until(at, view.waits_for)
            return counted(replace(view, paused=True), at, view.progress, waiting)
        case BoardView(), OnboardingResumed(resumed_at=at):
            waiting = replace(view.waiting, seen=at)
            return counted(replace(view, paused=False), at, view.progress, waiting)
        case BoardView(), OnboardingClosed(closed_at=at):
            return counted(replace(view, closed=True), at, view.progress, view.waiting)
        case BoardView(), _ if isinstance(event, OF_BRAND):
            return moved(view, event)
        case _:
            return view


def first_view(event: BrandOpened) -> BoardView:
    return BoardView(
        dealer=CENTRAL,
        partner=event.partner,
        partner_name=event.partner_name,
        brand=event.brand,
        name=event.name,
        manager=event.manager_id,
    )


def moved(view: BoardView, event: BrandEvent) -> BoardView:
    """Nothing is waited for while the onboarding is paused, and when it is closed."""
    waiting = (
        view.waiting if view.paused else with_waiting_time(view.waiting, view.waits_for, event)
    )
    progress = noted(view.progress, event)
    return counted(with_dates(view, event), instant_of(event), progress, waiting)


def with_dates(view: BoardView, event: BrandEvent) -> BoardView:
    match event:
        case PhaseStarted():
            times = PhaseTimes(event.phase, event.started_at)
            return replace(view, phases=(*view.phases, times))
        case PhaseCompleted(phase=phase, completed_at=at):
            ended = (
                replace(times, completed_at=at) if times.phase == phase else times
                for times in view.phases
            )
            return replace(view, phases=tuple(ended))
        case BrandRenamed(name=name):
            return replace(view, name=name)
        case PartnerRenamed(name=name):
            return replace(view, partner_name=name)
        case PartnerReminded():
            return replace(view, reminders=view.reminders + 1, reminded_at=event.reminded_at)
        case _:
            return view


def counted(
    view: BoardView, at: datetime | None, progress: Progress, waiting: WaitingTime
) -> BoardView:
    """The fields that follow from the others; `at` is when they became so."""
    status = status_of(view, progress)
    goes_on = status in ("running", "paused")
    needed = missing(progress, progress.phase) if goes_on and progress.phase else ()
    whom: WaitsFor = owed_by(needed) if status == "running" else "nobody"
    since = at if whom != view.waits_for else view.waiting_since
    late = overdue_of(progress) if goes_on else ()
    return replace(
        view,
        progress=progress,
        waiting=waiting,
        status=status,
        phase=progress.phase,
        since=progress.started_at,
        waits_for=whom,
        waiting_since=since if whom != "nobody" else None,
        missing=tuple(map(lacking, needed)),
        overdue=bool(late),
        overdue_data_models=late,
    )


def status_of(view: BoardView, progress: Progress) -> Status:
    """A live brand stays live, whatever becomes of its partner's other brands."""
    if progress.live_at is not None:
        return "live"
    if view.closed:
        return "closed"
    if view.paused:
        return "paused"
    return "prepared" if progress.phase is None else "running"


def lacking(missing: Missing) -> UnmetRequirement:
    return UnmetRequirement(missing.requirement, missing.owner, missing.subject, missing.count)


def overdue_of(progress: Progress) -> tuple[str, ...]:
    if not progress.requests:
        return ()
    late = {name for request in progress.requests.values() for name in request.overdue}
    return tuple(sorted(late - {*progress.available}))


BOARD = ReadModel(
    name="onboarding.board",
    version=3,
    topics=("onboarding",),
    view=BoardView,
    keys=keys,
    project=project,
    lists=ListOptions(
        ("phase", "status", "manager", "waits_for", "overdue"),
        ("partner", "since", "waiting_since"),
    ),
)
