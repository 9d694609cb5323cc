"""What bonus tells the other services. Topic: `bonus`."""

from datetime import date
from typing import ClassVar

from zugabe_events.domain.errors import Number
from zugabe_events.domain.event import Event, Fact, Instant

USUAL_PORT = 8104


class ProgrammeTerms(Fact, frozen=True):
    """How a dealer's programme gives points (BO-2, BO-14, BO-41, Q8).

    `points_per_euro` is a whole number from 1; a point is worth `point_value_cents`. Points count
    from `pending_days` after the order's day. Orders placed before `starts_on` earn nothing.
    """

    points_per_euro: int
    point_value_cents: int
    count_after_discounts: bool
    pending_days: int
    excluded_groups: tuple[str, ...]
    starts_on: date


class ProgrammeSetUp(Event, frozen=True):
    """A dealer set the terms of his programme; `version` counts from 1."""

    stored_as: ClassVar[str] = "programme-set-up"

    dealer: str
    version: int
    terms: ProgrammeTerms


class RewardAdded(Event, frozen=True):
    """Points can be exchanged for this discount in euro on an order (BO-1, BO-19).

    Said again of the same reward, it holds from then on instead of what was said before.
    """

    stored_as: ClassVar[str] = "reward-added"

    dealer: str
    version: int
    reward_id: str
    title: str
    points: int
    discount_cents: int


class PromotionAdded(Event, frozen=True):
    """Certain articles earn a multiple of the points for a time (BO-20).

    Empty `brands` or `product_groups` mean all; both must match. Days are inclusive. Said again
    of the same promotion, it holds from then on instead of what was said before.
    """

    stored_as: ClassVar[str] = "promotion-added"

    dealer: str
    version: int
    promotion_id: str
    title: str
    factor: int
    brands: tuple[str, ...]
    product_groups: tuple[str, ...]
    valid_from: date | None
    valid_until: date | None


class ProgrammeActivated(Event, frozen=True):
    """The programme is complete and runs (BO-10)."""

    stored_as: ClassVar[str] = "programme-activated"

    dealer: str
    version: int


class LinePoints(Fact, frozen=True):
    """The points of one position: whole euros of its base, times rate, times factor (BO-14)."""

    number: int
    base_cents: int
    points: int
    factor: int
    promotion_id: str | None


class LotShare(Fact, frozen=True):
    """Points of one lot, with all that places the lot among the others of its account.

    Debits take from the lot with the smallest (`active_from`, `ordinal`) first; with both in
    every share, a lot that was emptied and forgotten can be filled again.
    """

    lot_id: str
    points: int
    active_from: date
    ordinal: int


class PointsAccrued(Event, frozen=True):
    """An order earned a lot of points, which count from the day `active_from` on (BO-41).

    `settled` of them paid a negative balance; the lot holds the rest. `ordinal` counts the lots of
    an account from 1.
    """

    stored_as: ClassVar[str] = "points-accrued"

    lot_id: str
    ordinal: int
    order_id: str
    dealer: str
    customer: str
    user: str
    points: int
    settled: int
    active_from: date
    placed_at: Instant
    lines: tuple[LinePoints, ...]
    programme_version: int
    explanation: str


class RewardHeld(Event, frozen=True):
    """Points are set aside for an attempt of a checkout, named by lot (X-1).

    `base_cents` is what the voucher left to pay; `shares` are cents by line.
    """

    stored_as: ClassVar[str] = "reward-held"

    hold_id: str
    order_id: str
    attempt: int
    dealer: str
    customer: str
    user: str
    reward_id: str
    title: str
    points: int
    lots: tuple[LotShare, ...]
    base_cents: int
    discount_cents: int
    shares: tuple[int, ...]
    deadline: Instant
    programme_version: int
    explanation: str


class RewardRedeemed(Event, frozen=True):
    """Held points paid for a discount on an order.

    An order counts even when its hold is not known: then `unheld` points are taken from lots, and
    `owed` ones make the balance negative. Otherwise both are empty.
    """

    stored_as: ClassVar[str] = "reward-redeemed"

    hold_id: str
    order_id: str
    order_number: str
    dealer: str
    customer: str
    user: str
    reward_id: str
    points: int
    discount_cents: int
    redeemed_at: Instant
    unheld: tuple[LotShare, ...] = ()
    owed: int = 0


class RewardReleased(Event, frozen=True):
    """Held points are free again: their attempt ended without an order.

    `settled` of them paid a negative balance first; `lots` take the rest.
    """

    stored_as: ClassVar[str] = "reward-released"

    hold_id: str
    order_id: str
    attempt: int
    dealer: str
    user: str
    points: int
    settled: int
    lots: tuple[LotShare, ...]
    deadline: Instant
    ended_at: Instant
    reason: str


class RewardReturned(Event, frozen=True):
    """Points of a redeemed reward are given back, since its order was cancelled (X-2).

    `settled` of them paid a negative balance first; `lots` take the rest.
    """

    stored_as: ClassVar[str] = "reward-returned"

    hold_id: str
    order_id: str
    dealer: str
    user: str
    points: int
    settled: int
    lots: tuple[LotShare, ...]


class PointsReversed(Event, frozen=True):
    """The points of a cancelled order are taken back (X-2, X-4).

    `lots` gave what they had; `owed` is the rest, which makes the balance negative.
    """

    stored_as: ClassVar[str] = "points-reversed"

    lot_id: str
    order_id: str
    dealer: str
    user: str
    points: int
    lots: tuple[LotShare, ...]
    owed: int
    reason: str


class RewardAttemptEnded(Event, frozen=True):
    """An attempt ended before any points were held for it; a request that comes late is refused."""

    stored_as: ClassVar[str] = "reward-attempt-ended"

    order_id: str
    attempt: int
    dealer: str
    user: str
    deadline: Instant
    ended_at: Instant


class RewardOffer(Fact, frozen=True):
    """Discount of a reward on a cart, without a hold; `shares` are cents by line."""

    reward_id: str
    title: str
    points: int
    base_cents: int
    discount_cents: int
    shares: tuple[int, ...]
    explanation: str


class RewardCheck(Fact, frozen=True):
    """Answer to a check of a reward, with every reason against it (X-6).

    `reasons` have a stable `code`, a German `detail`, and the numbers that apply (X-7). The points
    are shown below the cart (CH-5).
    """

    usable: bool
    reasons: tuple[dict[str, Number], ...]
    available_points: int
    points_this_order: int
    reward: RewardOffer | None = None


type BonusEvent = (
    ProgrammeSetUp
    | RewardAdded
    | PromotionAdded
    | ProgrammeActivated
    | PointsAccrued
    | RewardHeld
    | RewardRedeemed
    | RewardReleased
    | RewardReturned
    | PointsReversed
    | RewardAttemptEnded
)
