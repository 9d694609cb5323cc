"""Asking `vouchers` and `bonus` over HTTP, in the words of their routes."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from checkout.order.http_client import Peer, reason_of
from checkout.order.ports import Attempt, Buyer, RewardCheck, VoucherCheck
from zugabe_events.contracts.checkout import OrderLine, RewardApplied, VoucherApplied


class CheckedVoucher(msgspec.Struct):
    """A dry run holds nothing, so its answer names no hold."""

    campaign_id: str
    campaign_version: int
    code: str
    discount_type: str
    base_cents: int
    discount_cents: int
    shares: tuple[int, ...]
    free_shipping: bool
    explanation: str

    def applied(self) -> VoucherApplied:
        return VoucherApplied(hold_id="", streams=(), **msgspec.structs.asdict(self))


class CheckedReward(msgspec.Struct):
    reward_id: str
    title: str
    points: int
    base_cents: int
    discount_cents: int
    shares: tuple[int, ...]
    explanation: str

    def applied(self) -> RewardApplied:
        return RewardApplied(hold_id="", streams=(), **msgspec.structs.asdict(self))


class VoucherChecked(msgspec.Struct):
    usable: bool
    reasons: list[dict[str, Any]]
    voucher: CheckedVoucher | None = None


class RewardChecked(msgspec.Struct):
    usable: bool
    reasons: list[dict[str, Any]]
    available_points: int
    points_this_order: int
    reward: CheckedReward | None = None


class HttpVouchers(Peer):
    async def hold(
        self, buyer: Buyer, attempt: Attempt, code: str, lines: Sequence[OrderLine]
    ) -> VoucherApplied:
        body = {"code": code, **asker(buyer), "deadline": attempt.deadline, "lines": nets(lines)}
        return await self.ask("PUT", hold_of(buyer, attempt), body, VoucherApplied, code)

    async def check(
        self, buyer: Buyer, code: str, lines: Sequence[OrderLine], order_id: str | None
    ) -> VoucherCheck:
        path = ("dealers", buyer.dealer, "voucher-checks")
        body = {"code": code, **asker(buyer), "order_id": order_id, "lines": nets(lines)}
        told = await self.ask("POST", path, body, VoucherChecked, code)
        voucher = told.voucher.applied() if told.usable and told.voucher else None
        return VoucherCheck(voucher, [reason_of(reason) for reason in told.reasons])


class HttpBonus(Peer):
    async def hold(
        self, buyer: Buyer, attempt: Attempt, reward_id: str, lines: Sequence[OrderLine]
    ) -> RewardApplied:
        body = {
            "reward_id": reward_id,
            **asker(buyer),
            "deadline": attempt.deadline,
            "lines": nets(lines),
        }
        return await self.ask("PUT", hold_of(buyer, attempt), body, RewardApplied, reward_id)

    async def check(
        self,
        buyer: Buyer,
        reward_id: str | None,
        lines: Sequence[OrderLine],
        order_id: str | None,
    ) -> RewardCheck:
        path = ("dealers", buyer.dealer, "reward-checks")
        positions = [
            {
                "number": line.number,
                "product_group": line.product_group,
                "brand": line.brand,
                "net_cents": line.net_cents,
                "voucher_cents": line.voucher_cents,
            }
            for line in lines
        ]
        body = {
            "reward_id": reward_id,
            **asker(buyer),
            "order_id": order_id,
            "lines": positions,
        }
        told = await self.ask("POST", path, body, RewardChecked, reward_id or "")
        reward = told.reward.applied() if told.usable and told.reward else None
        reasons = [reason_of(reason) for reason in told.reasons]
        return RewardCheck(reward, reasons, told.available_points, told.points_this_order)


def hold_of(buyer: Buyer, attempt: Attempt) -> Sequence[str]:
    return ("dealers", buyer.dealer, "holds", attempt.order_id, str(attempt.number))


def asker(buyer: Buyer) -> Mapping[str, object]:
    return {"customer": buyer.customer, "user": buyer.user, "placed_at": buyer.placed_at}


def nets(lines: Sequence[OrderLine]) -> Sequence[Mapping[str, int]]:
    """What is left of each line after the voucher; before it, its net value."""
    return [
        {"number": line.number, "net_cents": line.net_cents - line.voucher_cents} for line in lines
    ]
