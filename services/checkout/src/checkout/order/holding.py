"""Holds of an attempt: vouchers first, then the reward for what they leave to pay (X-8)."""

from collections.abc import Sequence
from dataclasses import dataclass

from checkout.order.decider import AttemptOverError
from checkout.peer.ports import Attempt, Bonus, Buyer, HoldRefusedError, Vouchers
from checkout.pricing.discounts import Discounts, with_vouchers
from zugabe_events.contracts.checkout import HoldsAsked, OrderLine, Refusal, VoucherApplied


@dataclass(frozen=True, slots=True)
class Refused:
    """The attempt cannot become the order; `codes` and `reward_id` are what it asked for besides
    what is refused."""

    error: HoldRefusedError
    refusal: Refusal
    codes: tuple[str, ...]
    reward_id: str | None


class Holding:
    """Asks `vouchers` and `bonus` to hold what an attempt is to be ordered with."""

    def __init__(self, vouchers: Vouchers, bonus: Bonus) -> None:
        self._vouchers = vouchers
        self._bonus = bonus

    async def hold(
        self, buyer: Buyer, asked: HoldsAsked, attempt: Attempt, lines: Sequence[OrderLine]
    ) -> Discounts | Refused:
        """Hold all that was asked for, for the attempt, or tell what of it is refused.

        Raises AttemptOverError when the cart has to be priced again, and UnavailableError.
        """
        vouchers: tuple[VoucherApplied, ...] = ()
        if asked.codes:
            try:
                vouchers = await self._vouchers.hold(buyer, attempt, asked.codes, lines)
            except HoldRefusedError as error:
                return without_code(asked, error)
        if asked.reward_id is None:
            return Discounts(vouchers)
        try:
            left = with_vouchers(lines, vouchers)
            reward = await self._bonus.hold(buyer, attempt, asked.reward_id, left)
        except HoldRefusedError as error:
            return without_reward(asked, error)
        return Discounts(vouchers, reward)


def without_code(asked: HoldsAsked, error: HoldRefusedError) -> Refused:
    """Raises AttemptOverError. A refusal that names none of the codes is taken for the last's."""
    go_on(error)
    code = error.offered if error.offered in asked.codes else asked.codes[-1]
    error.facts = {**error.facts, "voucher_code": code}
    left = tuple(one for one in asked.codes if one != code)
    refusal = Refusal(code, error.code, error.detail, "voucher")
    return Refused(error, refusal, left, asked.reward_id)


def without_reward(asked: HoldsAsked, error: HoldRefusedError) -> Refused:
    """Raises AttemptOverError."""
    go_on(error)
    refusal = Refusal(error.offered, error.code, error.detail, "reward")
    return Refused(error, refusal, asked.codes, None)


def go_on(error: HoldRefusedError) -> None:
    """Raises AttemptOverError if that is the refusal."""
    if error.code == AttemptOverError.code:
        raise AttemptOverError from error
