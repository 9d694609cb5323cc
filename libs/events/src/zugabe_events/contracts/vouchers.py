"""Events that vouchers publishes on the topic `vouchers`."""

from datetime import date
from typing import ClassVar, Literal

from zugabe_events.contracts.checkout import ClawBack, Moment, Person
from zugabe_events.domain.errors import Number
from zugabe_events.domain.event import Event, Fact, Instant

USUAL_PORT = 8103

OWN_SETTINGS = frozenset({"ZUGABE_CLAMAV", "ZUGABE_LINK_SECRET_FILE", "ZUGABE_PUBLIC_URL"})

type CampaignKind = Literal["own", "second-purchase"]
type DiscountType = Literal["fixed", "percent", "free-shipping"]
type LimitKind = Literal["campaign", "customer"]

CENTRAL_CAMPAIGN = "central-"
"""Begins the ids of central campaigns, and of no others: a dealer's users may use both kinds."""


class Assortment(Fact, frozen=True):
    """The articles that a voucher applies to: those that match every part that is given (VO-20).

    `brands` and `groups` are ids, and a group includes those below it; `medium` is the id of one
    advertising medium. `article_list` is the id of a list of article numbers, which stands alone
    (VO-43).
    """

    brands: tuple[str, ...] = ()
    medium: str | None = None
    groups: tuple[str, ...] = ()
    article_list: str | None = None


class CampaignTerms(Fact, frozen=True):
    """Discount, validity and limits of a campaign (VO-4 to VO-18).

    `value` is in cents for `fixed`, in basis points for `percent` (10 % is 1,000), and 0 for
    `free-shipping`. `valid_from` and `valid_until` are days in Berlin, both inclusive. A limit that
    is null does not apply; `budget_cents` limits the discounts of all uses together (X-29).
    `minimum_cents` is compared with the net value of the goods (VO-16, Q2).

    A voucher that `combines` can be used with others that do, the highest `rank` first (X-8).
    Without an `assortment` it applies to all articles (VO-43). With `unique_codes` each use has a
    code of its own (X-5), and `code` is what they begin with.

    A first order with goods below `earning_minimum_cents` earns none of a second-purchase campaign.
    A `newsletter` campaign issues its vouchers to subscribers (VO-36). An issued voucher is valid
    for `valid_days` from its issue, or, if that is null, until `valid_until`; if it
    `outlasts_cancellation`, the order that earned it may be cancelled (Q7).

    A use is given back when its order is cancelled, if the terms say `gives_back`: after the end
    of the campaign for `grace_days` (X-2).
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
    combines: bool = False
    earning_minimum_cents: int = 0
    budget_cents: int | None = None
    rank: int = 0
    assortment: Assortment | None = None
    unique_codes: bool = False
    newsletter: bool = False
    valid_days: int | None = None
    outlasts_cancellation: bool = False
    gives_back: bool = True
    grace_days: int = 14


class OfCampaign(Event, frozen=True):
    """An event of a campaign; `dealer` is its owner, `central` for a central one (VO-24)."""

    campaign_id: str
    dealer: str


class CampaignCreated(OfCampaign, frozen=True):
    """A dealer drafted a campaign, which cannot be used before it is activated (VO-3)."""

    stored_as: ClassVar[str] = "campaign-created"

    version: int
    terms: CampaignTerms


class CampaignActivated(OfCampaign, frozen=True):
    """The campaign can be used within its validity; which limits it has no longer changes."""

    stored_as: ClassVar[str] = "campaign-activated"

    version: int
    terms: CampaignTerms
    activated_at: Instant | None = None


class CampaignDraftEdited(OfCampaign, frozen=True):
    """A draft has other terms, as its next version (VO-45)."""

    stored_as: ClassVar[str] = "campaign-draft-edited"

    version: int
    terms: CampaignTerms


class CampaignDeleted(OfCampaign, frozen=True):
    """A draft was deleted; its code is free again."""

    stored_as: ClassVar[str] = "campaign-deleted"


class CampaignTermsChanged(OfCampaign, frozen=True):
    """An active campaign has a new version of its terms for what happens from `effective_at` on.

    Holds, quotes and issued vouchers keep the version that they were given (X-17).
    """

    stored_as: ClassVar[str] = "campaign-terms-changed"

    version: int
    terms: CampaignTerms
    effective_at: Instant


class CampaignPaused(OfCampaign, frozen=True):
    """The campaign takes no new uses from `paused_at` on; open holds stay (X-29)."""

    stored_as: ClassVar[str] = "campaign-paused"

    paused_at: Instant
    reason: str = ""


class CampaignResumed(OfCampaign, frozen=True):
    """A paused campaign can be used again."""

    stored_as: ClassVar[str] = "campaign-resumed"

    resumed_at: Instant


class CampaignEnded(OfCampaign, frozen=True):
    """The campaign was ended for good before its last day, or after it."""

    stored_as: ClassVar[str] = "campaign-ended"

    ended_at: Instant
    reason: str = ""


class OfParticipation(Event, frozen=True):
    """A dealer's decision about a central campaign, one version after the other.

    `minimum_cents` replaces the campaign's minimum order value for the dealer; None keeps it.
    """

    campaign_id: str
    dealer: str
    version: int


class CampaignJoined(OfParticipation, frozen=True):
    """A dealer takes part in a central campaign, for the first time or again (VO-28, Q21)."""

    stored_as: ClassVar[str] = "campaign-joined"

    minimum_cents: int | None
    joined_at: Instant


class CampaignMinimumChanged(OfParticipation, frozen=True):
    """A participating dealer has another minimum order value from `effective_at` on (VO-27, Q29).

    Holds, quotes and issued vouchers keep the one that they were given.
    """

    stored_as: ClassVar[str] = "campaign-minimum-changed"

    minimum_cents: int | None
    effective_at: Instant


class CampaignLeft(OfParticipation, frozen=True):
    """The dealer's users can make no new uses from `left_at` on; open holds stay (VO-29, Q21)."""

    stored_as: ClassVar[str] = "campaign-left"

    left_at: Instant


