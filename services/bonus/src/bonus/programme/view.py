"""Read model of a bonus programme: terms, rewards, promotions, and how far it has come."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

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
from zugabe_events.domain.event import Event
from zugabe_events.domain.projection import ReadModel

type ProgrammeState = Literal["draft", "active", "run-off", "closed"]


@dataclass(frozen=True, slots=True)
class Reward:
    reward_id: str
    title: str
    points: int
    discount_cents: int
    short_text: str = ""
    description: str = ""
    percent_basis_points: int | None = None
    minimum_cents: int = 0
    valid_from: date | None = None
    valid_until: date | None = None
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Promotion:
    promotion_id: str
    title: str
    factor: int
    brands: tuple[str, ...]
    product_groups: tuple[str, ...]
    valid_from: date | None
    valid_until: date | None
    text: str = ""


@dataclass(frozen=True, slots=True)
class ProgrammeView:
    """Rewards and promotions are in the order in which they were added (BO-19)."""

    dealer: str
    version: int = 0
    active: bool = False
    terms: ProgrammeTerms | None = None
    rewards: tuple[Reward, ...] = ()
    promotions: tuple[Promotion, ...] = ()
    state: ProgrammeState = "draft"
    deactivated_at: datetime | None = None
    run_off_until: date | None = None


def keys(event: Event) -> list[str]:
    match event:
        case (
            ProgrammeSetUp()
            | RewardAdded()
            | RewardWithdrawn()
            | PromotionAdded()
            | PromotionEnded()
            | ProgrammeActivated()
            | ProgrammeDeactivated()
            | ProgrammeClosed()
        ):
            return [event.dealer]
        case _:
            return []


def project(view: ProgrammeView | None, event: Event) -> ProgrammeView | None:
    match event:
        case ProgrammeSetUp() | RewardAdded() | PromotionAdded():
            return fold(view or ProgrammeView(event.dealer), event)
        case _:
            return fold(view, event) if view else None


def fold(view: ProgrammeView, event: Event) -> ProgrammeView:
    match event:
        case ProgrammeSetUp(version=version, terms=terms):
            return replace(view, version=version, terms=terms)
        case RewardAdded(version=version):
            rewards = {each.reward_id: each for each in view.rewards}
            rewards[event.reward_id] = reward_of(event)
            return replace(view, version=version, rewards=tuple(rewards.values()))
        case RewardWithdrawn(version=version):
            kept = tuple(each for each in view.rewards if each.reward_id != event.reward_id)
            return replace(view, version=version, rewards=kept)
        case PromotionAdded(version=version):
            promotions = {each.promotion_id: each for each in view.promotions}
            promotions[event.promotion_id] = promotion_of(event)
            return replace(view, version=version, promotions=tuple(promotions.values()))
        case PromotionEnded(version=version):
            left = tuple(
                each for each in view.promotions if each.promotion_id != event.promotion_id
            )
            return replace(view, version=version, promotions=left)
        case ProgrammeActivated(version=version):
            return replace(
                view,
                version=version,
                active=True,
                state="active",
                deactivated_at=None,
                run_off_until=None,
            )
        case ProgrammeDeactivated(version=version):
            return replace(
                view,
                version=version,
                active=False,
                state="run-off",
                deactivated_at=event.effective_at,
                run_off_until=event.run_off_until,
            )
        case ProgrammeClosed(version=version):
            return replace(view, version=version, state="closed")
        case _:
            return view


def reward_of(event: RewardAdded) -> Reward:
    return Reward(
        event.reward_id,
        event.title,
        event.points,
        event.discount_cents,
        event.short_text,
        event.description,
        event.percent_basis_points,
        event.minimum_cents,
        event.valid_from,
        event.valid_until,
        event.position,
    )


def promotion_of(event: PromotionAdded) -> Promotion:
    return Promotion(
        event.promotion_id,
        event.title,
        event.factor,
        event.brands,
        event.product_groups,
        event.valid_from,
        event.valid_until,
        event.text,
    )


PROGRAMMES = ReadModel("bonus.programmes", 2, ("bonus",), ProgrammeView, keys, project)
