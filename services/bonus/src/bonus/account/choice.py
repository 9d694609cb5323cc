"""Rewards to choose from for a cart, and what each would waste (CH-6, X-33)."""

from dataclasses import dataclass
from datetime import datetime

from bonus.account.state import Account, available
from bonus.programme.points import points_text
from bonus.programme.reward import discount_cents, discount_text, full_cents, is_offered, redeems
from bonus.programme.terms import max_share
from bonus.programme.versions import Active, Programme, RunOff
from zugabe_events.contracts.bonus import ProgrammeTerms, RewardAdded, RewardChoice
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.money import euros, percentage


@dataclass(frozen=True, slots=True)
class Cart:
    """`base_cents` is what rewards may pay for, `goods_cents` what minimums are compared with."""

    base_cents: int
    goods_cents: int


def reward_choices(
    cart: Cart, placed_at: datetime, programme: Programme, account: Account
) -> tuple[RewardChoice, ...]:
    """All rewards of the day that a programme offers, the cheapest first."""
    day = day_of(placed_at)
    if not isinstance(programme, Active | RunOff) or not redeems(programme, day):
        return ()
    points = available(account, day)
    offered = [reward for reward in programme.rewards.values() if is_offered(reward, day)]
    in_order = sorted(offered, key=lambda reward: (reward.points, reward.version))
    return tuple(choice(reward, cart, programme.terms, points) for reward in in_order)


def choice(reward: RewardAdded, cart: Cart, terms: ProgrammeTerms, points: int) -> RewardChoice:
    discount = discount_cents(reward, cart.base_cents, terms)
    wasted = full_cents(reward, cart.base_cents) - discount
    missing_points = max(0, reward.points - points)
    missing_cents = max(0, reward.minimum_cents - cart.goods_cents)
    said = [*discount_sentences(reward, cart.base_cents, terms)]
    if missing_cents:
        said.append(minimum_sentence(reward, missing_cents))
    if missing_points:
        said.append(f"Dafür {missing_text(missing_points)}.")
    return RewardChoice(
        reward_id=reward.reward_id,
        title=reward.title,
        points=reward.points,
        discount_cents=discount,
        wasted_cents=wasted,
        missing_points=missing_points,
        sentence=" ".join(said),
        short_text=reward.short_text,
        missing_cents=missing_cents,
    )


def discount_sentences(reward: RewardAdded, base_cents: int, terms: ProgrammeTerms) -> list[str]:
    """The discount, and what of it the cart leaves unused (X-33)."""
    full = f"{discount_text(reward)} für {points_text(reward.points)}."
    discount = discount_cents(reward, base_cents, terms)
    wasted = full_cents(reward, base_cents) - discount
    if base_cents == 0:
        return [f"{full} In diesem Warenkorb gibt es keinen Betrag dafür."]
    if not wasted:
        return [full]
    lost = f"{euros(wasted)} verfallen"
    if discount == base_cents:
        return [f"{full} Auf diesen Warenkorb nur {euros(discount)}; {lost}."]
    return [
        f"{full} Auf diesen Warenkorb nur {euros(discount)}, weil Punkte höchstens"
        f" {percentage(max_share(terms))} bezahlen; {lost}."
    ]


def minimum_sentence(reward: RewardAdded, missing_cents: int) -> str:
    least = f"Der Mindestbestellwert dafür beträgt {euros(reward.minimum_cents)} netto"
    return f"{least}; es fehlen {euros(missing_cents)}."


def missing_text(points: int) -> str:
    return f"{'fehlt' if points == 1 else 'fehlen'} {points_text(points)}"
