"""Ports to the catalogue for prices, and to `vouchers` and `bonus` for checks and holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from checkout.pricing.goods import CartLine, Goods, WantedLine
from zugabe_events.contracts.bonus import RewardChoice
from zugabe_events.contracts.checkout import OrderLine, RewardApplied, VoucherApplied
from zugabe_events.contracts.vouchers import OrderVouchers
from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.errors import Number, RefusedError
from zugabe_events.domain.views import Follower


@dataclass(frozen=True, slots=True)
class Buyer:
    """The buyer and the business time, which decides validity and available points."""

    dealer: str
    customer: str
    user: str
    placed_at: datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """The attempt of a checkout that something is held for, at least until `deadline`.

    `after` are events of checkout whose effects the hold has to see, such as the points of an
    earlier order. `quoted` are the versions of campaigns that the buyer was shown (X-17).
    """

    order_id: str
    number: int
    deadline: datetime
    after: Sequence[Token] = ()
    quoted: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reason:
    """The obstacle to using a voucher code or a reward, which is `offered`."""

    code: str
    detail: str
    facts: Mapping[str, Number]
    offered: str = ""


class HoldRefusedError(RefusedError):
    """`vouchers` or `bonus` refused, with its own code, sentence and numbers (CH-4)."""

    def __init__(self, offered: str, detail: str, code: str, **facts: Number) -> None:
        super().__init__(detail, code=code, **facts)
        self.offered = offered


@dataclass(frozen=True, slots=True)
class VoucherCheck:
    """Vouchers as they would apply to a cart, in that order, and every reason against the others
    (X-6)."""

    vouchers: tuple[VoucherApplied, ...]
    reasons: Sequence[Reason]


@dataclass(frozen=True, slots=True)
class RewardCheck:
    """The same for a reward, with the points that the user has and this cart would earn (CH-5), and
    the rewards to choose from (CH-6)."""

    reward: RewardApplied | None
    reasons: Sequence[Reason]
    available_points: int
    points_this_order: int
    rewards: Sequence[RewardChoice] = ()


class Prices(Follower, Protocol):
    async def goods(
        self,
        buyer: Buyer,
        wanted: Sequence[WantedLine],
        lines: Sequence[CartLine],
        *,
        past: bool = False,
        in_part: bool = False,
    ) -> Goods:
        """The lines at the prices of the instant at which the buyer orders, and the `Sale`.

        One of both has lines: `wanted` are priced by the catalogue, `lines` by the caller. A buyer
        who is not known yet has "" as customer and user. Orders that another system took in the
        `past` have no terms and gifts, and flags of articles count only at the catalogue's prices.

        Raises RefusedError with all that is against ordering them, and UnavailableError while
        prices are not current. `in_part`: lines that cannot be ordered are left out and listed in
        `Goods.refused`.
        """
        ...

    async def second_purchase_runs(self, buyer: Buyer) -> bool:
        """True if first orders may earn a voucher at the instant of the order (CH-8)."""
        ...


class Vouchers(Protocol):
    """All methods raise UnavailableError when there is no answer."""

    async def hold(
        self, buyer: Buyer, attempt: Attempt, codes: Sequence[str], lines: Sequence[OrderLine]
    ) -> tuple[VoucherApplied, ...]:
        """All of them, in the order in which they reduce the lines (X-31).

        Idempotent for one attempt. Raises HoldRefusedError, which names the code.
        """
        ...

    async def check(
        self,
        buyer: Buyer,
        codes: Sequence[str],
        lines: Sequence[OrderLine],
        order_id: str | None,
        after: Sequence[Token] = (),
    ) -> VoucherCheck:
        """Ignores what the checkout `order_id` itself holds."""
        ...

    async def after_order(
        self, buyer: Buyer, order_id: str, after: Sequence[Token]
    ) -> OrderVouchers:
        """The order's earnings and uses, once `vouchers` has heard of the events of `after`."""
        ...


class Bonus(Protocol):
    """Lines come with their share of the vouchers, which reduces the base of a reward (Q26)."""

    async def hold(
        self, buyer: Buyer, attempt: Attempt, reward_id: str, lines: Sequence[OrderLine]
    ) -> RewardApplied:
        """Idempotent for one attempt. Raises HoldRefusedError."""
        ...

    async def check(
        self,
        buyer: Buyer,
        reward_id: str | None,
        lines: Sequence[OrderLine],
        order_id: str | None,
        after: Sequence[Token] = (),
        *,
        earning_minimum_cents: int = 0,
    ) -> RewardCheck:
        """Ignores what the checkout `order_id` itself holds.

        Goods of less than `earning_minimum_cents` earn nothing (S6).
        """
        ...
