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

    Points of an order that were reversed must not come back as old ones: others, perhaps pending,
    have paid for their reversal. They mature with the youngest lot.
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
        own = min(amount, room_in(share, account))
        left -= own
        if own:
            give(share, own)
        if amount > own and account.youngest:
            left -= amount - own
            give(account.youngest, amount - own)
    if left and account.youngest:
        give(account.youngest, left)  # these were owed, and settled meanwhile
    return settled, tuple(taking[place] for place in sorted(taking))


def room_in(lot: LotShare, account: Account) -> int:
    """The number of the points that left a lot which may come back to it."""
    if origin := account.origins.of(lot):
        if not origin.taken_back:
            return lot.points
        return max(0, origin.points - origin.taken_back - account.lots.left_in(lot))
    booked = account.orders.get(lot.lot_id)
    if booked is None or not booked.is_reduced:
        return lot.points
    left = booked.lot.points if booked.lot else 0
    return max(0, left - account.lots.left_in(lot))


def released(hold: RewardHeld, ended_at: datetime, reason: str, account: Account) -> RewardReleased:
    """Of a user who has left since, the points are forfeited (BO-46)."""
    is_void = hold.hold_id in account.voided
    settled, lots = (0, ()) if is_void else refund(hold.points, hold.lots, account)
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
        forfeited=hold.points if is_void else 0,
        customer=hold.customer,
        pool=hold.pool,
    )