class CodeClaimed(Event, frozen=True):
    """A normalised code belongs to one campaign of the dealer permanently (VO-6)."""

    stored_as: ClassVar[str] = "code-claimed"

    dealer: str
    code: str
    campaign_id: str


class CodeReleased(Event, frozen=True):
    """The code of a deleted draft, which nobody could ever use, may be claimed again."""

    stored_as: ClassVar[str] = "code-released"

    dealer: str
    code: str
    campaign_id: str


class ArticleNumbersListed(Event, frozen=True):
    """Part of a list of articles that campaigns of a tenant can be restricted to (VO-22).

    The parts are numbered from 1 and stored together; `list_id` is made of all numbers, sorted, so
    a list never changes.
    """

    stored_as: ClassVar[str] = "article-numbers-listed"

    dealer: str
    list_id: str
    part: int
    numbers: tuple[str, ...]


class Offered(Event, frozen=True):
    """A campaign issues vouchers by these terms from `offered_at` on.

    Repeated for each version of the terms, and when a pause ends.
    """

    dealer: str
    campaign_id: str
    version: int
    terms: CampaignTerms
    offered_at: Instant | None = None


class Suspended(Event, frozen=True):
    """A campaign issues no vouchers from `suspended_at` on: it is paused or ended."""

    dealer: str
    campaign_id: str
    suspended_at: Instant


class SecondPurchaseOffered(Offered, frozen=True):
    """First orders within the campaign's validity earn one of its vouchers (VO-31).

    It is in force for orders placed from `offered_at` on, and for imported ones of any time (X-40).
    """

    stored_as: ClassVar[str] = "second-purchase-offered"


class SecondPurchaseSuspended(Suspended, frozen=True):
    """Orders placed from `suspended_at` on earn no voucher of the campaign."""

    stored_as: ClassVar[str] = "second-purchase-suspended"


class NewsletterOffered(Offered, frozen=True):
    """Whoever subscribes to the newsletter gets one of the campaign's vouchers (VO-38)."""

    stored_as: ClassVar[str] = "newsletter-offered"


class NewsletterSuspended(Suspended, frozen=True):
    """Subscriptions from `suspended_at` on get no voucher of the campaign."""

    stored_as: ClassVar[str] = "newsletter-suspended"


