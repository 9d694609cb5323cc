"""Rewards to choose from for a cart, and what each would waste (CH-6, X-33)."""

from datetime import datetime

from bonus.account.state import Account, available
from bonus.programme.points import points_text
from bonus.programme.versions import Active, Programme
from zugabe_events.contracts.bonus import RewardAdded, RewardChoice
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.money import euros


def reward_choices(
    base_cents: int, placed_at: datetime, programme: Programme, account: Account
) -> tuple[RewardChoice, ...]:
    """All rewards of a programme that runs, the cheapest first."""
    day = day_of(placed_at)
    if not isinstance(programme, Active) or day < programme.terms.starts_on:
        return ()
    points = available(account, day)
    in_order = sorted(programme.rewards.values(), key=lambda one: (one.points, one.version))
    return tuple(choice(reward, base_cents, points) for reward in in_order)


def choice(reward: RewardAdded, base_cents: int, points: int) -> RewardChoice:
    discount = min(reward.discount_cents, base_cents)
    wasted, missing = reward.discount_cents - discount, max(0, reward.points - points)
    return RewardChoice(
        reward_id=reward.reward_id,
        title=reward.title,
        points=reward.points,
        discount_cents=discount,
        wasted_cents=wasted,
        missing_points=missing,
        sentence=" ".join(sentences(reward, discount, wasted, missing)),
    )


def sentences(reward: RewardAdded, discount: int, wasted: int, missing: int) -> list[str]:
    full = f"{euros(reward.discount_cents)} Rabatt für {points_text(reward.points)}."
    said = [full]
    if wasted and discount:
        said = [f"{full} Auf diesen Warenkorb nur {euros(discount)}; {euros(wasted)} verfallen."]
    elif wasted:
        said = [f"{full} In diesem Warenkorb gibt es keinen Betrag dafür."]
    if missing:
        said.append(f"Dafür {missing_text(missing)}.")
    return said


def missing_text(points: int) -> str:
    return f"{'fehlt' if points == 1 else 'fehlen'} {points_text(points)}"
