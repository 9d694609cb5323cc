"""What somebody wants to buy, and how the same cart is known again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import msgspec

from checkout.order.ports import Buyer
from checkout.order.pricing import CartLine, price
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
    """`imported` orders lie in the past; `without_refused`: better without than not at all."""

    order_id: str
    buyer: Buyer
    lines: tuple[CartLine, ...]
    voucher_code: str | None
    reward_id: str | None
    imported: bool = False
    without_refused: bool = False
    orderer: Person | None = None

    @property
    def wants_holds(self) -> bool:
        return self.voucher_code is not None or self.reward_id is not None

    @property
    def hash(self) -> str:
        """Carts of one hash ask for the same.

        The moment of ordering does not count, since a retry comes later; an imported one does.
        """
        asked = (
            self.buyer.customer,
            self.buyer.user,
            self.lines,
            self.voucher_code,
            self.reward_id,
            self.without_refused,
            self.buyer.placed_at if self.imported else None,
        )
        return sha256(msgspec.json.encode(asked)).hexdigest()

    def holds(
        self,
        attempt: int,
        deadline: datetime,
        *,
        voucher_code: str | None,
        reward_id: str | None,
        refused: Sequence[Refusal] = (),
    ) -> HoldsAsked:
        return HoldsAsked(
            order_id=self.order_id,
            dealer=self.buyer.dealer,
            customer=self.buyer.customer,
            user=self.buyer.user,
            attempt=attempt,
            voucher_code=voucher_code,
            reward_id=reward_id,
            cart_hash=self.hash,
            deadline=deadline,
            refused=tuple(refused),
        )

    def order(
        self,
        number: str,
        attempt: int,
        refused: Sequence[Refusal] = (),
        voucher: VoucherApplied | None = None,
        reward: RewardApplied | None = None,
    ) -> OrderPlaced:
        """Raises UnfitDiscountError when a discount was made for other lines."""
        priced = price(self.lines, voucher, reward, refused)
        return OrderPlaced(
            order_id=self.order_id,
            order_number=number,
            dealer=self.buyer.dealer,
            customer=self.buyer.customer,
            user=self.buyer.user,
            attempt=attempt,
            lines=priced.lines,
            goods_cents=priced.goods_cents,
            voucher=voucher,
            reward=reward,
            refused=tuple(refused),
            net_cents=priced.net_cents,
            explanation=priced.explanation,
            placed_at=self.buyer.placed_at,
            imported=self.imported,
            orderer=self.orderer,
        )
