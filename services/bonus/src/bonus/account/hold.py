"""Hold points for a reward for one attempt of a checkout, or refuse with reasons."""

from dataclasses import dataclass, field
from datetime import datetime

from bonus.account.refund import released
from bonus.account.refusals import Wish, not_manager, refusals
from bonus.account.state import Account, evolve, is_over
from bonus.customer.decider import Membership
from bonus.pool.decider import Pool
from bonus.programme.points import points_text
from bonus.programme.reward import discount_cents, full_cents
from bonus.programme.versions import Programme
from zugabe_events.contracts.bonus import RewardHeld, RewardOffer, RewardReleased
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.errors import InvalidError, RefusedError
from zugabe_events.domain.money import allocate, euros


@dataclass(frozen=True, slots=True)
class HoldReward:
    order_id: str
    attempt: int
    dealer: str
    customer: str
    user: str
    wish: Wish
    deadline: datetime
    now: datetime
    programme: Programme
    membership: Membership
    pool: Pool = field(default_factory=Pool)

    @property
    def pooled_for(self) -> str:
        """The customer whose shared points are held, or ""."""
        return self.customer if self.pool.is_pooled else ""


class AttemptOverError(RefusedError):
    code = "attempt-over"


def hold_reward(command: HoldReward, account: Account) -> list[RewardReleased | RewardHeld]:
    """A repeated request finds its hold; a newer attempt releases the older one first (X-1)."""
    older = account.holds.get(command.order_id)
    if older and older.attempt == command.attempt:
        if not is_for(older, command.wish):
            detail = "Dieser Versuch hält bereits Punkte für einen anderen Warenkorb."
            raise InvalidError(detail, code="hold-differs")
        return []
    if refusal := attempt_over(command, account):
        raise refusal
    events: list[RewardReleased | RewardHeld] = []
    if older:
        events.append(released(older, command.now, "newer-attempt", account))
        account = evolve(account, events[-1])
    if command.pool.hides_points_from(command.user):
        raise not_manager(command.pool)
    for objection in refusals(command.wish, command.programme, command.membership, account):
        raise objection
    return [*events, new_hold(command, account)]


def is_for(hold: RewardHeld, wish: Wish) -> bool:
    return (
        hold.reward_id == wish.reward_id
        and hold.base_cents == wish.base_cents
        and hold.shares == allocate(hold.discount_cents, wish.nets)
    )


def attempt_over(command: HoldReward, account: Account) -> AttemptOverError | None:
    if is_over(account, command.order_id, command.attempt):
        return AttemptOverError("Dieser Versuch, die Bestellung abzuschließen, ist beendet.")
    if command.deadline <= command.now:
        return AttemptOverError("Die Frist dieses Versuchs ist abgelaufen.")
    return None


def offer_for(wish: Wish, programme: Programme) -> RewardOffer:
    """The discount never exceeds what is left to pay (X-10, Q26), nor the cap (X-33)."""
    assert programme.terms is not None  # there was no objection
    reward = programme.rewards[wish.reward_id]
    discount = discount_cents(reward, wish.base_cents, programme.terms)
    wasted = full_cents(reward, wish.base_cents) - discount
    return RewardOffer(
        reward_id=reward.reward_id,
        title=reward.title,
        points=reward.points,
        base_cents=wish.base_cents,
        discount_cents=discount,
        shares=allocate(discount, wish.nets),
        explanation=f"Prämie „{reward.title}“: {points_text(reward.points)} für"
        f" {euros(discount)} Rabatt auf {euros(wish.base_cents)} Nettowarenwert nach Gutschein"
        f"{f', {euros(wasted)} verfallen' if wasted else ''}; Programmfassung {programme.version}.",
    )


def new_hold(command: HoldReward, account: Account) -> RewardHeld:
    offer = offer_for(command.wish, command.programme)
    return RewardHeld(
        hold_id=f"{command.order_id}/{command.attempt}",
        order_id=command.order_id,
        attempt=command.attempt,
        dealer=command.dealer,
        customer=command.customer,
        user=command.user,
        reward_id=offer.reward_id,
        title=offer.title,
        points=offer.points,
        lots=account.lots.take(offer.points, day_of(command.wish.placed_at)),
        base_cents=offer.base_cents,
        discount_cents=offer.discount_cents,
        shares=offer.shares,
        deadline=command.deadline,
        programme_version=command.programme.version,
        explanation=offer.explanation,
        pool=command.pooled_for,
        held_at=command.wish.placed_at,
    )


def as_if_free(account: Account, order_id: str | None, now: datetime) -> Account:
    """The account as the order's next attempt finds it, without the order's own hold."""
    hold = account.holds.get(order_id) if order_id else None
    return evolve(account, released(hold, now, "newer-attempt", account)) if hold else account
