"""Events that checkout publishes on the topic `checkout`."""

from decimal import Decimal
from typing import ClassVar, Literal

from zugabe_events.contracts.catalog_shops import ArticleFlag, TaxClass
from zugabe_events.domain.event import Event, Fact, Instant, Personal

USUAL_PORT = 8105

OWN_SETTINGS = frozenset(
    {
        "ZUGABE_HOLD_SECONDS",
        "ZUGABE_PRICE_DELAY_SECONDS",
    }
)
"""Variables that only this service reads, and all processes may be given."""


type LinePriceSource = Literal["caller", "list", "dealer", "agreed"]
"""The origin of a price: caller, central list, dealer, or agreement with the customer (Q34)."""


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


class Person(Fact, frozen=True):
    """The person who ordered, as named by the identity provider; encrypted with their own key."""

    name: Personal
    email: Personal


class HoldsAsked(Event, frozen=True):
    """A checkout asks for holds on a voucher use, a reward or both, for one of its attempts.

    `attempt` counts from 1; order and attempt together identify a hold. After `deadline` checkout's
    own timer lets the attempt lapse. `refused` lists what earlier attempts of the same cart were
    refused and this one no longer asks for. `cart_hash` stands for what was asked for, `price_hash`
    for the lines that the holds were asked for, when their prices come from the catalogue.
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


class OrderPlaced(Event, frozen=True):
    """A checkout became an order; contains everything that its price was calculated from (N-4).

    `placed_at` is business time: it decides about validity, first orders and pending periods, and
    lies in the past for an imported order (X-30). `net_cents` is the amount left to pay.
    """

    stored_as: ClassVar[str] = "order-placed"

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


class OrderCancelled(Event, frozen=True):
    """An order was cancelled as a whole; everything that it caused is reversed (X-2).

    The amounts are those of the order, for totals that exclude cancelled orders.
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


type CheckoutEvent = (
    HoldsAsked
    | VoucherTakenOff
    | RewardTakenOff
    | CheckoutLapsed
    | OrderPlaced
    | OrderCancelled
    | OrderNumbersReserved
    | PersonRestricted
    | PersonErased
)
