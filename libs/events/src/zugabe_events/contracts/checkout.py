"""Events that checkout publishes on the topic `checkout`."""

from decimal import Decimal
from typing import ClassVar, Literal

from zugabe_events.contracts.catalog_shops import ArticleFlag, TaxClass
from zugabe_events.domain.event import Event, Fact, Instant, Personal
from zugabe_events.domain.gifts import GiftMode

USUAL_PORT = 8105

OWN_SETTINGS = frozenset(
    {
        "ZUGABE_HOLD_SECONDS",
        "ZUGABE_PRICE_DELAY_SECONDS",
        "ZUGABE_VAT_RATES",
    }
)
"""Variables that only this service reads, and all processes may be given."""


type LinePriceSource = Literal["caller", "list", "dealer", "agreed"]
"""The origin of a price: caller, central list, dealer, or agreement with the customer (Q34)."""

type Exclusion = Literal["vouchers", "rewards", "points", "gifts", "thresholds"]
"""A benefit that a line has no part in, or the values that thresholds are compared with."""

type Moment = Literal["placed", "confirmed", "shipped", "return-period-over"]
"""The state of an order from which on what it earned can be used."""

type ClawBack = Literal["keep", "charge"]
"""Fate of the uses of a voucher whose order is cancelled: kept, or to be charged."""

# Terms of sale: of a dealer, and of their customers.


class ShippingTerms(Fact, frozen=True):
    """Net cost of shipping to a country (ISO 3166, two letters), free from a net value of goods.

    `free_from_cents` is None where shipping is never free.
    """

    country: str
    cost_cents: int
    free_from_cents: int | None = None


class SalesTerms(Fact, frozen=True):
    """A dealer's terms of sale. Without `shipping` delivery is free, else only to its countries.

    What an order of at least `earning_minimum_cents` of goods earns can be used from `points_on`
    and `vouchers_on` on. `claw_back` says what becomes of a voucher that was used when the order
    that earned it is cancelled: it is kept, or its discount is to be charged.

    Users cancel until their order is confirmed or shipped, and return within `return_days` after
    delivery, or after shipping where delivery is not told; None: only staff do. A full return is
    a cancellation if `full_return_cancels`. Gifts that a return leaves without their limit are
    taken back or kept. Submitted orders wait `approval_days`. Orders and sums of a user's day in
    Berlin above `review_order_cents` and `review_day_cents` wait for the dealer's staff; None: none
    do. `alarm_after_cancellations` of a user within 30 days are noticed.
    """

    shipping: tuple[ShippingTerms, ...] = ()
    points_on: Moment = "placed"
    vouchers_on: Moment = "placed"
    earning_minimum_cents: int = 0
    claw_back: ClawBack = "keep"
    buyers_cancel_until: Literal["confirmed", "shipped"] = "shipped"
    return_days: int | None = 14
    full_return_cancels: bool = True
    gifts_below_limit: Literal["kept", "taken-back"] = "kept"
    approval_days: int = 14
    review_order_cents: int | None = None
    review_day_cents: int | None = None
    alarm_after_cancellations: int | None = 5


class SalesTermsSet(Event, frozen=True):
    """A dealer's terms of sale, in force from `effective_at` on for orders placed since (X-40)."""

    stored_as: ClassVar[str] = "sales-terms-set"

    dealer: str
    version: int
    terms: SalesTerms
    effective_at: Instant


type ApprovalRule = Literal["none", "always", "above"]


class CustomerTermsSet(Event, frozen=True):
    """Orders of a customer's users that need approval: none, all, or those above a net value."""

    stored_as: ClassVar[str] = "customer-terms-set"

    dealer: str
    customer: str
    version: int
    approval: ApprovalRule
    above_cents: int
    effective_at: Instant


