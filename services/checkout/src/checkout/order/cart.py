"""A cart, and the hash that recognises the same cart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import msgspec

from checkout.peer.ports import Buyer
from checkout.pricing.goods import CartLine, Goods, WantedLine
from checkout.pricing.price import price
from zugabe_events.contracts.checkout import (
    HoldsAsked,
    OrderPlaced,
    Person,
    Refusal,
    RewardApplied,
    VoucherApplied,
)


@dataclass(frozen=True, slots=True)
class Cart:
    """`lines` are at prices of the caller, `wanted` at those of the catalogue: one of both.

    `codes` are of vouchers, as they were typed, none of them twice.
    `imported`: placed in the past. `without_refused`: order without what is refused.
    `cart_version` is that of the cart on the server that is ordered, if it is one.
    """

    order_id: str
    buyer: Buyer
    lines: tuple[CartLine, ...]
    codes: tuple[str, ...]
    reward_id: str | None
    wanted: tuple[WantedLine, ...] = ()
    imported: bool = False
    without_refused: bool = False
    orderer: Person | None = None
    cart_version: int | None = None

    @property
    def wants_holds(self) -> bool:
        return bool(self.codes) or self.reward_id is not None

    @property
    def hash(self) -> str:
        """Equal for carts that ask for the same, whatever the catalogue says that it costs.

        The time of ordering counts only for imported orders, since a retry comes later.
        """
        content = (
            self.buyer.customer,
            self.buyer.user,
            self.lines,
            self.codes[0] if self.codes else None,
            self.reward_id,
            self.without_refused,
            self.buyer.placed_at if self.imported else None,
            *([self.wanted] if self.wanted else ()),
            *([{"codes": self.codes[1:]}] if self.codes[1:] else ()),
        )
        return sha256(msgspec.json.encode(content)).hexdigest()

    def holds(
        self,
        goods: Goods,
        attempt: int,
        deadline: datetime,
        *,
        codes: Sequence[str],
        reward_id: str | None,
        refused: Sequence[Refusal] = (),
    ) -> HoldsAsked:
        return HoldsAsked(
            order_id=self.order_id,
            dealer=self.buyer.dealer,
            customer=self.buyer.customer,
            user=self.buyer.user,
            attempt=attempt,
            voucher_code=codes[0] if codes else None,
            more_codes=tuple(codes[1:]),
            reward_id=reward_id,
            cart_hash=self.hash,
            deadline=deadline,
            refused=tuple(refused),
            price_hash=goods.price_hash,
        )

    def order(
        self,
        goods: Goods,
        attempt: int,
        refused: Sequence[Refusal] = (),
        vouchers: Sequence[VoucherApplied] = (),
        reward: RewardApplied | None = None,
    ) -> OrderPlaced:
        """The order, which has no number yet.

        Raises UnfitDiscountError when a discount was made for other lines.
        """
        priced = price(
            goods.lines, vouchers, reward, [self._not_used(refusal) for refusal in refused]
        )
        return OrderPlaced(
            order_id=self.order_id,
            order_number="",
            dealer=self.buyer.dealer,
            customer=self.buyer.customer,
            user=self.buyer.user,
            attempt=attempt,
            lines=priced.lines,
            goods_cents=priced.goods_cents,
            voucher=vouchers[0] if vouchers else None,
            more_vouchers=tuple(vouchers[1:]),
            reward=reward,
            refused=tuple(refused),
            net_cents=priced.net_cents,
            explanation=priced.explanation,
            placed_at=self.buyer.placed_at,
            imported=self.imported,
            orderer=self.orderer,
        )

    def _not_used(self, refusal: Refusal) -> str:
        kind = refusal.kind or ("reward" if refusal.offered == self.reward_id else "voucher")
        offer = "Die Prämie" if kind == "reward" else f"Der Gutschein „{refusal.offered}“"
        return f"{offer} wurde nicht eingelöst: {refusal.detail}"
