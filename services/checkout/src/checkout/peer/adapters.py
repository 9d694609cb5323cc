"""Adapters that ask `vouchers` and `bonus` over HTTP."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from msgspec.structs import asdict

from checkout.peer.client import Peer, no_answer, reason_of
from checkout.peer.ports import (
    Attempt,
    Buyer,
    HoldRefusedError,
    RewardCheck,
    VoucherCheck,
)
from checkout.pricing.limits import MAX_CODES
from zugabe_events.contracts import bonus, vouchers
from zugabe_events.contracts.bonus import RewardOffer
from zugabe_events.contracts.checkout import OrderLine, RewardApplied, VoucherApplied
from zugabe_events.contracts.vouchers import OrderVouchers, VoucherOffer
from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.event import Fact
from zugabe_events.http.fields import ID_PATTERN

MAX_VERSION = 1_000_000


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
        self, buyer: Buyer, attempt: Attempt, codes: Sequence[str], lines: Sequence[OrderLine]
    ) -> tuple[VoucherApplied, ...]:
        body = {
            "codes": codes,
            **buyer_fields(buyer),
            "deadline": attempt.deadline,
            "lines": checked_lines(lines),
        }
        if quoted := quoted_versions(attempt):
            body["quoted"] = quoted
        path = hold_of(buyer, attempt)
        try:
            answer = await self.ask("PUT", path, body, HeldVouchers, codes[-1], attempt.after)
        except HoldRefusedError as refusal:
            refusal.offered = as_typed(refusal.offered, codes)
            raise
        if len(answer.vouchers) != len(codes):
            raise no_answer()
        return answer.vouchers

    async def check(
        self,
        buyer: Buyer,
        codes: Sequence[str],
        lines: Sequence[OrderLine],
        order_id: str | None,
        after: Sequence[Token] = (),
    ) -> VoucherCheck:
        path = ("dealers", buyer.dealer, "voucher-checks")
        body = {
            "codes": codes,
            **buyer_fields(buyer),
            "order_id": order_id,
            "lines": checked_lines(lines),
        }
        answer = await self.ask("POST", path, body, vouchers.VoucherCheck, codes[-1], after)
        reasons = [reason_of(reason, codes[-1]) for reason in answer.reasons]
        return VoucherCheck(
            tuple(map(voucher_applied, answer.vouchers)),
            [replace(reason, offered=as_typed(reason.offered, codes)) for reason in reasons],
        )

    async def after_order(
        self, buyer: Buyer, order_id: str, after: Sequence[Token]
    ) -> OrderVouchers:
        path = ("dealers", buyer.dealer, "users", buyer.user, "order-vouchers", order_id)
        return await self.ask("GET", path, None, OrderVouchers, order_id, after)


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
        after: Sequence[Token] = (),
        *,
        earning_minimum_cents: int = 0,
    ) -> RewardCheck:
        path = ("dealers", buyer.dealer, "reward-checks")
        body = {
            "reward_id": reward_id,
            **buyer_fields(buyer),
            "order_id": order_id,
            "lines": checked_lines(lines),
            "earning_minimum_cents": earning_minimum_cents,
        }
        offered = reward_id or ""
        answer = await self.ask("POST", path, body, bonus.RewardCheck, offered, after)
        reward = reward_applied(answer.reward) if answer.usable and answer.reward else None
        reasons = [reason_of(reason, offered) for reason in answer.reasons]
        return RewardCheck(
            reward, reasons, answer.available_points, answer.points_this_order, answer.rewards
        )


def as_typed(code: str, codes: Sequence[str]) -> str:
    """The one of `codes` that a refusal names; `vouchers` cuts off spaces around them."""
    return next((one for one in codes if one.strip() == code.strip()), code)


def quoted_versions(attempt: Attempt) -> Sequence[Mapping[str, object]]:
    """The promises that a buyer says a quote has shown, as far as they can be true."""
    found = [
        {"campaign_id": campaign_id, "version": version}
        for campaign_id, version in attempt.quoted.items()
        if re.fullmatch(ID_PATTERN, campaign_id) and 1 <= version <= MAX_VERSION
    ]
    return found[:MAX_CODES]


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
