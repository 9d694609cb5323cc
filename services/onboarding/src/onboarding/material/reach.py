"""Phases that any of a partner's brands has reached, and platforms they intend to use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from onboarding.brand.state import PHASES
from zugabe_events.contracts.onboarding import PartnerWelcomed, Phase, PhaseStarted, PlatformsChosen
from zugabe_events.domain.event import Event
from zugabe_events.domain.projection import ReadModel


@dataclass(frozen=True, slots=True)
class ReachView:
    """`phases` are those that a brand has started, `platforms` by brand those that it intends."""

    dealer: str
    phases: tuple[Phase, ...] = ()
    platforms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def intends(self, platform: str) -> bool:
        return any(platform in those for those in self.platforms.values())


def keys(event: Event) -> Sequence[str]:
    match event:
        case PartnerWelcomed() | PhaseStarted() | PlatformsChosen():
            return [event.partner]
        case _:
            return []


def project(view: ReachView | None, event: Event) -> ReachView | None:
    match event:
        case PartnerWelcomed():
            return started(view or ReachView(event.partner), PHASES[0])
        case PhaseStarted():
            return started(view or ReachView(event.partner), event.phase)
        case PlatformsChosen():
            reach = view or ReachView(event.partner)
            platforms = {**reach.platforms, event.brand: event.platforms}
            return replace(reach, platforms=dict(sorted(platforms.items())))
        case _:
            return view


def started(view: ReachView, phase: Phase) -> ReachView:
    return replace(view, phases=tuple(each for each in PHASES if each in (*view.phases, phase)))


REACH = ReadModel(
    name="onboarding.reach",
    version=1,
    topics=("onboarding",),
    view=ReachView,
    keys=keys,
    project=project,
)