class OrderNoted(Event, frozen=True):
    """An order is considered when a user's first order is determined (VO-32).

    Only a user's earliest orders are noted; later ones cannot change which was first.
    """

    stored_as: ClassVar[str] = "order-noted"

    dealer: str
    user: str
    order_id: str
    placed_at: Instant


class OrderForgotten(Event, frozen=True):
    """A cancelled order is no longer considered; the next one may become the first (Q7).

    `by_return`: it was cancelled by the return of everything.
    """

    stored_as: ClassVar[str] = "order-forgotten"

    dealer: str
    user: str
    order_id: str
    by_return: bool = False


class MailSender(Fact, frozen=True):
    """The dealer's name in mails; `imprint` is the address and whatever else the law asks for."""

    name: str
    imprint: str = ""


class MailSenderNamed(Event, frozen=True):
    """A dealer said how mails to the users of their customers name them."""

    stored_as: ClassVar[str] = "mail-sender-named"

    dealer: str
    sender: MailSender
    named_at: Instant


class AdvertisingObjected(Event, frozen=True):
    """A user gets no advertising by mail; only the shop shows the codes that they earn (X-22)."""

    stored_as: ClassVar[str] = "advertising-objected"

    dealer: str
    user: str
    objected_at: Instant


class AdvertisingAllowed(Event, frozen=True):
    """A user withdrew their objection."""

    stored_as: ClassVar[str] = "advertising-allowed"

    dealer: str
    user: str
    allowed_at: Instant


class VoucherGraphic(Fact, frozen=True):
    """`file` is the hash of what is stored; `width` and `height` are in pixels."""

    file: str
    media_type: str
    width: int
    height: int
    size_bytes: int


class VoucherGraphicSet(Event, frozen=True):
    """The start page advertises a newsletter campaign with this graphic (VO-36, VO-37)."""

    stored_as: ClassVar[str] = "voucher-graphic-set"

    dealer: str
    campaign_id: str
    graphic: VoucherGraphic
    set_at: Instant


class VoucherGraphicRemoved(Event, frozen=True):
    """The start page shows the default graphic for the campaign again."""

    stored_as: ClassVar[str] = "voucher-graphic-removed"

    dealer: str
    campaign_id: str
    removed_at: Instant


class NewsletterSubscriptionRequested(Event, frozen=True):
    """A user asked for the newsletter; only the link that was mailed to them confirms it (X-21).

    `number` counts the requests of a user. `fingerprint` stands for the mail address: equal ones
    are equal, and nobody learns the address from it. `sender` is whom the mail is from.
    """

    stored_as: ClassVar[str] = "newsletter-subscription-requested"

    dealer: str
    customer: str
    user: str
    number: int
    subscriber: Person
    fingerprint: str
    text_version: int
    text: str
    requested_at: Instant
    sender: MailSender | None = None


class NewsletterSubscribed(Event, frozen=True):
    """A user confirmed their subscription, with the proof of it (X-21).

    `text` is the consent that they gave at `requested_at`, in its version `text_version`, and
    confirmed at `confirmed_at` by the link of the mail.
    """

    stored_as: ClassVar[str] = "newsletter-subscribed"

    dealer: str
    customer: str
    user: str
    number: int
    subscriber: Person
    text_version: int
    text: str
    requested_at: Instant
    confirmed_at: Instant


class NewsletterUnsubscribed(Event, frozen=True):
    """A user gets no newsletter any more, and no open request can be confirmed."""

    stored_as: ClassVar[str] = "newsletter-unsubscribed"

    dealer: str
    user: str
    unsubscribed_at: Instant


class NewsletterVoucherGiven(Event, frozen=True):
    """A mail address had its one voucher of a newsletter campaign (X-21).

    It names no user, so that it outlasts unsubscribing and erasure.
    """

    stored_as: ClassVar[str] = "newsletter-voucher-given"

    dealer: str
    fingerprint: str
    campaign_id: str
    given_at: Instant


class EarnedVoucher(Event, frozen=True):
    """A voucher of a second-purchase campaign that a user's first order earned.

    `claw_back` says what becomes of its uses if that order is cancelled: they are kept, or their
    discounts are to be charged.
    """

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
    claw_back: ClawBack = "keep"


