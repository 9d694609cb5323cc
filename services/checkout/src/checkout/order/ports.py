"""Whom a checkout asks: `vouchers` and `bonus`, for a quote without effect or for a hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from zugabe_events.contracts.checkout import OrderLine, RewardApplied, VoucherApplied
from zugabe_events.domain.errors import Number, RefusedError


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who buys, and when by business time: it decides validity and available points."""

    dealer: str
    customer: str
    user: str
    placed_at: datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """For which attempt of which checkout something is held, and until when at least."""

    order_id: str
    number: int
    deadline: datetime


@dataclass(frozen=True, slots=True)
class Reason:
    code: str
    detail: str
    facts: Mapping[str, Number]


class HoldRefusedError(RefusedError):
    """`vouchers` or `bonus` refused, with its own code, sentence and numbers (CH-4)."""

    def __init__(self, offered: str, detail: str, code: str, **facts: Number) -> None:
        super().__init__(detail, code=code, **facts)
        self.offered = offered


@dataclass(frozen=True, slots=True)
class VoucherCheck:
    """Would this voucher work for this cart; every reason if not (X-6)."""

    voucher: VoucherApplied | None
    reasons: Sequence[Reason]


@dataclass(frozen=True, slots=True)
class RewardCheck:
    """The same for a reward, with the points that the user has and this cart would earn (CH-5)."""

    reward: RewardApplied | None
    reasons: Sequence[Reason]
    available_points: int
    points_this_order: int


class Vouchers(Protocol):
    """Both raise UnavailableError when no answer is to be had."""

    async def hold(
        self, buyer: Buyer, attempt: Attempt, code: str, lines: Sequence[OrderLine]
    ) -> VoucherApplied:
        """Asking again for the same attempt is harmless. Raises HoldRefusedError."""
        ...

    async def check(
        self, buyer: Buyer, code: str, lines: Sequence[OrderLine], order_id: str | None
    ) -> VoucherCheck:
        """What the checkout `order_id` itself holds is no obstacle."""
        ...


class Bonus(Protocol):
    """Lines come with their share of the voucher, which reduces the base of a reward (Q26)."""

    async def hold(
        self, buyer: Buyer, attempt: Attempt, reward_id: str, lines: Sequence[OrderLine]
    ) -> RewardApplied:
        """Asking again for the same attempt is harmless. Raises HoldRefusedError."""
        ...

    async def check(
        self,
        buyer: Buyer,
        reward_id: str | None,
        lines: Sequence[OrderLine],
        order_id: str | None,
    ) -> RewardCheck:
        """What the checkout `order_id` itself holds is no obstacle."""
        ...
