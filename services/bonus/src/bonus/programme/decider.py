"""A dealer's bonus programme: terms, rewards, promotions, and activation."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

import msgspec

from zugabe_events.contracts.bonus import (
    ProgrammeActivated,
    ProgrammeSetUp,
    ProgrammeTerms,
    PromotionAdded,
    RewardAdded,
)
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import InvalidError, RefusedError
from zugabe_events.domain.event import Stream

MAX_ENTRIES = 500
"""Rewards, and promotions, of one programme: every order is compared with all promotions."""

type ProgrammeEvent = ProgrammeSetUp | RewardAdded | PromotionAdded | ProgrammeActivated


@dataclass(frozen=True, slots=True)
class SetTerms:
    dealer: str
    terms: ProgrammeTerms


@dataclass(frozen=True, slots=True)
class AddReward:
    dealer: str
    reward_id: str
    title: str
    points: int
    discount_cents: int


@dataclass(frozen=True, slots=True)
class AddPromotion:
    dealer: str
    promotion_id: str
    title: str
    factor: int
    brands: tuple[str, ...]
    product_groups: tuple[str, ...]
    valid_from: date | None
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Activate:
    dealer: str


type Command = SetTerms | AddReward | AddPromotion | Activate


class IncompleteError(RefusedError):
    code = "programme-incomplete"


class TooManyError(RefusedError):
    code = "too-many"


@dataclass(frozen=True, slots=True)
class Draft:
    """Visible only to the dealer's staff and central (BO-7)."""

    version: int = 0
    terms: ProgrammeTerms | None = None
    rewards: Mapping[str, RewardAdded] = field(default_factory=dict)
    promotions: Mapping[str, PromotionAdded] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Active:
    version: int
    terms: ProgrammeTerms
    rewards: Mapping[str, RewardAdded]
    promotions: Mapping[str, PromotionAdded]


type Programme = Draft | Active


def decide(command: Command, programme: Programme) -> list[ProgrammeEvent]:
    match command:
        case SetTerms():
            return set_terms(command, programme)
        case AddReward():
            return add_reward(command, programme)
        case AddPromotion():
            return add_promotion(command, programme)
        case Activate():
            return activate(command, programme)


def set_terms(command: SetTerms, programme: Programme) -> list[ProgrammeEvent]:
    if command.terms == programme.terms:
        return []
    return [ProgrammeSetUp(command.dealer, programme.version + 1, command.terms)]


def add_reward(command: AddReward, programme: Programme) -> list[ProgrammeEvent]:
    reward = RewardAdded(
        dealer=command.dealer,
        version=programme.version + 1,
        reward_id=command.reward_id,
        title=command.title,
        points=command.points,
        discount_cents=command.discount_cents,
    )
    before = programme.rewards.get(reward.reward_id)
    if before and before == msgspec.structs.replace(reward, version=before.version):
        return []
    if not before and len(programme.rewards) >= MAX_ENTRIES:
        raise TooManyError(f"Ein Programm hat höchstens {MAX_ENTRIES} Prämien.", most=MAX_ENTRIES)
    return [reward]


def add_promotion(command: AddPromotion, programme: Programme) -> list[ProgrammeEvent]:
    first, last = command.valid_from, command.valid_until
    if first and last and last < first:
        raise InvalidError("Die Aktion endet vor ihrem Beginn.", code="validity-reversed")
    promotion = PromotionAdded(
        dealer=command.dealer,
        version=programme.version + 1,
        promotion_id=command.promotion_id,
        title=command.title,
        factor=command.factor,
        brands=command.brands,
        product_groups=command.product_groups,
        valid_from=first,
        valid_until=last,
    )
    before = programme.promotions.get(promotion.promotion_id)
    if before and before == msgspec.structs.replace(promotion, version=before.version):
        return []
    if not before and len(programme.promotions) >= MAX_ENTRIES:
        raise TooManyError(f"Ein Programm hat höchstens {MAX_ENTRIES} Aktionen.", most=MAX_ENTRIES)
    return [promotion]


type Part = Literal["terms", "rewards"]

GERMAN: Mapping[Part, str] = {"terms": "die Bedingungen", "rewards": "mindestens eine Prämie"}


def activate(command: Activate, programme: Programme) -> list[ProgrammeEvent]:
    match programme:
        case Active():
            return []
        case Draft():
            if missing := missing_parts(programme):
                parts = " und ".join(GERMAN[part] for part in missing)
                verb = "fehlt" if missing == ["rewards"] else "fehlen"
                detail = f"Das Programm ist noch nicht vollständig: Es {verb} {parts}."
                raise IncompleteError(detail, missing=",".join(missing))
            return [ProgrammeActivated(command.dealer, programme.version + 1)]


def missing_parts(programme: Draft) -> list[Part]:
    """The parts that activation still needs (BO-10)."""
    missing: list[Part] = []
    if programme.terms is None:
        missing.append("terms")
    if not programme.rewards:
        missing.append("rewards")
    return missing


def evolve(programme: Programme, event: ProgrammeEvent) -> Programme:
    match event:
        case ProgrammeSetUp():
            return replace(programme, version=event.version, terms=event.terms)
        case RewardAdded():
            rewards = {**programme.rewards, event.reward_id: event}
            return replace(programme, version=event.version, rewards=rewards)
        case PromotionAdded():
            promotions = {**programme.promotions, event.promotion_id: event}
            return replace(programme, version=event.version, promotions=promotions)
        case ProgrammeActivated():
            assert programme.terms is not None  # activation was refused without
            return Active(event.version, programme.terms, programme.rewards, programme.promotions)


PROGRAMME_DECIDER: Decider[Command, Programme, ProgrammeEvent] = Decider(
    "programme", Draft(), decide, evolve
)


def programme_history(dealer: str) -> History[Programme, ProgrammeEvent]:
    stream = f"programme/{dealer}"
    return History(Stream(stream, stream), PROGRAMME_DECIDER)