class CatalogueLine(Fact, frozen=True):
    """The catalogue's data of a line at the time of the order.

    The price is `price_amount` in euro for `price_quantity` units, in the version `price_version`
    of the prices of the line's `price_source`. `groups` are all of the article's with those above
    them; groups and brands are ids. `tenant` is the dealer, or `central`, whose article it is.
    """

    name: str
    brand_name: str
    groups: tuple[str, ...]
    media: tuple[str, ...]
    tax: TaxClass
    flags: tuple[ArticleFlag, ...]
    price_amount: Decimal
    price_quantity: int
    price_version: int
    tenant: str


class OrderLine(Fact, frozen=True):
    """One line of an order, in net cents.

    `net_cents` is the value before discounts; `voucher_cents` and `reward_cents` are this line's
    shares of the discounts. At a price of the caller, `net_cents` is the quantity times
    `unit_cents`, and `brand` and `product_group` are what the caller says. A line that the
    catalogue priced is rounded half up once, for `net_cents`; its `unit_cents` is the price of one
    unit, rounded, and not to be multiplied. `brand` and `product_group` are then ids, the latter of
    the article's first group.

    `excluded` names what the line has no part in, by flags of the article and terms of the customer
    (X-24, X-25). `tax_cents` is the line's share of the VAT at `tax_rate` basis points.
    """

    number: int
    article: str
    product_group: str
    brand: str
    quantity: int
    unit_cents: int
    net_cents: int
    voucher_cents: int = 0
    reward_cents: int = 0
    price_source: LinePriceSource = "caller"
    from_catalogue: CatalogueLine | None = None
    excluded: tuple[Exclusion, ...] = ()
    tax_rate: int = 0
    tax_cents: int = 0


class VoucherApplied(Fact, frozen=True):
    """A voucher that reduced an order, with everything that the discount was calculated from.

    `base_cents` is the amount that the discount was calculated on. `shares` splits the discount
    into cents by order line, in their order. `streams` are the streams of `vouchers` that keep the
    hold.
    """

    hold_id: str
    campaign_id: str
    campaign_version: int
    code: str
    discount_type: str
    base_cents: int
    discount_cents: int
    shares: tuple[int, ...]
    free_shipping: bool
    streams: tuple[str, ...]
    explanation: str


class VoucherShare(Fact, frozen=True):
    """The part of a voucher's effect on an order that a cancellation or return takes back.

    `shipping_cents` is the net cost of shipping that it had saved. The shares of all returns add up
    to the whole (X-3); that of a voucher combined with others may be a cent below zero.
    """

    campaign_id: str
    code: str
    discount_cents: int
    shipping_cents: int = 0


class RewardApplied(Fact, frozen=True):
    """A reward that reduced an order: `points` bought a discount on the amount left to pay.

    `base_cents` is that amount, after the voucher. `shares` splits the discount into cents by order
    line, in their order. `streams` are the streams of `bonus` that keep the hold.
    """

    hold_id: str
    reward_id: str
    title: str
    points: int
    base_cents: int
    discount_cents: int
    shares: tuple[int, ...]
    streams: tuple[str, ...]
    explanation: str


type OfferKind = Literal["voucher", "reward"]


class Refusal(Fact, frozen=True):
    """A voucher code or reward that was refused, with the reason (CH-4).

    `code` is stable, `detail` is a German sentence for people. `kind` says which of both `offered`
    is; earlier refusals leave it open.
    """

    offered: str
    code: str
    detail: str
    kind: OfferKind | None = None


class GiftLine(Fact, frozen=True):
    """A gift of an order: `pieces` of an article at 0,00 €, in no value and no threshold.

    `number` counts on from the lines. `gift` is what was configured, with its limit. `warehouse` is
    the tenant from whose warehouse it ships: the dealer, or `central` (GA-8).
    """

    number: int
    article: str
    name: str
    pieces: int
    gift: str
    limit_cents: int
    is_automatic: bool
    warehouse: str


class TaxShare(Fact, frozen=True):
    """A net amount at one VAT rate in basis points, and the tax on it, rounded half up (X-20)."""

    tax: TaxClass
    rate: int
    net_cents: int
    tax_cents: int


