"""Lead times of phases, and the side they waited for: counts that any order leaves the same."""

from collections.abc import Mapping, Sequence

from msgspec import field
from msgspec.structs import replace

from zugabe_events.contracts.onboarding import Phase, PhaseCompleted, PhaseStarted
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.event import Event, Fact
from zugabe_events.domain.projection import ListOptions, ReadModel
from zugabe_events.domain.tenant import CENTRAL

MIN_FINISHED = 5
"""Finished phases from which on a median replaces the expectation."""


class LeadTimeView(Fact, frozen=True):
    """One phase, over all brands. `took` is the number of finished ones by their duration in whole
    days in Berlin; the seconds are the time that finished ones waited for each side."""

    dealer: str
    phase: Phase
    started: int = 0
    finished: int = 0
    took: Mapping[str, int] = field(default_factory=dict)
    partner_seconds: int = 0
    central_seconds: int = 0


def keys(event: Event) -> Sequence[str]:
    match event:
        case PhaseStarted() | PhaseCompleted():
            return [event.phase]
        case _:
            return []


def project(view: LeadTimeView | None, event: Event) -> LeadTimeView | None:
    match event:
        case PhaseStarted():
            view = view or LeadTimeView(CENTRAL, event.phase)
            return replace(view, started=view.started + 1)
        case PhaseCompleted(waited=waited):
            view = view or LeadTimeView(CENTRAL, event.phase)
            days = str(max((day_of(event.completed_at) - day_of(event.started_at)).days, 0))
            took = {**view.took, days: view.took.get(days, 0) + 1}
            return replace(
                view,
                finished=view.finished + 1,
                took=dict(sorted(took.items())),
                partner_seconds=view.partner_seconds + waited.partner_seconds,
                central_seconds=view.central_seconds + waited.central_seconds,
            )
        case _:
            return view


def median_days(view: LeadTimeView) -> int | None:
    """The smallest number of days within which half of the finished ones were done; exact."""
    done = 0
    for days, count in sorted((int(days), count) for days, count in view.took.items()):
        done += count
        if 2 * done >= view.finished:
            return days
    return None


def expected_days(view: LeadTimeView | None, otherwise: int) -> int:
    """The median, once there are enough finished ones to have one."""
    median = median_days(view) if view is not None and view.finished >= MIN_FINISHED else None
    return otherwise if median is None else median


LEAD_TIMES = ReadModel(
    name="onboarding.lead-times",
    version=1,
    topics=("onboarding",),
    view=LeadTimeView,
    keys=keys,
    project=project,
    lists=ListOptions((), ("phase",)),
)
