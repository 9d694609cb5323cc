"""Versions of a dealer's programme, each in force from its instant to the next one (X-40)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from immutables import Map

from zugabe_events.contracts.bonus import (
    ProgrammeActivated,
    ProgrammeClosed,
    ProgrammeDeactivated,
    ProgrammeSetUp,
    ProgrammeTerms,
    PromotionAdded,
    PromotionEnded,
    RewardAdded,
    RewardWithdrawn,
)
from zugabe_events.domain.versions import last_begun

ALWAYS = datetime.min.replace(tzinfo=UTC)
"""From when versions are in force that say no instant."""

type ProgrammeEvent = (
    ProgrammeSetUp
    | RewardAdded
    | RewardWithdrawn
    | PromotionAdded
    | PromotionEnded
    | ProgrammeActivated
    | ProgrammeDeactivated
    | ProgrammeClosed
)


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
    """Points are earned and redeemed.

    `worse_version` is the latest that made the terms worse for users (X-23), 0 if none did.
    """

    version: int
    terms: ProgrammeTerms
    rewards: Mapping[str, RewardAdded]
    promotions: Mapping[str, PromotionAdded]
    effective_at: datetime = ALWAYS
    worse_version: int = 0


@dataclass(frozen=True, slots=True)
class RunOff:
    """Deactivated: nothing is earned, and points pay for rewards until the end of a day (BO-12)."""

    version: int
    terms: ProgrammeTerms
    rewards: Mapping[str, RewardAdded]
    promotions: Mapping[str, PromotionAdded]
    effective_at: datetime
    worse_version: int
    deactivated_at: datetime
    run_off_until: date


@dataclass(frozen=True, slots=True)
class Closed:
    """Switched off permanently: nothing is earned or redeemed (BO-12)."""

    version: int
    terms: ProgrammeTerms
    rewards: Mapping[str, RewardAdded]
    promotions: Mapping[str, PromotionAdded]
    effective_at: datetime
    worse_version: int
    deactivated_at: datetime
    run_off_until: date


type Programme = Draft | Active | RunOff | Closed


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
        return self.at(told_at) if isinstance(then, Draft) else then

    def worse_since(self, at: datetime) -> datetime | None:
        """Since when the terms in force at an instant are worse than those before (X-23)."""
        worse = worse_version(self.at(at))
        began = (one.effective_at for one in self.in_order if one.version >= worse)
        return next(began) if worse else None


def evolve(versions: Versions, event: ProgrammeEvent) -> Versions:
    before = versions.present
    since = max(before.effective_at, event.effective_at or ALWAYS)
    later = replace(changed(before, event), version=event.version, effective_at=since)
    kept = versions.in_order[:-1] if since == before.effective_at else versions.in_order
    return Versions((*kept, later))


def changed(programme: Programme, event: ProgrammeEvent) -> Programme:
    match event:
        case ProgrammeSetUp():
            if isinstance(programme, Draft) or not event.is_worse:
                return replace(programme, terms=event.terms)
            return replace(programme, terms=event.terms, worse_version=event.version)
        case RewardAdded():
            rewards = Map(programme.rewards).set(event.reward_id, event)
            return replace(programme, rewards=rewards)
        case RewardWithdrawn():
            return replace(programme, rewards=without(programme.rewards, event.reward_id))
        case PromotionAdded():
            promotions = Map(programme.promotions).set(event.promotion_id, event)
            return replace(programme, promotions=promotions)
        case PromotionEnded():
            promotions = without(programme.promotions, event.promotion_id)
            return replace(programme, promotions=promotions)
        case ProgrammeActivated():
            assert programme.terms is not None  # activation was refused without
            return Active(
                event.version,
                programme.terms,
                programme.rewards,
                programme.promotions,
                worse_version=worse_version(programme),
            )
        case ProgrammeDeactivated():
            assert programme.terms is not None  # only a programme that runs is deactivated
            return RunOff(
                event.version,
                programme.terms,
                programme.rewards,
                programme.promotions,
                event.effective_at,
                worse_version(programme),
                deactivated_at=event.effective_at,
                run_off_until=event.run_off_until,
            )
        case ProgrammeClosed():
            assert isinstance(programme, RunOff)  # closing was refused before
            return Closed(
                event.version,
                programme.terms,
                programme.rewards,
                programme.promotions,
                event.effective_at,
                programme.worse_version,
                programme.deactivated_at,
                programme.run_off_until,
            )


def worse_version(programme: Programme) -> int:
    return 0 if isinstance(programme, Draft) else programme.worse_version


def without[Entry](entries: Mapping[str, Entry], entry_id: str) -> Map[str, Entry]:
    kept = Map(entries)
    return kept.delete(entry_id) if entry_id in kept else kept
