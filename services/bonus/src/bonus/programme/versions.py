"""Versions of a dealer's programme, each in force from its instant to the next one (X-40)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from immutables import Map

from zugabe_events.contracts.bonus import (
    ProgrammeActivated,
    ProgrammeSetUp,
    ProgrammeTerms,
    PromotionAdded,
    RewardAdded,
)
from zugabe_events.domain.versions import last_begun

ALWAYS = datetime.min.replace(tzinfo=UTC)
"""From when versions are in force that say no instant."""

type ProgrammeEvent = ProgrammeSetUp | RewardAdded | PromotionAdded | ProgrammeActivated


@dataclass(frozen=True, slots=True)
class Draft:
    """Visible only to the dealer's staff and central (BO-7)."""

    version: int = 0
    terms: ProgrammeTerms | None = None
    rewards: Mapping[str, RewardAdded] = field(default_factory=Map)
    promotions: Mapping[str, PromotionAdded] = field(default_factory=Map)
    effective_at: datetime = ALWAYS


@dataclass(frozen=True, slots=True)
class Active:
    version: int
    terms: ProgrammeTerms
    rewards: Mapping[str, RewardAdded]
    promotions: Mapping[str, PromotionAdded]
    effective_at: datetime = ALWAYS


type Programme = Draft | Active


@dataclass(frozen=True, slots=True)
class Versions:
    """All that some order may be placed in, in order; versions share what they have in common."""

    in_order: tuple[Programme, ...] = (Draft(),)

    @property
    def present(self) -> Programme:
        return self.in_order[-1]

    def at(self, instant: datetime) -> Programme:
        return last_begun(self.in_order, instant) or self.in_order[0]

    def for_order(self, placed_at: datetime, told_at: datetime) -> Programme:
        """The version in force when an order was placed.

        An order from before the programme ran is imported history (X-30): it follows the terms of
        the time at which it was told, and their `starts_on`.
        """
        then = self.at(placed_at)
        return then if isinstance(then, Active) else self.at(told_at)


def evolve(versions: Versions, event: ProgrammeEvent) -> Versions:
    before = versions.present
    since = max(before.effective_at, event.effective_at or ALWAYS)
    later = replace(changed(before, event), version=event.version, effective_at=since)
    kept = versions.in_order[:-1] if since == before.effective_at else versions.in_order
    return Versions((*kept, later))


def changed(programme: Programme, event: ProgrammeEvent) -> Programme:
    match event:
        case ProgrammeSetUp():
            return replace(programme, terms=event.terms)
        case RewardAdded():
            rewards = Map(programme.rewards).set(event.reward_id, event)
            return replace(programme, rewards=rewards)
        case PromotionAdded():
            promotions = Map(programme.promotions).set(event.promotion_id, event)
            return replace(programme, promotions=promotions)
        case ProgrammeActivated():
            assert programme.terms is not None  # activation was refused without
            return Active(event.version, programme.terms, programme.rewards, programme.promotions)