class VoucherIssued(EarnedVoucher, frozen=True):
    """A user's first order earned them a voucher code (VO-32), or their newsletter did (VO-38).

    For a newsletter no order is named, and `placed_at` is the confirmation of the subscription.
    `valid_until` is its last day; if None, it is that of the terms. Without a `recipient` there is
    no mail; `sender` is whom it is from.
    """

    stored_as: ClassVar[str] = "voucher-issued"

    valid_until: date | None = None
    sender: MailSender | None = None


class VoucherAwaited(EarnedVoucher, frozen=True, kw_only=True):
    """A first order earns a voucher, which is issued once the order reaches the state `awaits`.

    It is not issued if the order is forgotten before.
    """

    stored_as: ClassVar[str] = "voucher-awaited"

    awaits: Moment


class VoucherRevoked(Event, frozen=True):
    """An unused voucher was revoked, because the order that earned it was cancelled (Q7).

    `order_number` is that order's, `code` the voucher's; older events name neither. `by_return`: it
    was cancelled by the return of everything.
    """

    stored_as: ClassVar[str] = "voucher-revoked"

    voucher_id: str
    campaign_id: str
    dealer: str
    user: str
    order_id: str
    recipient: Person | None = None
    customer: str | None = None
    order_number: str = ""
    code: str = ""
    sender: MailSender | None = None
    by_return: bool = False


class CustomerVoucherIssued(Event, frozen=True):
    """All users of a customer may use a code that one of them was issued (Q6).

    `voucher_id` is the voucher of that user, with its terms and last day.
    """

    stored_as: ClassVar[str] = "customer-voucher-issued"

    dealer: str
    customer: str
    campaign_id: str
    campaign_version: int
    voucher_id: str
    terms: CampaignTerms
    valid_until: date


class CustomerVoucherRevoked(Event, frozen=True):
    """The voucher was revoked or is charged; the customer's other users cannot use it either."""

    stored_as: ClassVar[str] = "customer-voucher-revoked"

    dealer: str
    customer: str
    campaign_id: str
    voucher_id: str


class VoucherClawedBack(Event, frozen=True):
    """The discount of an order is to be charged: the order that earned its voucher was cancelled.

    `shipping_cents` is the cost of shipping that the voucher saved. Once the hold is returned,
    there is nothing to charge.
    """

    stored_as: ClassVar[str] = "voucher-clawed-back"

    voucher_id: str
    campaign_id: str
    dealer: str
    customer: str
    user: str
    earned_by: str
    order_id: str
    hold_id: str
    discount_cents: int
    shipping_cents: int = 0


