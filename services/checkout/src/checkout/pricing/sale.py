"""Rules in force for a buyer at an instant, besides prices (X-40)."""

from dataclasses import dataclass

from checkout.gift.offer import GiftOffer
from zugabe_events.contracts.catalog_shops import Benefit
from zugabe_events.contracts.checkout import ApprovalRule, SalesTerms

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


NOTHING_CONFIGURED = Sale()
