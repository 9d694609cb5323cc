"""State of a placed order: what of it was shipped, came back, and can still be done with it.

The decider of attempts folds the same stream without it, so that placing costs nothing more.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from msgspec import structs

from checkout.fulfilment.shares import Amounts
from zugabe_events.contracts.checkout import (
    AfterSales,
    OrderReturned,
    OrderShipped,
    Totals,
    VoucherShare,
)
from zugabe_events.domain.event import Fact


class Head(Fact, frozen=True):
    """Fields that every event of a step has of its order."""

    order_id: str
    order_number: str
    dealer: str
    customer: str
    user: str

    @property
    def fields(self) -> dict[str, Any]:
        return structs.asdict(self)


class Pieces(Fact, frozen=True):
    """Pieces of a line or gift. `returned` ones include those `withdrawn` before they left."""

    ordered: int
    shipped: int = 0
    returned: int = 0
    withdrawn: int = 0

    @property
    def to_ship(self) -> int:
        return self.ordered - self.shipped - self.withdrawn

    @property
    def left(self) -> int:
        """Pieces of the order that are not returned."""
        return self.ordered - self.returned

    @property
    def out(self) -> int:
        """Pieces that left and did not come back."""
        return self.shipped + self.withdrawn - self.returned

    def after_shipping(self, pieces: int) -> "Pieces":
        return structs.replace(self, shipped=self.shipped + pieces)

    def after_return(self, pieces: int, withdrawn: int) -> "Pieces":
        return structs.replace(
            self, returned=self.returned + pieces, withdrawn=self.withdrawn + withdrawn
        )


class PlacedLine(Fact, frozen=True):
    """`counts_for_gifts`: its net value counts towards the limits of gifts.

    `voucher_shares` splits `voucher_cents` by the vouchers of the order.
    """

    net_cents: int
    voucher_cents: int
    reward_cents: int
    tax_cents: int
    tax_rate: int
    counts_for_gifts: bool
    pieces: Pieces
    voucher_shares: tuple[int, ...] = ()

    @property
    def amounts(self) -> Amounts:
        return Amounts(self.net_cents, self.voucher_cents, self.reward_cents, self.tax_cents)


class PlacedGift(Fact, frozen=True):
    """`limit_cents` is the net value from which on the order had it."""

    gift: str
    limit_cents: int
    pieces: Pieces


@dataclass(frozen=True, slots=True)
class NotPlaced:
    """`submitted_by`: the user whose order waits for approval; "" if none does."""

    submitted_by: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """Lines and gifts by number. `totals` is None for orders from before VAT. `vouchers` are whole.

    `return_ends_at` is the end of the return period, which begins with the first shipment and
    again with each that follows. `awaits_return_end`: what the order earned waits for it.
    `is_shipped`: all of it, as far as it was not taken back before.
    """

    head: Head
    placed_at: datetime
    imported: bool
    goods_cents: int
    net_cents: int
    shipping_cents: int
    totals: Totals | None
    voucher_hold_ids: tuple[str, ...]
    reward_hold_id: str | None
    reward_discount_cents: int
    after_sales: AfterSales
    awaits_return_end: bool
    lines: Mapping[int, PlacedLine]
    gifts: Mapping[int, PlacedGift]
    vouchers: tuple[VoucherShare, ...] = ()
    is_confirmed: bool = False
    is_shipped: bool = False
    is_delivered: bool = False
    shipments: Mapping[str, OrderShipped] = field(default_factory=dict)
    returns: Mapping[str, OrderReturned] = field(default_factory=dict)
    return_ends_at: datetime | None = None
    return_has_ended: bool = False

    @property
    def is_returned(self) -> bool:
        return all(line.pieces.left == 0 for line in self.lines.values())


@dataclass(frozen=True, slots=True)
class Cancelled:
    user: str


type Order = NotPlaced | Placed | Cancelled