class VoucherHeld(Event, frozen=True):
    """One use is reserved for an attempt of a checkout and counts towards the limits (X-1).

    `limits` names the shared limits that count it as well. `base_cents` is what earlier vouchers of
    the attempt left of the goods that this one applies to (X-31). `shares` splits the discount into
    cents by order line. `title` is the campaign's. `lent_voucher_id` is the voucher of another user
    of the customer, whose code this user may use as well (Q6). `from_budget`: the discount is
    reserved in the campaign's budget. `gives_back`: the use comes back if its order is cancelled.
    `grace_hold_id` is the use that was given back after the end of the campaign, and allows this
    one (X-2). `unique_code` is the number of a unique code among those of its campaign (X-5).
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
    lent_voucher_id: str | None = None
    from_budget: bool = False
    gives_back: bool = True
    grace_hold_id: str | None = None
    unique_code: int | None = None


class VoucherRedeemed(Event, frozen=True):
    """A held use paid for an order; it can pay for no other (VO-39).

    `shipping_cents` is the net cost of shipping that it saved. `recipient` is who ordered.
    """

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
    shipping_cents: int = 0
    campaign_version: int = 0
    recipient: Person | None = None


class VoucherReleased(Event, frozen=True):
    """A held use is free again, because its attempt ended without an order.

    `from_budget`: `discount_cents` have to be returned to the campaign's budget.
    """

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
    discount_cents: int = 0
    from_budget: bool = False
    unique_code: int | None = None


class VoucherReturned(Event, frozen=True):
    """A redeemed use was given back, because its order was cancelled (X-2).

    `from_budget`: `discount_cents` have to be returned to the campaign's budget. `returned_at` is
    when the order was cancelled; events from before do not say it. `by_return`: by the return of
    everything.
    """

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
    from_budget: bool = False
    returned_at: Instant | None = None
    order_number: str = ""
    campaign_version: int = 0
    code: str = ""
    title: str = ""
    recipient: Person | None = None
    unique_code: int | None = None
    by_return: bool = False


class VoucherUseLost(Event, frozen=True):
    """A redeemed use stays used although its order was cancelled, as its terms say (X-2).

    `from_budget`: `discount_cents` were not given, and have to be returned to the budget.
    """

    stored_as: ClassVar[str] = "voucher-use-lost"

    hold_id: str
    order_id: str
    campaign_id: str
    voucher_id: str | None
    dealer: str
    customer: str
    user: str
    discount_cents: int
    from_budget: bool = False


class VoucherGraceGranted(Event, frozen=True):
    """A use that was given back after the end of its campaign can be used until a last day (X-2).

    `order_number` is the cancelled order's; `by_return`: everything of it was returned.
    """

    stored_as: ClassVar[str] = "voucher-grace-granted"

    hold_id: str
    order_id: str
    order_number: str
    campaign_id: str
    voucher_id: str | None
    dealer: str
    customer: str
    user: str
    code: str
    title: str
    usable_until: date
    recipient: Person | None = None
    sender: MailSender | None = None
    by_return: bool = False


class VoucherAttemptEnded(Event, frozen=True):
    """An attempt ended before any use was held for it; a later hold for it is refused."""

    stored_as: ClassVar[str] = "voucher-attempt-ended"

    order_id: str
    attempt: int
    dealer: str
    user: str
    deadline: Instant
    ended_at: Instant


class UseCounted(Event, frozen=True):
    """A shared limit of a campaign counts one more use (VO-11).

    The total of a central campaign is `central`'s and counts the holds of all dealers, each as
    `{dealer}:{hold_id}`: orders have ids that are unique within a dealer.
    """

    stored_as: ClassVar[str] = "use-counted"

    campaign_id: str
    dealer: str
    limit: LimitKind
    customer: str | None
    hold_id: str


class UseReturned(Event, frozen=True):
    """A shared limit of a campaign counts one use less, which was released or given back."""

    stored_as: ClassVar[str] = "use-returned"

    campaign_id: str
    dealer: str
    limit: LimitKind
    customer: str | None
    hold_id: str


class UniqueCodesRequested(Event, frozen=True):
    """A campaign gets a batch of generated codes, each for one use (X-5).

    They are numbered from `first` on and begin with `campaign_code`; `letters` are drawn by chance.
    The codes are secrets, and in no event. `dealer` is the campaign's owner.
    """

    stored_as: ClassVar[str] = "unique-codes-requested"

    dealer: str
    campaign_id: str
    batch_id: str
    campaign_code: str
    first: int
    count: int
    letters: int
    requested_at: Instant


class UniqueCodesGenerated(Event, frozen=True):
    """All codes of a batch can be used and listed."""

    stored_as: ClassVar[str] = "unique-codes-generated"

    dealer: str
    campaign_id: str
    batch_id: str
    generated_at: Instant


class OfUniqueCode(Event, frozen=True):
    """An event of the unique code `number`; `dealer` is the owner of its campaign."""

    dealer: str
    campaign_id: str
    number: int
    hold_id: str


class UniqueCodeTaken(OfUniqueCode, frozen=True):
    """A hold has the one use of the code.

    `at_dealer`, `order_id` and `user` are whose order it is for.
    """

    stored_as: ClassVar[str] = "unique-code-taken"

    at_dealer: str
    order_id: str
    user: str
    taken_at: Instant


class UniqueCodeFreed(OfUniqueCode, frozen=True):
    """The use was released or given back; the code can be used again."""

    stored_as: ClassVar[str] = "unique-code-freed"


class OfPastUses(Event, frozen=True):
    """Uses of a campaign in the system before count here as well (X-30).

    `uses` is the change of what an import says: below zero if it corrects itself.
    """

    import_id: str
    dealer: str
    campaign_id: str
    uses: int


class PastUsesImported(OfPastUses, frozen=True):
    """A user had used the campaign's code before."""

    stored_as: ClassVar[str] = "past-uses-imported"

    customer: str
    user: str


