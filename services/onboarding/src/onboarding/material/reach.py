"""Phases that any of a partner's brands has reached, and platforms they intend to use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from onboarding.brand.state import PHASES
from zugabe_events.contracts.onboarding import PartnerWelcomed, Phase, PhaseStarted, PlatformsChosen
from zugabe_events.domain.event import Event
from zugabe_events.domain.projection import ReadModel


@dataclass(frozen=True, slots=True)
class ReachView:
    """`phases` are those that a brand has started, `platforms` by brand those that it intends.
    `brands` take part; those without `platforms` may still choose any."""

    dealer: str
    phases: tuple[Phase, ...] = ()
    platforms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    brands: tuple[str, ...] = ()

    def may_intend(self, platform: str) -> bool:
        """Also on one of its family, such as amazon-eu.

        Demands of a platform stand beside the form in which it is chosen (ON-20).
        """
        return any(
            platform in (chosen, chosen.partition("-")[0])
            for brand in self.brands
            for chosen in self.platforms.get(brand, (platform,))
        )


def keys(event: Event) -> Sequence[str]:
    match event:
        case PartnerWelcomed() | PhaseStarted() | PlatformsChosen():
            return [event.partner]
        case _:
            return []


def project(view: ReachView | None, event: Event) -> ReachView | None:
    match event:
        case PartnerWelcomed():
            return started(view or ReachView(event.partner), PHASES[0], *event.brands)
        case PhaseStarted():
            return started(view or ReachView(event.partner), event.phase, event.brand)
        case PlatformsChosen():
            reach = view or ReachView(event.partner)
            platforms = {**reach.platforms, event.brand: event.platforms}
            return replace(reach, platforms=dict(sorted(platforms.items())))
        case _:
            return view


def started(view: ReachView, phase: Phase, *brands: str) -> ReachView:
    return replace(
        view,
        phases=tuple(each for each in PHASES if each in (*view.phases, phase)),
        brands=tuple(sorted({*view.brands, *brands})),
    )


REACH = ReadModel(
    name="onboarding.reach",
    version=2,
    topics=("onboarding",),
    view=ReachView,
    keys=keys,
    project=project,
)
