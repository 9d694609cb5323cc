"""The discount that a reward gives on a cart, and whom it is offered to."""

from datetime import date

from bonus.programme.terms import max_share
from bonus.programme.versions import Active, Closed, Draft, Programme, RunOff
from zugabe_events.contracts.bonus import ProgrammeTerms, RewardAdded
from zugabe_events.domain.money import FULL, euros, percent_of, percentage


def full_cents(reward: RewardAdded, base_cents: int) -> int:
    """The discount on goods of this value if nothing limits it."""
    share = reward.percent_basis_points
    return reward.discount_cents if share is None else percent_of(base_cents, share)


def discount_cents(reward: RewardAdded, base_cents: int, terms: ProgrammeTerms) -> int:
    """Never more than what is left to pay, nor than the share that points may pay (X-10, X-33)."""
    return min(full_cents(reward, base_cents), base_cents * max_share(terms) // FULL)


def discount_text(reward: RewardAdded) -> str:
    share = reward.percent_basis_points
    return f"{euros(reward.discount_cents) if share is None else percentage(share)} Rabatt"


def is_offered(reward: RewardAdded, day: date) -> bool:
    """Within its days, both inclusive."""
    first, last = reward.valid_from, reward.valid_until
    return (first is None or first <= day) and (last is None or day <= last)


def redeems(programme: Programme, day: date) -> bool:
    """Points pay for rewards on a day in Berlin."""
    match programme:
        case Draft() | Closed():
            return False
        case Active(terms=terms):
            return day >= terms.starts_on
        case RunOff(terms=terms, run_off_until=last):
            return terms.starts_on <= day <= last