class SharedPastUsesImported(OfPastUses, frozen=True):
    """A shared limit of the campaign counts uses from before."""

    stored_as: ClassVar[str] = "shared-past-uses-imported"

    limit: LimitKind
    customer: str | None


class OfBudget(Event, frozen=True):
    """An event of a campaign's budget; `dealer` is the owner of the campaign, such as `central`.

    `hold_id` is as in `UseCounted`.
    """

    campaign_id: str
    dealer: str
    hold_id: str
    discount_cents: int


class BudgetReserved(OfBudget, frozen=True):
    """The discount of a hold counts towards the budget of its campaign (X-29)."""

    stored_as: ClassVar[str] = "budget-reserved"


class BudgetReturned(OfBudget, frozen=True):
    """The discount of a hold that was released or given back is free for others again."""

    stored_as: ClassVar[str] = "budget-returned"


class VoucherOffer(Fact, frozen=True):
    """Discount that a voucher would give on a cart, without a hold.

    `base_cents` is what the vouchers applied before it left. `shares` splits the discount into
    cents by order line.
    """

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
    """Answer to a check of vouchers, with every reason against each (X-6).

    `usable` if all are. Each of the `reasons` has the `voucher_code` as it was asked for, a stable
    `code`, a German `detail`, and the numbers that apply (X-7). `vouchers` are the usable ones, in
    the order in which they are applied.
    """

    usable: bool
    reasons: tuple[dict[str, Number], ...]
    vouchers: tuple[VoucherOffer, ...] = ()


type CampaignEvent = (
    CampaignCreated
    | CampaignDraftEdited
    | CampaignDeleted
    | CampaignActivated
    | CampaignTermsChanged
    | CampaignPaused
    | CampaignResumed
    | CampaignEnded
)

type ParticipationEvent = CampaignJoined | CampaignMinimumChanged | CampaignLeft


class IssuedCode(Fact, frozen=True):
    """A code that an order earned; `sentence` says in German what it is good for (VO-33)."""

    code: str
    title: str
    valid_until: date
    sentence: str


class RemainingUses(Fact, frozen=True):
    """Uses that the user has left of a code; None is unlimited (VO-35)."""

    code: str
    title: str
    remaining_uses: int | None
    sentence: str


class OrderVouchers(Fact, frozen=True):
    """Answer about an order (CH-8): the codes that it earned, and the uses that are left.

    `remaining` has the codes that it used, and other issued ones that work several times (VO-35).
    """

    issued: tuple[IssuedCode, ...]
    remaining: tuple[RemainingUses, ...]


type VouchersEvent = (
    CampaignEvent
    | ParticipationEvent
    | CodeClaimed
    | CodeReleased
    | ArticleNumbersListed
    | SecondPurchaseOffered
    | SecondPurchaseSuspended
    | NewsletterOffered
    | NewsletterSuspended
    | VoucherGraphicSet
    | VoucherGraphicRemoved
    | NewsletterSubscriptionRequested
    | NewsletterSubscribed
    | NewsletterUnsubscribed
    | NewsletterVoucherGiven
    | MailSenderNamed
    | AdvertisingObjected
    | AdvertisingAllowed
    | OrderNoted
    | OrderForgotten
    | VoucherIssued
    | VoucherAwaited
    | VoucherRevoked
    | CustomerVoucherIssued
    | CustomerVoucherRevoked
    | VoucherClawedBack
    | VoucherHeld
    | VoucherRedeemed
    | VoucherReleased
    | VoucherReturned
    | VoucherUseLost
    | VoucherGraceGranted
    | VoucherAttemptEnded
    | UseCounted
    | UseReturned
    | UniqueCodesRequested
    | UniqueCodesGenerated
    | UniqueCodeTaken
    | UniqueCodeFreed
    | PastUsesImported
    | SharedPastUsesImported
    | BudgetReserved
    | BudgetReturned
)