class ShippingCharged(Fact, frozen=True):
    """Net cost of shipping, split by the rates of the goods; `usual_cents` if it were not free."""

    country: str
    cost_cents: int
    usual_cents: int
    free_because: Literal["voucher", "value"] | None
    taxes: tuple[TaxShare, ...]


class Totals(Fact, frozen=True):
    """Amount to pay, with shipping: net, VAT by rate, and gross."""

    net_cents: int
    tax_cents: int
    gross_cents: int
    taxes: tuple[TaxShare, ...]


class Delivery(Fact, frozen=True):
    """`address` is the dealer's id of one of the customer's addresses, or ""."""

    country: str = "DE"
    address: str = ""


class Earning(Fact, frozen=True):
    """From when on what an order earns can be used, and what becomes of it if it is cancelled.

    As in the terms of sale at the time of the order (X-40).
    """

    points_on: Moment = "placed"
    vouchers_on: Moment = "placed"
    minimum_cents: int = 0
    claw_back: ClawBack = "keep"


class AfterSales(Fact, frozen=True):
    """Rules of cancelling and returning an order: terms of sale at the time of the order (X-40).

    `gift_mode` is that of the gifts which were offered with it.
    """

    buyers_cancel_until: Literal["confirmed", "shipped"] = "shipped"
    return_days: int | None = 14
    full_return_cancels: bool = True
    gifts_below_limit: Literal["kept", "taken-back"] = "kept"
    gift_mode: GiftMode = "per"
    alarm_after_cancellations: int | None = 5


type ApprovalNeed = Literal["customer", "order-value", "day-value"]
"""The reason for an approval. For `customer`, the customer's approvers decide; else the dealer."""


class Approval(Fact, frozen=True):
    """An approval of a submitted order for some of its needs, by a user or the dealer's staff.

    `has_changed` if they changed its lines, or accepted other prices than the submitted ones.
    """

    approver: str
    needs: tuple[ApprovalNeed, ...]
    submitted_at: Instant
    approved_at: Instant
    has_changed: bool = False


class Person(Fact, frozen=True):
    """The person who ordered, as named by the identity provider; encrypted with their own key.

    `salutation` is how a letter begins, such as `Sehr geehrter Herr Muster`; "" if it is unknown.
    """

    name: Personal
    email: Personal
    salutation: Personal = ""


