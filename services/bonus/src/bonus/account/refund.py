"""Points that come back, from a hold or a redeemed reward: debt first, then the right lots."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from bonus.account.lots import place_of
from bonus.account.state import Account
from zugabe_events.contracts.bonus import LotShare, RewardHeld, RewardReleased


def refund(
    points: int, shares: Sequence[LotShare], account: Account
) -> tuple[int, tuple[LotShare, ...]]:
    """The part of returning points that settles the debt, and the lots that take the rest.

    A lot whose order was reversed must not come back as an old one: other points, perhaps pending
    ones, have paid for its reversal. Its points mature with the youngest lot.
    """
    settled = min(account.owed, points)
    left = points - settled
    taking: dict[tuple[date, int], LotShare] = {}

    def give(lot: LotShare, amount: int) -> None:
        before = taking.get(place_of(lot))
        total = amount + (before.points if before else 0)
        taking[place_of(lot)] = msgspec.structs.replace(lot, points=total)

    for share in sorted(shares, key=place_of, reverse=True):  # the oldest points pay the debt
        amount = min(left, share.points)
        left -= amount
        if amount:
            give(revived(share, account), amount)
    if left and account.youngest:
        give(account.youngest, left)  # these were owed, and settled meanwhile
    return settled, tuple(taking[place] for place in sorted(taking))


def revived(lot: LotShare, account: Account) -> LotShare:
    booked = account.orders.get(lot.lot_id)
    reversed_ = booked is not None and booked.lot is None
    return account.youngest if reversed_ and account.youngest else lot


def released(hold: RewardHeld, ended_at: datetime, reason: str, account: Account) -> RewardReleased:
    settled, lots = refund(hold.points, hold.lots, account)
    return RewardReleased(
        hold_id=hold.hold_id,
        order_id=hold.order_id,
        attempt=hold.attempt,
        dealer=hold.dealer,
        user=hold.user,
        points=hold.points,
        settled=settled,
        lots=lots,
        deadline=hold.deadline,
        ended_at=ended_at,
        reason=reason,
    )
