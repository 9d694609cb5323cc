"""Rewards and promotions of a programme: added, replaced, taken away."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import msgspec

from bonus.programme.versions import Active, Programme, RunOff, Versions
from zugabe_events.contracts.bonus import (
    PromotionAdded,
    PromotionEnded,
    RewardAdded,
    RewardWithdrawn,
)
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.errors import InvalidError, NotFoundError, RefusedError

MAX_ENTRIES = 500
"""Rewards, and promotions, of one programme: every order is compared with all promotions."""


@dataclass(frozen=True, slots=True)
class AddReward:
    """Add or replace a reward, which says everything but its version and instant."""

    reward: RewardAdded
    at: datetime


@dataclass(frozen=True, slots=True)
class WithdrawReward:
    dealer: str
    reward_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AddPromotion:
    """Add or replace a promotion, which says everything but its version and instant."""

    promotion: PromotionAdded
    at: datetime


@dataclass(frozen=True, slots=True)
class EndPromotion:
    dealer: str
    promotion_id: str
    at: datetime


OfEntries = AddReward | WithdrawReward | AddPromotion | EndPromotion
"""Commands about one reward or promotion."""


class TooManyError(RefusedError):
    code = "too-many"


class LastRewardError(RefusedError):
    code = "last-reward"


class PromotionOverlapsError(RefusedError):
    """Another promotion gives the same articles the same points at the same time."""

    code = "promotion-overlaps"


def change_entries(
    command: OfEntries, versions: Versions
) -> Sequence[RewardAdded | RewardWithdrawn | PromotionAdded | PromotionEnded]:
    match command:
        case AddReward():
            return add_reward(command, versions.present)
        case WithdrawReward():
            return withdraw_reward(command, versions)
        case AddPromotion():
            return add_promotion(command, versions.present)
        case EndPromotion():
            return end_promotion(command, versions)


def add_reward(command: AddReward, programme: Programme) -> list[RewardAdded]:
    reward = in_force(command.reward, programme, command.at)
    if (reward.discount_cents == 0) == (reward.percent_basis_points is None):
        raise InvalidError(
            "Eine Prämie gibt entweder einen festen Betrag oder einen Prozentsatz.",
            code="discount-unclear",
        )
    check_period(reward.valid_from, reward.valid_until, "Die Prämie")
    before = programme.rewards.get(reward.reward_id)
    if before and is_same(before, reward):
        return []
    if not before and len(programme.rewards) >= MAX_ENTRIES:
        raise TooManyError(f"Ein Programm hat höchstens {MAX_ENTRIES} Prämien.", most=MAX_ENTRIES)
    others = [each for each in programme.rewards.values() if each.reward_id != reward.reward_id]
    check_choice(programme, [*others, reward], day_of(command.at))
    return [reward]


def withdraw_reward(command: WithdrawReward, versions: Versions) -> list[RewardWithdrawn]:
    """Holds keep what they promised."""
    programme, reward_id = versions.present, command.reward_id
    if reward_id not in programme.rewards:
        if any(reward_id in version.rewards for version in versions.in_order):
            return []
        raise NotFoundError("Diese Prämie gibt es nicht.")
    left = [each for each in programme.rewards.values() if each.reward_id != reward_id]
    check_choice(programme, left, day_of(command.at))
    return [RewardWithdrawn(command.dealer, programme.version + 1, reward_id, command.at)]


def check_choice(programme: Programme, rewards: Iterable[RewardAdded], day: date) -> None:
    """Users who have points can always choose a reward, also in the run-off."""
    if isinstance(programme, Active | RunOff) and not is_any_redeemable(rewards, day):
        raise LastRewardError("Ein aktives Programm braucht mindestens eine Prämie.")


def add_promotion(command: AddPromotion, programme: Programme) -> list[PromotionAdded]:
    promotion = in_force(command.promotion, programme, command.at)
    check_period(promotion.valid_from, promotion.valid_until, "Die Aktion")
    before = programme.promotions.get(promotion.promotion_id)
    if before and is_same(before, promotion):
        return []
    if not before and len(programme.promotions) >= MAX_ENTRIES:
        raise TooManyError(f"Ein Programm hat höchstens {MAX_ENTRIES} Aktionen.", most=MAX_ENTRIES)
    if twin := overlapping(promotion, programme.promotions.values()):
        raise PromotionOverlapsError(
            f"Im selben Zeitraum gibt die Aktion „{twin.title}“ denselben Artikeln bereits"
            f" {promotion.factor}-fache Punkte.",
            promotion=twin.promotion_id,
        )
    return [promotion]


def end_promotion(command: EndPromotion, versions: Versions) -> list[PromotionEnded]:
    programme, promotion_id = versions.present, command.promotion_id
    if promotion_id in programme.promotions:
        return [PromotionEnded(command.dealer, programme.version + 1, promotion_id, command.at)]
    if any(promotion_id in version.promotions for version in versions.in_order):
        return []
    raise NotFoundError("Diese Aktion gibt es nicht.")


def overlapping(
    promotion: PromotionAdded, others: Iterable[PromotionAdded]
) -> PromotionAdded | None:
    """Another one that is this promotion once more, as far as their days overlap."""
    return next(
        (
            other
            for other in others
            if other.promotion_id != promotion.promotion_id
            and (other.factor, other.brands, other.product_groups)
            == (promotion.factor, promotion.brands, promotion.product_groups)
            and begins_by(other.valid_from, promotion.valid_until)
            and begins_by(promotion.valid_from, other.valid_until)
        ),
        None,
    )


def begins_by(first: date | None, last: date | None) -> bool:
    return first is None or last is None or first <= last


def check_period(first: date | None, last: date | None, entry: str) -> None:
    if first and last and last < first:
        raise InvalidError(f"{entry} endet vor ihrem Beginn.", code="validity-reversed")


def in_force[Entry: RewardAdded | PromotionAdded](
    entry: Entry, programme: Programme, at: datetime
) -> Entry:
    return msgspec.structs.replace(entry, version=programme.version + 1, effective_at=at)


def is_same[Entry: RewardAdded | PromotionAdded](before: Entry, after: Entry) -> bool:
    return before == msgspec.structs.replace(
        after, version=before.version, effective_at=before.effective_at
    )


def is_any_redeemable(rewards: Iterable[RewardAdded], day: date) -> bool:
    """Users can choose one of them on a day or later."""
    return any(each.valid_until is None or each.valid_until >= day for each in rewards)
