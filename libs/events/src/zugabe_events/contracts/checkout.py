"""What checkout tells the other services. Topic: `checkout`."""

from typing import ClassVar

from zugabe_events.domain.event import Event, Fact, Instant, Personal

USUAL_PORT = 8105


class OrderLine(Fact, frozen=True):
    """One position; all amounts are net cents. The discounts are this line's shares of them."""

    number: int
    article: str
    product_group: str
    brand: str
    quantity: int
    unit_cents: int
    net_cents: int
    voucher_cents: int = 0
    reward_cents: int = 0


class VoucherApplied(Fact, frozen=True):
    """A voucher that reduced an order, with everything that decided how much.

    `shares` are cents by line, in the order of the lines; `streams` are the histories in which
    `vouchers` keeps the hold.
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
    """A reward that reduced an order: `points` bought a discount on what was left to pay."""

    hold_id: str
    reward_id: str
    title: str
    points: int
    base_cents: int
    discount_cents: int
    shares: tuple[int, ...]
    streams: tuple[str, ...]
    explanation: str


class Refusal(Fact, frozen=True):
    """What was offered and refused, and why; `code` is stable, `detail` is for people (CH-4)."""

    offered: str
    code: str
    detail: str


class Person(Fact, frozen=True):
    """Who ordered, as far as the identity provider told; sealed with his own key."""

    name: Personal
    email: Personal


class HoldsAsked(Event, frozen=True):
    """A checkout asks for a voucher use, a reward or both, to be held until its fate is known.

    `attempt` counts from 1; a hold is named by (order, attempt). After `deadline` checkout's own
    timer lets the attempt lapse. `refused` is what earlier attempts of the same cart were refused
    and this one asks for no more.
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


class VoucherTakenOff(Event, frozen=True):
    """An attempt ended without an order: its voucher use is free again."""

    stored_as: ClassVar[str] = "voucher-taken-off"

    order_id: str
    dealer: str
    customer: str
    user: str
    attempt: int
    deadline: Instant
    reason: str


class RewardTakenOff(Event, frozen=True):
    """An attempt ended without an order: its reward is free again."""

    stored_as: ClassVar[str] = "reward-taken-off"

    order_id: str
    dealer: str
    customer: str
    user: str
    attempt: int
    deadline: Instant
    reason: str


class CheckoutLapsed(Event, frozen=True):
    """An attempt ran past its deadline: everything it held is free again (X-1)."""

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
    """A checkout became an order, with everything it was priced with, and why (N-4).

    `placed_at` is business time: it decides validity, first orders and pending periods; an
    imported order (X-30) has it in the past. `net_cents` is what is left to pay.
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
    """An order is undone as a whole; all it caused is taken back (X-2).

    The amounts are those of the order, for sums that leave cancelled orders out.
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
    """A block of a dealer's order numbers belongs to one process; unused ones stay gaps."""

    stored_as: ClassVar[str] = "order-numbers-reserved"

    dealer: str
    first: int
    count: int


class PersonRestricted(Event, frozen=True):
    """A user's erasure was asked for, and the law keeps records of him until `until` (X-19)."""

    stored_as: ClassVar[str] = "person-restricted"

    dealer: str
    user: str
    until: Instant


class PersonErased(Event, frozen=True):
    """The key to a user's personal data is gone; whoever keeps more about him follows (X-15)."""

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
