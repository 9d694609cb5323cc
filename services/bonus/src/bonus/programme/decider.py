"""A dealer's bonus programme: terms, rewards, promotions, and activation."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

import msgspec

from bonus.programme.versions import Active, Draft, Programme, ProgrammeEvent, Versions, evolve
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


@dataclass(frozen=True, slots=True)
class SetTerms:
    """In force from `at` on, as every change of a programme."""

    dealer: str
    terms: ProgrammeTerms
    at: datetime


@dataclass(frozen=True, slots=True)
class AddReward:
    dealer: str
    reward_id: str
    title: str
    points: int
    discount_cents: int
    at: datetime


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
    at: datetime


@dataclass(frozen=True, slots=True)
class Activate:
    dealer: str
    at: datetime


type Command = SetTerms | AddReward | AddPromotion | Activate


class IncompleteError(RefusedError):
    code = "programme-incomplete"


class TooManyError(RefusedError):
    code = "too-many"


def decide(command: Command, versions: Versions) -> list[ProgrammeEvent]:
    """A change follows all before it, even if clocks of two processes differ."""
    programme = versions.present
    command = replace(command, at=max(command.at, programme.effective_at))
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
    version = programme.version + 1
    return [ProgrammeSetUp(command.dealer, version, command.terms, command.at)]


def add_reward(command: AddReward, programme: Programme) -> list[ProgrammeEvent]:
    reward = RewardAdded(
        dealer=command.dealer,
        version=programme.version + 1,
        reward_id=command.reward_id,
        title=command.title,
        points=command.points,
        discount_cents=command.discount_cents,
        effective_at=command.at,
    )
    before = programme.rewards.get(reward.reward_id)
    if before and is_same(before, reward):
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
        effective_at=command.at,
    )
    before = programme.promotions.get(promotion.promotion_id)
    if before and is_same(before, promotion):
        return []
    if not before and len(programme.promotions) >= MAX_ENTRIES:
        raise TooManyError(f"Ein Programm hat höchstens {MAX_ENTRIES} Aktionen.", most=MAX_ENTRIES)
    return [promotion]


def is_same[Change: RewardAdded | PromotionAdded](before: Change, after: Change) -> bool:
    return before == msgspec.structs.replace(
        after, version=before.version, effective_at=before.effective_at
    )


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
            return [ProgrammeActivated(command.dealer, programme.version + 1, command.at)]


def missing_parts(programme: Draft) -> list[Part]:
    """The parts that activation still needs (BO-10)."""
    missing: list[Part] = []
    if programme.terms is None:
        missing.append("terms")
    if not programme.rewards:
        missing.append("rewards")
    return missing


PROGRAMME_DECIDER: Decider[Command, Versions, ProgrammeEvent] = Decider(
    "programme", Versions(), decide, evolve
)


def programme_history(dealer: str) -> History[Versions, ProgrammeEvent]:
    stream = f"programme/{dealer}"
    return History(Stream(stream, stream), PROGRAMME_DECIDER)
