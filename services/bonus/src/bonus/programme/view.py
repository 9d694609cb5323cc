"""Read model of a bonus programme: terms, rewards, promotions, and whether it is active."""

from dataclasses import dataclass, replace
from datetime import date

from zugabe_events.contracts.bonus import (
    ProgrammeActivated,
    ProgrammeSetUp,
    ProgrammeTerms,
    PromotionAdded,
    RewardAdded,
)
from zugabe_events.domain.event import Event
from zugabe_events.domain.projection import ReadModel


@dataclass(frozen=True, slots=True)
class Reward:
    reward_id: str
    title: str
    points: int
    discount_cents: int


@dataclass(frozen=True, slots=True)
class Promotion:
    promotion_id: str
    title: str
    factor: int
    brands: tuple[str, ...]
    product_groups: tuple[str, ...]
    valid_from: date | None
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class ProgrammeView:
    """Rewards and promotions are in the order in which they were added (BO-19)."""

    dealer: str
    version: int = 0
    active: bool = False
    terms: ProgrammeTerms | None = None
    rewards: tuple[Reward, ...] = ()
    promotions: tuple[Promotion, ...] = ()


def keys(event: Event) -> list[str]:
    match event:
        case ProgrammeSetUp() | RewardAdded() | PromotionAdded() | ProgrammeActivated():
            return [event.dealer]
        case _:
            return []


def project(view: ProgrammeView | None, event: Event) -> ProgrammeView | None:
    match event:
        case ProgrammeSetUp(dealer=dealer, version=version, terms=terms):
            return replace(view or ProgrammeView(dealer), version=version, terms=terms)
        case RewardAdded(dealer=dealer, version=version):
            view = view or ProgrammeView(dealer)
            reward = Reward(event.reward_id, event.title, event.points, event.discount_cents)
            rewards = {each.reward_id: each for each in view.rewards} | {reward.reward_id: reward}
            return replace(view, version=version, rewards=tuple(rewards.values()))
        case PromotionAdded(dealer=dealer, version=version):
            view = view or ProgrammeView(dealer)
            promotion = Promotion(
                event.promotion_id,
                event.title,
                event.factor,
                event.brands,
                event.product_groups,
                event.valid_from,
                event.valid_until,
            )
            promotions = {each.promotion_id: each for each in view.promotions}
            promotions[promotion.promotion_id] = promotion
            return replace(view, version=version, promotions=tuple(promotions.values()))
        case ProgrammeActivated(dealer=dealer, version=version):
            return replace(view or ProgrammeView(dealer), version=version, active=True)
        case _:
            return view


PROGRAMMES = ReadModel("bonus.programmes", 1, ("bonus",), ProgrammeView, keys, project)
