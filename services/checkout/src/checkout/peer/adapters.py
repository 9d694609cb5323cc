"""Adapters that ask `vouchers` and `bonus` over HTTP."""

from collections.abc import Mapping, Sequence

from msgspec.structs import asdict

from checkout.peer.client import Peer, no_answer, reason_of
from checkout.peer.ports import Attempt, Buyer, RewardCheck, VoucherCheck
from zugabe_events.contracts import bonus, vouchers
from zugabe_events.contracts.bonus import RewardOffer
from zugabe_events.contracts.checkout import OrderLine, RewardApplied, VoucherApplied
from zugabe_events.contracts.vouchers import VoucherOffer
from zugabe_events.domain.event import Fact


def voucher_applied(offer: VoucherOffer) -> VoucherApplied:
    """A check holds nothing, so its answer names no hold."""
    return VoucherApplied(hold_id="", streams=(), **asdict(offer))


def reward_applied(offer: RewardOffer) -> RewardApplied:
    return RewardApplied(hold_id="", streams=(), **asdict(offer))


class HeldVouchers(Fact, frozen=True):
    """The answer of `vouchers` to a hold."""

    vouchers: tuple[VoucherApplied, ...]


class HttpVouchers(Peer):
    async def hold(
        self, buyer: Buyer, attempt: Attempt, code: str, lines: Sequence[OrderLine]
    ) -> VoucherApplied:
        body = {
            "codes": [code],
            **buyer_fields(buyer),
            "deadline": attempt.deadline,
            "lines": checked_lines(lines),
        }
        path = hold_of(buyer, attempt)
        answer = await self.ask("PUT", path, body, HeldVouchers, code, attempt.after)
        if len(answer.vouchers) != 1:
            raise no_answer()
        return answer.vouchers[0]

    async def check(
        self, buyer: Buyer, code: str, lines: Sequence[OrderLine], order_id: str | None
    ) -> VoucherCheck:
        path = ("dealers", buyer.dealer, "voucher-checks")
        body = {
            "codes": [code],
            **buyer_fields(buyer),
            "order_id": order_id,
            "lines": checked_lines(lines),
        }
        answer = await self.ask("POST", path, body, vouchers.VoucherCheck, code)
        voucher = voucher_applied(answer.vouchers[0]) if answer.vouchers else None
        return VoucherCheck(voucher, [reason_of(reason) for reason in answer.reasons])


class HttpBonus(Peer):
    async def hold(
        self, buyer: Buyer, attempt: Attempt, reward_id: str, lines: Sequence[OrderLine]
    ) -> RewardApplied:
        body = {
            "reward_id": reward_id,
            **buyer_fields(buyer),
            "deadline": attempt.deadline,
            "lines": checked_lines(lines),
        }
        path = hold_of(buyer, attempt)
        return await self.ask("PUT", path, body, RewardApplied, reward_id, attempt.after)

    async def check(
        self,
        buyer: Buyer,
        reward_id: str | None,
        lines: Sequence[OrderLine],
        order_id: str | None,
    ) -> RewardCheck:
        path = ("dealers", buyer.dealer, "reward-checks")
        body = {
            "reward_id": reward_id,
            **buyer_fields(buyer),
            "order_id": order_id,
            "lines": checked_lines(lines),
        }
        answer = await self.ask("POST", path, body, bonus.RewardCheck, reward_id or "")
        reward = reward_applied(answer.reward) if answer.usable and answer.reward else None
        reasons = [reason_of(reason) for reason in answer.reasons]
        return RewardCheck(reward, reasons, answer.available_points, answer.points_this_order)


def hold_of(buyer: Buyer, attempt: Attempt) -> Sequence[str]:
    return ("dealers", buyer.dealer, "holds", attempt.order_id, str(attempt.number))


def buyer_fields(buyer: Buyer) -> Mapping[str, object]:
    return {"customer": buyer.customer, "user": buyer.user, "placed_at": buyer.placed_at}


def checked_lines(lines: Sequence[OrderLine]) -> Sequence[Mapping[str, object]]:
    return [checked_line(line) for line in lines]


def checked_line(line: OrderLine) -> Mapping[str, object]:
    """A line as `http.cart_lines` describes it."""
    said = line.from_catalogue
    return {
        "number": line.number,
        "net_cents": line.net_cents,
        "article": line.article,
        "quantity": line.quantity,
        "brand": line.brand,
        "groups": said.groups if said else (line.product_group,),
        "media": said.media if said else (),
        "voucher_cents": line.voucher_cents,
        "excluded": line.excluded,
    }
