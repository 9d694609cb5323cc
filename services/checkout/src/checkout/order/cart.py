"""A cart, and the hash that recognises the same cart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import msgspec

from checkout.gift.choice import GiftWish
from checkout.order.terms import after_sales_of, earning_of
from checkout.peer.ports import Buyer
from checkout.pricing.changes import QuoteChangedError, changes_since
from checkout.pricing.discounts import Discounts
from checkout.pricing.goods import CartLine, Goods, WantedLine
from checkout.pricing.price import NO_WISH, USUAL_DELIVERY, PricedCart, Wishes, priced
from checkout.pricing.promise import Promise
from checkout.pricing.tax import NONE_NAMED
from checkout.pricing.vat_rates import VatRates
from zugabe_events.contracts.catalog_shops import TaxClass
from zugabe_events.contracts.checkout import (
    Delivery,
    HoldsAsked,
    OrderPlaced,
    Person,
    Refusal,
)


@dataclass(frozen=True, slots=True)
class Cart:
    """`lines` are at prices of the caller, `wanted` at those of the catalogue: one of both.

    `codes` are of vouchers, as they were typed, none of them twice. `taxes` has the classes of
    `lines`, by number, where the caller names one. `note` is sealed. `imported`: placed in the
    past. `without_refused`: order without what is refused. `cart_version` is that of the cart on
    the server that is ordered, if it is one. `promise` is the quote that has to be kept.
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
    gifts: GiftWish = NO_WISH
    delivery: Delivery = USUAL_DELIVERY
    taxes: Mapping[int, TaxClass] = NONE_NAMED
    note: str | None = None
    promise: Promise | None = None

    @property
    def wants_holds(self) -> bool:
        return bool(self.codes) or self.reward_id is not None

    @property
    def quoted(self) -> Mapping[str, int]:
        """The versions of campaigns that the promise has shown."""
        vouchers = self.promise.vouchers if self.promise else ()
        return {voucher.campaign_id: voucher.version for voucher in vouchers}

    @property
    def hash(self) -> str:
        """Equal for carts that ask for the same, whatever the catalogue says that it costs.

        The time of ordering counts only for imported orders, since a retry comes later. Orderer and
        note do not: they are sealed, each time differently, and nothing is held for them.
        """
        more = {
            "codes": self.codes[1:],
            "gifts": self.gifts.chosen,
            "removed": sorted(self.gifts.removed),
            "delivery": self.delivery if self.delivery != USUAL_DELIVERY else None,
            "taxes": sorted(self.taxes.items()),
        }
        content = (
            self.buyer.customer,
            self.buyer.user,
            self.lines,
            self.codes[0] if self.codes else None,
            self.reward_id,
            self.without_refused,
            self.buyer.placed_at if self.imported else None,
            *([self.wanted] if self.wanted else ()),
            *([asked] if (asked := {name: part for name, part in more.items() if part}) else ()),
        )
        return sha256(msgspec.json.encode(content)).hexdigest()

    def price(
        self, goods: Goods, discounts: Discounts, vat_rates: VatRates, notes: Sequence[str] = ()
    ) -> PricedCart:
        """`notes` are sentences about what is not used.

        Raises UnfitDiscountError when a discount was made for other lines.
        """
        delivery = None if self.imported else self.delivery
        wishes = Wishes(self.gifts, delivery, self.taxes)
        return priced(goods, discounts, wishes, self.buyer.placed_at, vat_rates, notes)

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
        discounts: Discounts,
        vat_rates: VatRates,
        attempt: int,
        refused: Sequence[Refusal] = (),
    ) -> OrderPlaced:
        """The order, which has no number yet.

        Raises UnfitDiscountError when a discount was made for other lines, QuoteChangedError when
        it breaks a promise, and refusals of gifts and of the country.
        """
        priced = self.price(goods, discounts, vat_rates, [self._not_used(one) for one in refused])
        priced.check()
        if self.promise and (changes := changes_since(self.promise, priced)):
            raise QuoteChangedError(changes)
        return OrderPlaced(
            order_id=self.order_id,
            order_number="",
            dealer=self.buyer.dealer,
            customer=self.buyer.customer,
            user=self.buyer.user,
            attempt=attempt,
            lines=priced.lines,
            goods_cents=priced.goods_cents,
            voucher=discounts.vouchers[0] if discounts.vouchers else None,
            more_vouchers=discounts.vouchers[1:],
            reward=discounts.reward,
            refused=tuple(refused),
            net_cents=priced.net_cents,
            explanation=priced.explanation,
            placed_at=self.buyer.placed_at,
            imported=self.imported,
            orderer=self.orderer,
            gifts=priced.gifts,
            shipping=priced.shipping_charged,
            totals=priced.totals,
            delivery=self.delivery,
            note=self.note,
            earning=earning_of(priced.sale),
            after_sales=after_sales_of(priced.sale),
            terms_version=priced.sale.terms_version,
        )

    def _not_used(self, refusal: Refusal) -> str:
        kind = refusal.kind or ("reward" if refusal.offered == self.reward_id else "voucher")
        offer = "Die Prämie" if kind == "reward" else f"Der Gutschein „{refusal.offered}“"
        return f"{offer} wurde nicht eingelöst: {refusal.detail}"
