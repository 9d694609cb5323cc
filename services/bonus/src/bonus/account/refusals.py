"""The reasons for which a reward cannot be had for a cart, all of them with their numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bonus.account.choice import minimum_sentence, missing_text
from bonus.account.lots import MAX_LOTS_TAKEN
from bonus.account.state import Account, available
from bonus.customer.decider import Membership
from bonus.pool.decider import Pool
from bonus.programme.reward import discount_cents, is_offered
from bonus.programme.versions import Active, Closed, Draft, Programme, RunOff
from zugabe_events.contracts.bonus import RewardAdded
from zugabe_events.domain.calendar import day_of, german_date
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.german_numbers import thousands


@dataclass(frozen=True, slots=True)
class Wish:
    """A reward for an order; `nets` are the cents of each line that it may pay for (Q26).

    `goods_cents` are what its minimum is compared with (Q2).
    """

    reward_id: str
    nets: tuple[int, ...]
    placed_at: datetime
    goods_cents: int = 0

    @property
    def base_cents(self) -> int:
        return sum(self.nets)


class ProgrammeNotActiveError(RefusedError):
    code = "programme-not-active"


class CustomerNotEnabledError(RefusedError):
    """The dealer has not enabled the customer, or the time to redeem is over (BO-11, BO-12)."""

    code = "customer-not-enabled"


class ProgrammeEndedError(RefusedError):
    """Points can no longer be redeemed (BO-12)."""

    code = "programme-ended"


class RewardNotOfferedError(RefusedError):
    """The reward is offered on other days."""

    code = "reward-not-offered"


class MinimumMissedError(RefusedError):
    """The goods are worth too little for the reward."""

    code = "minimum-missed"


class RewardUnknownError(RefusedError):
    code = "reward-unknown"


class PointsMissingError(RefusedError):
    code = "points-missing"


class PointsScatteredError(RefusedError):
    code = "points-scattered"


class NothingToPayError(RefusedError):
    code = "nothing-to-pay"


class NotPointsManagerError(RefusedError):
    """The users of the customer share their points, and the user is no manager of these (BO-33)."""

    code = "not-points-manager"


def not_manager(pool: Pool) -> NotPointsManagerError:
    if not pool.is_pooled:
        return NotPointsManagerError("Ihr Unternehmen hat keine gemeinsamen Bonuspunkte.")
    if pool.is_frozen:
        return NotPointsManagerError(
            "Ihr Unternehmen hat zurzeit keinen Bonuspunkte-Verwalter, der Punkte einlösen kann."
        )
    return NotPointsManagerError(
        "Die Punkte Ihres Unternehmens löst der Bonuspunkte-Verwalter ein."
    )


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
        case Closed():
            yield ProgrammeEndedError("Das Bonusprogramm ist beendet.")
        case RunOff(run_off_until=last) if day > last:
            yield ProgrammeEndedError(
                "Das Bonusprogramm ist beendet. Punkte konnten bis zum"
                f" {german_date(last)} eingelöst werden.",
                run_off_until=last.isoformat(),
            )
        case Active(terms=terms) | RunOff(terms=terms) if day < terms.starts_on:
            yield ProgrammeNotActiveError("Das Bonusprogramm hat noch nicht begonnen.")
        case Active() | RunOff():
            if (reward := programme.rewards.get(wish.reward_id)) is None:
                yield RewardUnknownError("Diese Prämie gibt es nicht.")
            else:
                yield from reward_refusals(reward, wish)
                yield from points_refusals(reward, wish, account)
    if is_worthless(wish, programme):
        detail = "Es bleibt kein Betrag, auf den die Prämie angerechnet werden kann."
        yield NothingToPayError(detail, base_cents=wish.base_cents)


def is_worthless(wish: Wish, programme: Programme) -> bool:
    reward, terms = programme.rewards.get(wish.reward_id), programme.terms
    if reward is None or terms is None:
        return wish.base_cents == 0
    return discount_cents(reward, wish.base_cents, terms) == 0


def reward_refusals(reward: RewardAdded, wish: Wish) -> Iterator[RefusedError]:
    if not is_offered(reward, day_of(wish.placed_at)):
        yield RewardNotOfferedError(
            f"Die Prämie „{reward.title}“ wird zurzeit nicht angeboten.",
            valid_from=reward.valid_from.isoformat() if reward.valid_from else None,
            valid_until=reward.valid_until.isoformat() if reward.valid_until else None,
        )
    if missing := max(0, reward.minimum_cents - wish.goods_cents):
        yield MinimumMissedError(
            f"Prämie „{reward.title}“: {minimum_sentence(reward, missing)}",
            minimum_cents=reward.minimum_cents,
            missing_cents=missing,
        )


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
