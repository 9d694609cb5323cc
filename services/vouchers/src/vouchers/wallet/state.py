"""State of a wallet: first orders, vouchers, and uses held and redeemed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import chain

from immutables import Map

from zugabe_events.contracts.checkout import ClawBack, Person
from zugabe_events.contracts.vouchers import (
    CampaignTerms,
    LimitKind,
    MailSender,
    OrderForgotten,
    OrderNoted,
    PastUsesImported,
    VoucherAttemptEnded,
    VoucherAwaited,
    VoucherClawedBack,
    VoucherGraceGranted,
    VoucherHeld,
    VoucherIssued,
    VoucherRedeemed,
    VoucherReleased,
    VoucherReturned,
    VoucherRevoked,
    VoucherUseLost,
)
from zugabe_events.domain.expiring_map import ExpiringMap

MAX_NOTED = 10
"""Earliest orders of a user that are remembered: enough to outlive cancellations (Q7)."""

ENDED_TTL = timedelta(days=1)
"""Time after its deadline for which an ended attempt is remembered; no request takes longer."""

type UseEvent = (
    VoucherHeld
    | VoucherRedeemed
    | VoucherReleased
    | VoucherReturned
    | VoucherUseLost
    | VoucherGraceGranted
    | VoucherAttemptEnded
)

type WalletEvent = (
    OrderNoted
    | OrderForgotten
    | VoucherIssued
    | VoucherAwaited
    | VoucherRevoked
    | VoucherClawedBack
    | PastUsesImported
    | UseEvent
)


@dataclass(frozen=True, slots=True, order=True)
class DatedOrder:
    """An order by its business time; the id breaks ties."""

    placed_at: datetime
    order_id: str


@dataclass(frozen=True, slots=True)
class IssuedVoucher:
    """`terms` and `valid_until` are those that it was issued with.

    `forfeit`: the order that earned it was cancelled, `by_return` of everything or not, so it is
    revoked once nothing uses it.
    """

    voucher_id: str
    campaign_id: str
    campaign_version: int
    order_id: str
    customer: str
    code: str
    terms: CampaignTerms
    valid_until: date
    recipient: Person | None
    forfeit: bool = False
    claw_back: ClawBack = "keep"
    order_number: str = ""
    sender: MailSender | None = None
    by_return: bool = False

    def is_lost_with(self, order_id: str) -> bool:
        """The cancellation of this order takes it back, unless something uses it (Q7)."""
        return self.order_id == order_id and not self.terms.outlasts_cancellation

    @property
    def is_charged(self) -> bool:
        """Its uses are charged, and there are no further ones."""
        return self.forfeit and self.claw_back == "charge"


@dataclass(frozen=True, slots=True)
class Redemption:
    hold_id: str
    campaign_id: str
    voucher_id: str | None
    customer: str
    limits: tuple[LimitKind, ...]
    discount_cents: int
    shipping_cents: int = 0
    from_budget: bool = False
    gives_back: bool = True
    unique_code: int | None = None
    order_number: str = ""
    campaign_version: int = 0
    code: str = ""
    title: str = ""
    recipient: Person | None = None


@dataclass(frozen=True, slots=True)
class Grace:
    """A use that was given back after the end of its campaign, by the hold that redeemed it."""

    hold_id: str
    campaign_id: str
    usable_until: date


@dataclass(frozen=True, slots=True)
class EndedAttempt:
    """The highest attempt of an order that is over."""

    attempt: int
    deadline: datetime


@dataclass(frozen=True, slots=True)
class Wallet:
    """`held`, `redeemed` and `ended` are by order, `issued` and `awaited` by voucher.

    An order holds and redeems several vouchers, each of another campaign, in the order in which
    they are applied. `graces` are by the hold that was returned. `used` counts what is redeemed, by
    campaign and by voucher: a user may have thousands. `past` has those of them that were made in
    the system before, by import and campaign. `revoked` are the campaigns whose voucher the user
    had and lost.
    """

    orders: tuple[DatedOrder, ...] = ()
    issued: Mapping[str, IssuedVoucher] = field(default_factory=dict)
    awaited: Mapping[str, VoucherAwaited] = field(default_factory=dict)
    held: Mapping[str, tuple[VoucherHeld, ...]] = field(default_factory=dict)
    redeemed: Map[str, tuple[Redemption, ...]] = field(default_factory=Map)
    used: Map[str, int] = field(default_factory=Map)
    ended: ExpiringMap[EndedAttempt] = field(default_factory=ExpiringMap)
    graces: Map[str, Grace] = field(default_factory=Map)
    past: Map[str, int] = field(default_factory=Map)
    revoked: frozenset[str] = frozenset()

    def voucher_of(self, campaign_id: str) -> IssuedVoucher | None:
        """The voucher that the user has from a second-purchase campaign."""
        vouchers = self.issued.values()
        return next((each for each in vouchers if each.campaign_id == campaign_id), None)

    def has_earned(self, campaign_id: str) -> bool:
        """The user has a voucher of the campaign, or will have one."""
        return self.voucher_of(campaign_id) is not None or any(
            each.campaign_id == campaign_id for each in self.awaited.values()
        )

    def uses(self, campaign_id: str, but_order: str | None) -> int:
        """Uses held and redeemed; attempts of `but_order` do not block each other."""
        own = self.redeemed.get(but_order, ()) if but_order else ()
        return (
            sum(
                hold.campaign_id == campaign_id and hold.order_id != but_order
                for hold in self.holds
            )
            + self.used.get(of_campaign(campaign_id), 0)
            - sum(use.campaign_id == campaign_id for use in own)
        )

    def has_tried(self, order_id: str) -> bool:
        """The user holds for an attempt of the order, or one has ended lately."""
        return order_id in self.held or self.ended.get(order_id) is not None

    @property
    def holds(self) -> Iterator[VoucherHeld]:
        return chain.from_iterable(self.held.values())

    def grace_of(self, campaign_id: str, day: date, order_id: str | None) -> Grace | None:
        """The use of an ended campaign that ends first, of those that no other order holds."""
        taken = {hold.grace_hold_id for hold in self.holds if hold.order_id != order_id}
        found = [
            grace
            for grace in self.graces.values()
            if grace.campaign_id == campaign_id
            and day <= grace.usable_until
            and grace.hold_id not in taken
        ]
        return min(found, key=lambda grace: (grace.usable_until, grace.hold_id), default=None)

    def is_used(self, voucher_id: str) -> bool:
        return of_voucher(voucher_id) in self.used or any(
            hold.voucher_id == voucher_id for hold in self.holds
        )

    def hold_of(self, order_id: str, hold_id: str) -> VoucherHeld | None:
        holds = self.held.get(order_id, ())
        return next((hold for hold in holds if hold.hold_id == hold_id), None)

    def redemption_of(self, order_id: str, hold_id: str) -> Redemption | None:
        uses = self.redeemed.get(order_id, ())
        return next((use for use in uses if use.hold_id == hold_id), None)


def of_campaign(campaign_id: str) -> str:
    return f"campaign/{campaign_id}"


def of_import(import_id: str, campaign_id: str) -> str:
    return f"{import_id}/{campaign_id}"


def of_voucher(voucher_id: str) -> str:
    return f"voucher/{voucher_id}"
