"""What is in force for a buyer at an instant, besides prices (X-40)."""

from dataclasses import dataclass

from checkout.gift.offer import GiftOffer
from zugabe_events.contracts.catalog_shops import Benefit
from zugabe_events.contracts.checkout import AfterSales, ApprovalRule, Earning, SalesTerms

NO_TERMS = SalesTerms()
NO_GIFTS = GiftOffer()


@dataclass(frozen=True, slots=True)
class Sale:
    """`Sale()` is a sale for which nothing was configured.

    `terms` are the dealer's in version `terms_version`; 0: they never set any. `approval` is the
    customer's rule, with the net value for `above`. `excluded` is what the customer takes no part
    in (X-25); `gifts` is empty for one who gets none. `vouchers_run`: a campaign of the dealer can
    be used on that day (CH-1). `second_purchase_runs`: first orders may earn a voucher (CH-8).
    """

    terms: SalesTerms = NO_TERMS
    terms_version: int = 0
    approval: ApprovalRule = "none"
    approval_above_cents: int = 0
    gifts: GiftOffer = NO_GIFTS
    excluded: frozenset[Benefit] = frozenset()
    vouchers_run: bool = False
    second_purchase_runs: bool = False

    @property
    def earning(self) -> Earning:
        """What the terms say about what an order earns, as it records it."""
        terms = self.terms
        return Earning(
            points_on=terms.points_on,
            vouchers_on=terms.vouchers_on,
            minimum_cents=terms.earning_minimum_cents,
            claw_back=terms.claw_back,
        )

    @property
    def after_sales(self) -> AfterSales:
        """What the terms say about cancelling and returning, as an order records it."""
        terms = self.terms
        return AfterSales(
            buyers_cancel_until=terms.buyers_cancel_until,
            return_days=terms.return_days,
            full_return_cancels=terms.full_return_cancels,
            gifts_below_limit=terms.gifts_below_limit,
            gift_mode=self.gifts.mode,
            alarm_after_cancellations=terms.alarm_after_cancellations,
        )


NOTHING_CONFIGURED = Sale()
