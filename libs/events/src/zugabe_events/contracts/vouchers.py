"""What vouchers tells the other services. Topic: `vouchers`."""

from datetime import date
from typing import ClassVar, Literal

from zugabe_events.contracts.checkout import Person
from zugabe_events.domain.errors import Number
from zugabe_events.domain.event import Event, Fact, Instant

USUAL_PORT = 8103

type CampaignKind = Literal["own", "second-purchase"]
type DiscountType = Literal["fixed", "percent", "free-shipping"]
type LimitKind = Literal["campaign", "customer"]


class CampaignTerms(Fact, frozen=True):
    """What a campaign grants, to whom and when (VO-4 to VO-18).

    `value` is cents for `fixed`, basis points for `percent` (10 % are 1,000), 0 for
    `free-shipping`. `valid_from` and `valid_until` are inclusive days in Berlin. A limit of None
    does not exist. `minimum_cents` is compared with the net goods value (VO-16, Q2).
    """

    kind: CampaignKind
    title: str
    description: str
    code: str
    discount_type: DiscountType
    value: int
    valid_from: date
    valid_until: date
    minimum_cents: int
    max_uses: int | None
    max_per_customer: int | None
    max_per_user: int | None


class CampaignCreated(Event, frozen=True):
    """A dealer drew up a campaign; nobody can use it yet (VO-3)."""

    stored_as: ClassVar[str] = "campaign-created"

    campaign_id: str
    dealer: str
    version: int
    terms: CampaignTerms


class CampaignActivated(Event, frozen=True):
    """The campaign can be used from now on, within its validity; its kinds of limit are fixed."""

    stored_as: ClassVar[str] = "campaign-activated"

    campaign_id: str
    dealer: str
    version: int
    terms: CampaignTerms


class CodeClaimed(Event, frozen=True):
    """A normalised code belongs to one campaign for ever (VO-6)."""

    stored_as: ClassVar[str] = "code-claimed"

    dealer: str
    code: str
    campaign_id: str


class SecondPurchaseOffered(Event, frozen=True):
    """From now on first orders within the validity earn a voucher of this campaign (VO-31)."""

    stored_as: ClassVar[str] = "second-purchase-offered"

    dealer: str
    campaign_id: str
    version: int
    terms: CampaignTerms


class OrderNoted(Event, frozen=True):
    """A user's order counts when first orders are told from later ones (VO-32).

    Only a user's earliest orders are noted; later ones cannot change who ordered first.
    """

    stored_as: ClassVar[str] = "order-noted"

    dealer: str
    user: str
    order_id: str
    placed_at: Instant


class OrderForgotten(Event, frozen=True):
    """A cancelled order counts no more; the next one may be the first again (Q7)."""

    stored_as: ClassVar[str] = "order-forgotten"

    dealer: str
    user: str
    order_id: str


class VoucherIssued(Event, frozen=True):
    """A user's first order earned a voucher code (VO-32)."""

    stored_as: ClassVar[str] = "voucher-issued"

    voucher_id: str
    campaign_id: str
    campaign_version: int
    dealer: str
    customer: str
    user: str
    code: str
    terms: CampaignTerms
    order_id: str
    order_number: str
    placed_at: Instant
    recipient: Person | None = None


class VoucherRevoked(Event, frozen=True):
    """An unused voucher is taken back, since the order that earned it was cancelled (Q7)."""

    stored_as: ClassVar[str] = "voucher-revoked"

    voucher_id: str
    campaign_id: str
    dealer: str
    user: str
    order_id: str
    recipient: Person | None = None


class VoucherHeld(Event, frozen=True):
    """One use is set aside for an attempt of a checkout (X-1); limits count it from now on.

    `limits` names the shared limits that count it as well; `shares` are cents by line; `title` is
    the campaign's.
    """

    stored_as: ClassVar[str] = "voucher-held"

    hold_id: str
    order_id: str
    attempt: int
    campaign_id: str
    campaign_version: int
    voucher_id: str | None
    dealer: str
    customer: str
    user: str
    code: str
    discount_type: DiscountType
    base_cents: int
    discount_cents: int
    shares: tuple[int, ...]
    limits: tuple[LimitKind, ...]
    deadline: Instant
    explanation: str
    title: str = ""


class VoucherRedeemed(Event, frozen=True):
    """A held use paid for an order (VO-39); it can pay for no other."""

    stored_as: ClassVar[str] = "voucher-redeemed"

    hold_id: str
    order_id: str
    order_number: str
    campaign_id: str
    voucher_id: str | None
    dealer: str
    customer: str
    user: str
    code: str
    base_cents: int
    discount_cents: int
    redeemed_at: Instant
    title: str = ""


class VoucherReleased(Event, frozen=True):
    """A held use is free again: its attempt ended without an order."""

    stored_as: ClassVar[str] = "voucher-released"

    hold_id: str
    order_id: str
    attempt: int
    campaign_id: str
    voucher_id: str | None
    dealer: str
    customer: str
    user: str
    limits: tuple[LimitKind, ...]
    deadline: Instant
    ended_at: Instant
    reason: str


class VoucherReturned(Event, frozen=True):
    """A redeemed use is given back, since its order was cancelled (X-2)."""

    stored_as: ClassVar[str] = "voucher-returned"

    hold_id: str
    order_id: str
    campaign_id: str
    voucher_id: str | None
    dealer: str
    customer: str
    user: str
    limits: tuple[LimitKind, ...]
    discount_cents: int


class VoucherAttemptEnded(Event, frozen=True):
    """An attempt ended before any use was held for it; a request that comes late is refused."""

    stored_as: ClassVar[str] = "voucher-attempt-ended"

    order_id: str
    attempt: int
    dealer: str
    user: str
    deadline: Instant
    ended_at: Instant


class UseCounted(Event, frozen=True):
    """A shared limit of a campaign counts one use more (VO-11)."""

    stored_as: ClassVar[str] = "use-counted"

    campaign_id: str
    dealer: str
    limit: LimitKind
    customer: str | None
    hold_id: str


class UseReturned(Event, frozen=True):
    """A shared limit of a campaign counts one use less: it was released or given back."""

    stored_as: ClassVar[str] = "use-returned"

    campaign_id: str
    dealer: str
    limit: LimitKind
    customer: str | None
    hold_id: str


class VoucherOffer(Fact, frozen=True):
    """Discount of a voucher on a cart, without a hold; `shares` are cents by line."""

    campaign_id: str
    campaign_version: int
    code: str
    discount_type: DiscountType
    base_cents: int
    discount_cents: int
    shares: tuple[int, ...]
    free_shipping: bool
    explanation: str


class VoucherCheck(Fact, frozen=True):
    """Answer to a check of a voucher, with every reason against it (X-6).

    `reasons` have a stable `code`, a German `detail`, and the numbers that apply (X-7).
    """

    usable: bool
    reasons: tuple[dict[str, Number], ...]
    voucher: VoucherOffer | None = None


type VouchersEvent = (
    CampaignCreated
    | CampaignActivated
    | CodeClaimed
    | SecondPurchaseOffered
    | OrderNoted
    | OrderForgotten
    | VoucherIssued
    | VoucherRevoked
    | VoucherHeld
    | VoucherRedeemed
    | VoucherReleased
    | VoucherReturned
    | VoucherAttemptEnded
    | UseCounted
    | UseReturned
)