class HoldsAsked(Event, frozen=True):
    """A checkout asks for holds on a voucher use, a reward or both, for one of its attempts.

    `attempt` counts from 1; order and attempt together identify a hold. After `deadline` checkout's
    own timer lets the attempt lapse. `refused` lists what earlier attempts of the same cart were
    refused and this one no longer asks for. `cart_hash` stands for what was asked for, `price_hash`
    for the lines that the holds were asked for, when their prices come from the catalogue.
    `more_codes` are those of further vouchers, combined with the first (X-31).
    """

    stored_as: ClassVar[str] = "holds-asked"

    order_id: str
    dealer: str
    customer: str
    user: str
    attempt: int
    voucher_code: str | None
    reward_id: str | None
    cart_hash: str
    deadline: Instant
    refused: tuple[Refusal, ...] = ()
    price_hash: str = ""
    more_codes: tuple[str, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """All of them, as they were typed."""
        return () if self.voucher_code is None else (self.voucher_code, *self.more_codes)


class VoucherTakenOff(Event, frozen=True):
    """An attempt ended without an order; the voucher use that it held is free again."""

    stored_as: ClassVar[str] = "voucher-taken-off"

    order_id: str
    dealer: str
    customer: str
    user: str
    attempt: int
    deadline: Instant
    reason: str


class RewardTakenOff(Event, frozen=True):
    """An attempt ended without an order; the reward that it held is free again."""

    stored_as: ClassVar[str] = "reward-taken-off"

    order_id: str
    dealer: str
    customer: str
    user: str
    attempt: int
    deadline: Instant
    reason: str


class CheckoutLapsed(Event, frozen=True):
    """An attempt passed its deadline; everything that it held is free again (X-1)."""

    stored_as: ClassVar[str] = "checkout-lapsed"

    order_id: str
    dealer: str
    customer: str
    user: str
    attempt: int
    deadline: Instant
    voucher_asked: bool
    reward_asked: bool


class PricedOrder(Event, frozen=True):
    """An order with everything that its price was calculated from (N-4).

    `placed_at` is business time: it decides about validity, first orders and pending periods, and
    lies in the past for an imported order (X-30). `net_cents` is the goods less all discounts;
    `totals`, which orders from before do not have, include shipping and VAT. `more_vouchers` were
    combined with `voucher`, which was applied first. `note` is the orderer's.
    """

    order_id: str
    order_number: str
    dealer: str
    customer: str
    user: str
    attempt: int
    lines: tuple[OrderLine, ...]
    goods_cents: int
    voucher: VoucherApplied | None
    reward: RewardApplied | None
    refused: tuple[Refusal, ...]
    net_cents: int
    explanation: tuple[str, ...]
    placed_at: Instant
    imported: bool
    orderer: Person | None = None
    more_vouchers: tuple[VoucherApplied, ...] = ()
    gifts: tuple[GiftLine, ...] = ()
    shipping: ShippingCharged | None = None
    totals: Totals | None = None
    delivery: Delivery = Delivery()
    note: Personal | None = None
    earning: Earning = Earning()
    after_sales: AfterSales = AfterSales()
    terms_version: int = 0

    @property
    def vouchers(self) -> tuple[VoucherApplied, ...]:
        """All that were applied, in that order."""
        return (self.voucher, *self.more_vouchers) if self.voucher else ()

    def shipping_saved_by(self, voucher: VoucherApplied) -> int:
        """Net cost of shipping that would have been charged but for one of the vouchers.

        Of several with free shipping, the first one saves it.
        """
        if self.shipping is None or self.shipping.free_because != "voucher":
            return 0
        first = next((other for other in self.vouchers if other.free_shipping), None)
        return self.shipping.usual_cents - self.shipping.cost_cents if voucher is first else 0


class OrderPlaced(PricedOrder, frozen=True):
    """A checkout became an order. `approvals` if it had been submitted (X-26)."""

    stored_as: ClassVar[str] = "order-placed"

    approvals: tuple[Approval, ...] = ()


class OrderSubmitted(PricedOrder, frozen=True, kw_only=True):
    """A checkout waits for approval, with what it holds, until `expires_at` (X-26).

    `needs` are those that no approval satisfies yet. It is submitted again, with the same attempt,
    when the first of several `approvals` is given. It has no order number yet, and `placed_at` is
    when it was submitted.
    """

    stored_as: ClassVar[str] = "order-submitted"

    expires_at: Instant
    needs: tuple[ApprovalNeed, ...]
    approvals: tuple[Approval, ...] = ()


class OfOrder(Event, frozen=True):
    """The order that an event is about."""

    order_id: str
    order_number: str
    dealer: str
    customer: str
    user: str


class ApprovalRequested(OfOrder, frozen=True):
    """An approver of the customer is told by mail that an order waits for them (X-26).

    `positions` and `net_cents`, after discounts, are those of the order; `orderer_name` is None if
    it is not known.
    """

    stored_as: ClassVar[str] = "approval-requested"

    attempt: int
    approver: str
    person: Person
    positions: int
    net_cents: int
    submitted_at: Instant
    expires_at: Instant
    orderer_name: Personal | None = None


type SubmissionOutcome = Literal["rejected", "withdrawn", "expired", "changed"]


class SubmissionEnded(OfOrder, frozen=True):
    """A submitted order will not be placed as it is; what it held is free again.

    `by` is who decided: an approver, or the orderer who withdrew it; "" for an expiry. The orderer
    is told by mail, if their address is known. `net_cents` is the value of the goods after
    discounts.
    """

    stored_as: ClassVar[str] = "submission-ended"

    attempt: int
    outcome: SubmissionOutcome
    by: str
    at: Instant
    submitted_at: Instant
    net_cents: int
    note: Personal | None = None
    orderer: Person | None = None


type CancelReason = Literal[
    "changed-mind",
    "ordered-twice",
    "wrong-article",
    "not-needed",
    "too-late",
    "not-available",
    "damaged",
    "wrong-delivery",
    "other",
]


class OrderCancelled(Event, frozen=True):
    """An order was cancelled as a whole; everything that it caused is reversed (X-2).

    The amounts are those of the order, for totals that exclude cancelled orders. `reason` is a
    `CancelReason`, or free text in events from before. It counts towards an alarm after
    `alarm_after_cancellations` of the user; None: it does not. `vouchers` are those of the order.
    """

    stored_as: ClassVar[str] = "order-cancelled"

    order_id: str
    order_number: str
    dealer: str
    customer: str
    user: str
    placed_at: Instant
    cancelled_at: Instant
    reason: str
    voucher_hold_id: str | None
    reward_hold_id: str | None
    goods_cents: int = 0
    net_cents: int = 0
    more_voucher_hold_ids: tuple[str, ...] = ()
    note: Personal | None = None
    alarm_after_cancellations: int | None = None
    vouchers: tuple[VoucherShare, ...] = ()


class OrderConfirmed(OfOrder, frozen=True):
    """The dealer accepted the order."""

    stored_as: ClassVar[str] = "order-confirmed"

    confirmed_at: Instant


class Shipped(Fact, frozen=True):
    """Pieces of a line or gift in a shipment."""

    number: int
    quantity: int


class OrderShipped(OfOrder, frozen=True):
    """A part of the order left the warehouse; `is_complete` with the last one.

    Without `lines`, all that had not left by then was taken back. `return_ends_at` is when the
    return period ends, if the order's earning waits for that and is not delivered before.
    """

    stored_as: ClassVar[str] = "order-shipped"

    shipment_id: str
    lines: tuple[Shipped, ...]
    is_complete: bool
    shipped_at: Instant
    return_ends_at: Instant | None = None


class OrderDelivered(OfOrder, frozen=True):
    """The whole order has arrived. `return_ends_at` as when it was shipped, from now on."""

    stored_as: ClassVar[str] = "order-delivered"

    delivered_at: Instant
    return_ends_at: Instant | None = None


class ReturnPeriodEnded(OfOrder, frozen=True):
    """The orderer can return nothing any more, as of `ended_at`."""

    stored_as: ClassVar[str] = "return-period-ended"

    ended_at: Instant


class ReturnedLine(Fact, frozen=True):
    """`quantity` of a line came back, of `ordered`, after `returned_before` in earlier returns.

    The amounts are exact shares of those that the order recorded: whatever the parts, they add up
    to the line's when all of it is back (X-3).
    """

    number: int
    quantity: int
    ordered: int
    returned_before: int
    net_cents: int
    voucher_cents: int
    reward_cents: int
    tax_cents: int


class OrderReturned(OfOrder, frozen=True):
    """Lines of an order came back, in part or as a whole (X-3).

    `goods_cents` is their value before discounts, `net_cents` after. `totals` is the amount to pay
    back: with the cost of shipping, `shipping_cents`, when nothing of the order is left. The totals
    of all returns then add up to the order's, by rate and in sum. `reward_cents_before` was given
    back by earlier returns, of the `reward_discount_cents` of the order. `gifts` are pieces that
    have to come back, or do not leave. `is_complete`: nothing of the order is left;
    `is_cancellation`: that counts as its cancellation. `unshipped`: the dealer took the lines back
    before they left. `vouchers` has the share of each voucher of the order.
    """

    stored_as: ClassVar[str] = "order-returned"

    return_id: str
    lines: tuple[ReturnedLine, ...]
    gifts: tuple[Shipped, ...]
    goods_cents: int
    net_cents: int
    totals: Totals
    reward_discount_cents: int
    reward_cents_before: int
    is_complete: bool
    is_cancellation: bool
    reason: CancelReason
    placed_at: Instant
    returned_at: Instant
    voucher_hold_ids: tuple[str, ...]
    reward_hold_id: str | None
    note: Personal | None = None
    shipping_cents: int = 0
    unshipped: bool = False
    vouchers: tuple[VoucherShare, ...] = ()


class CancellationCounted(Event, frozen=True):
    """A user's cancellation counts towards the alarm of the terms of sale."""

    stored_as: ClassVar[str] = "cancellation-counted"

    dealer: str
    user: str
    order_id: str
    cancelled_at: Instant


class CancellationsNoticed(Event, frozen=True):
    """A user cancelled so many orders within 30 days that somebody should look (S6)."""

    stored_as: ClassVar[str] = "cancellations-noticed"

    dealer: str
    customer: str
    user: str
    cancellations: int
    noticed_at: Instant


class ApproverNamed(Event, frozen=True):
    """A user approves orders of their customer, and is told by mail when one waits (X-26)."""

    stored_as: ClassVar[str] = "approver-named"

    dealer: str
    customer: str
    user: str
    person: Person


class ApproverRemoved(Event, frozen=True):
    """A user does not approve orders of their customer any more."""

    stored_as: ClassVar[str] = "approver-removed"

    dealer: str
    customer: str
    user: str


class CartItem(Fact, frozen=True):
    """An article of a cart; a quantity of 0 takes it out."""

    article: str
    quantity: int


class ChosenGift(Fact, frozen=True):
    gift: str
    pieces: int


class CartChanged(Event, frozen=True):
    """A cart on the server changed, to version `version`; None and () are unchanged parts.

    `lines` are those that changed. `codes`, `gifts` and `removed_gifts` replace what was there;
    a `reward_id` of "" takes the reward out. An anonymous cart has no user and a `key_hash`, by
    which its holder is recognised. `joined` is the anonymous cart whose content was added.
    """

    stored_as: ClassVar[str] = "cart-changed"

    order_id: str
    dealer: str
    customer: str
    user: str
    version: int
    changed_at: Instant
    lines: tuple[CartItem, ...] = ()
    codes: tuple[str, ...] | None = None
    reward_id: str | None = None
    gifts: tuple[ChosenGift, ...] | None = None
    removed_gifts: tuple[str, ...] | None = None
    delivery: Delivery | None = None
    note: Personal | None = None
    key_hash: str = ""
    joined: str = ""


class CartClosed(Event, frozen=True):
    """An anonymous cart was joined to that of a user and cannot be changed any more."""

    stored_as: ClassVar[str] = "cart-closed"

    order_id: str
    dealer: str
    joined_to: str


class OrderNumbersReserved(Event, frozen=True):
    """A block of a dealer's order numbers belongs to one process; unused numbers remain gaps."""

    stored_as: ClassVar[str] = "order-numbers-reserved"

    dealer: str
    first: int
    count: int


class PersonRestricted(Event, frozen=True):
    """Erasure of a user was requested; the law requires records until `until` (X-19)."""

    stored_as: ClassVar[str] = "person-restricted"

    dealer: str
    user: str
    until: Instant


class PersonErased(Event, frozen=True):
    """The key to a user's personal data was deleted (X-15).

    Consumers that store more about the user erase it as well.
    """

    stored_as: ClassVar[str] = "person-erased"

    dealer: str
    user: str


type CartEvent = CartChanged | CartClosed
type TermsEvent = SalesTermsSet | CustomerTermsSet | ApproverNamed | ApproverRemoved
type OrderStep = (
    OrderSubmitted
    | ApprovalRequested
    | SubmissionEnded
    | OrderConfirmed
    | OrderShipped
    | OrderDelivered
    | ReturnPeriodEnded
    | OrderReturned
)
type ConductEvent = CancellationCounted | CancellationsNoticed

type CheckoutEvent = (
    HoldsAsked
    | VoucherTakenOff
    | RewardTakenOff
    | CheckoutLapsed
    | OrderPlaced
    | OrderCancelled
    | OrderStep
    | CartEvent
    | TermsEvent
    | ConductEvent
    | OrderNumbersReserved
    | PersonRestricted
    | PersonErased
)
