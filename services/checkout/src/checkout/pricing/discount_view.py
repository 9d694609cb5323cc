"""Vouchers and rewards that reduce a cart or order, as people read them."""

from dataclasses import dataclass

from zugabe_events.contracts.checkout import RewardApplied, VoucherApplied


@dataclass(frozen=True, slots=True)
class Voucher:
    campaign_id: str
    code: str
    discount_type: str
    base_cents: int
    discount_cents: int
    free_shipping: bool
    explanation: str


@dataclass(frozen=True, slots=True)
class Reward:
    reward_id: str
    title: str
    points: int
    base_cents: int
    discount_cents: int
    explanation: str


def view_of_voucher(voucher: VoucherApplied) -> Voucher:
    return Voucher(
        campaign_id=voucher.campaign_id,
        code=voucher.code,
        discount_type=voucher.discount_type,
        base_cents=voucher.base_cents,
        discount_cents=voucher.discount_cents,
        free_shipping=voucher.free_shipping,
        explanation=voucher.explanation,
    )


def view_of_reward(reward: RewardApplied | None) -> Reward | None:
    if reward is None:
        return None
    return Reward(
        reward_id=reward.reward_id,
        title=reward.title,
        points=reward.points,
        base_cents=reward.base_cents,
        discount_cents=reward.discount_cents,
        explanation=reward.explanation,
    )
