"""Hold points for a reward for one attempt of a checkout, or refuse with reasons."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bonus.account.choice import missing_text
from bonus.account.lots import MAX_LOTS_TAKEN
from bonus.account.refund import released
from bonus.account.state import Account, available, evolve, is_over
from bonus.customer.decider import Membership
from bonus.programme.points import points_text
from bonus.programme.versions import Active, Draft, Programme
from zugabe_events.contracts.bonus import RewardAdded, RewardHeld, RewardOffer, RewardReleased
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.errors import InvalidError, RefusedError
from zugabe_events.domain.german_numbers import thousands
from zugabe_events.domain.money import allocate, euros


@dataclass(frozen=True, slots=True)
class Wish:
    """A reward for an order; `nets` are the cents of each line that it may pay for (Q26)."""

    reward_id: str
    nets: tuple[int, ...]
    placed_at: datetime

    @property
    def base_cents(self) -> int:
        return sum(self.nets)


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


class ProgrammeNotActiveError(RefusedError):
    code = "programme-not-active"


class CustomerNotEnabledError(RefusedError):
    """The dealer has not enabled the customer, or the time to redeem is over (BO-11, BO-12)."""

    code = "customer-not-enabled"


class RewardUnknownError(RefusedError):
    code = "reward-unknown"


class PointsMissingError(RefusedError):
    code = "points-missing"


class PointsScatteredError(RefusedError):
    code = "points-scattered"


class NothingToPayError(RefusedError):
    code = "nothing-to-pay"


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


def refusals(
    wish: Wish, programme: Programme, membership: Membership, account: Account
) -> Iterator[RefusedError]:
    """All refusals, with their numbers (X-6, X-7)."""
    day = day_of(wish.placed_at)
    if not membership.redeems(day):
        yield CustomerNotEnabledError("Ihr Unternehmen nimmt nicht am Bonusprogramm teil.")
    match programme:
        case Draft():
            yield ProgrammeNotActiveError("Das Bonusprogramm ist nicht aktiv.")
        case Active(terms=terms) if day < terms.starts_on:
            yield ProgrammeNotActiveError("Das Bonusprogramm hat noch nicht begonnen.")
        case Active():
            if (reward := programme.rewards.get(wish.reward_id)) is None:
                yield RewardUnknownError("Diese Prämie gibt es nicht.")
            else:
                yield from points_refusals(reward, wish, account)
    if wish.base_cents == 0:
        detail = "Es bleibt kein Betrag, auf den die Prämie angerechnet werden kann."
        yield NothingToPayError(detail, base_cents=0)


def points_refusals(reward: RewardAdded, wish: Wish, account: Account) -> Iterator[RefusedError]:
    day = day_of(wish.placed_at)
    points = available(account, day)
    if missing := max(0, reward.points - points):
        yield PointsMissingError(
            f"Für die Prämie „{reward.title}“ {missing_text(missing)}:"
            f" Sie kostet {thousands(reward.points)},"
            f" einlösbar {'ist' if points == 1 else 'sind'} {thousands(points)}.",
            missing_points=missing,
            available_points=points,
        )
    elif sum(lot.points for lot in account.lots.take(reward.points, day)) < reward.points:
        detail = f"Die Punkte stammen aus mehr als {thousands(MAX_LOTS_TAKEN)} Bestellungen."
        yield PointsScatteredError(detail, most_lots=MAX_LOTS_TAKEN)


def offer_for(wish: Wish, programme: Programme) -> RewardOffer:
    """The discount never exceeds what is left to pay (X-10, Q26)."""
    reward = programme.rewards[wish.reward_id]
    discount = min(reward.discount_cents, wish.base_cents)
    return RewardOffer(
        reward_id=reward.reward_id,
        title=reward.title,
        points=reward.points,
        base_cents=wish.base_cents,
        discount_cents=discount,
        shares=allocate(discount, wish.nets),
        explanation=f"Prämie „{reward.title}“: {points_text(reward.points)} für"
        f" {euros(discount)} Rabatt auf {euros(wish.base_cents)} Nettowarenwert nach Gutschein;"
        f" Programmfassung {programme.version}.",
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
    )


def as_if_free(account: Account, order_id: str | None, now: datetime) -> Account:
    """The account as the order's next attempt finds it, without the order's own hold."""
    hold = account.holds.get(order_id) if order_id else None
    return evolve(account, released(hold, now, "newer-attempt", account)) if hold else account
