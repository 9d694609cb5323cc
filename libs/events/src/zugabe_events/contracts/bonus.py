"""Events that bonus publishes on the topic `bonus`."""

from datetime import date
from typing import ClassVar, Literal

from zugabe_events.contracts.checkout import Moment, Person
from zugabe_events.domain.errors import Number
from zugabe_events.domain.event import Event, Fact, Instant

USUAL_PORT = 8104

type ClawBack = Literal["negative", "pending", "balance"]
"""From what points that were spent already are taken back (X-4).

`negative`: all, the balance may become negative; `balance`: as far as the balance goes; `pending`:
only points that are not active yet.
"""


class ProgrammeTerms(Fact, frozen=True):
    """Rules by which a dealer's programme grants points (BO-2, BO-14, BO-41, Q8).

    `points_per_euro` is a whole number from 1; a point is worth `point_value_cents`. Points become
    available `pending_days` days after the day of the order. Orders in `excluded_groups` of
    products or before `starts_on`, a day in Berlin, earn nothing.

    Rewards pay for at most `max_share_basis_points` of what they may be used for (X-33); null is
    all of it. Points expire `expires_after_months` after they became available (Q10); null is
    never. `needs_acceptance`: users collect only once they have accepted the terms (BO-29).
    """

    points_per_euro: int
    point_value_cents: int
    count_after_discounts: bool
    pending_days: int
    excluded_groups: tuple[str, ...]
    starts_on: date
    max_share_basis_points: int | None = None
    expires_after_months: int | None = None
    claw_back: ClawBack = "negative"
    needs_acceptance: bool = False


class ProgrammeSetUp(Event, frozen=True):
    """A dealer set the terms of their programme; `version` counts its changes from 1.

    Each version is in force from `effective_at` to the next one, for orders placed since (X-40);
    versions from before say no instant, and were always in force. `is_worse`: these terms are
    worse for users than those before, who accept them anew (X-23).
    """

    stored_as: ClassVar[str] = "programme-set-up"

    dealer: str
    version: int
    terms: ProgrammeTerms
    effective_at: Instant | None = None
    is_worse: bool = False


class RewardAdded(Event, frozen=True):
    """Points can be exchanged for a discount on an order (BO-1, BO-19).

    A later event for the same reward replaces this one. The discount is `discount_cents`, or
    `percent_basis_points` of what the reward may pay for. The order's goods are worth at least
    `minimum_cents`. Both days of the validity are inclusive; null leaves that end open. Rewards
    with a `position` come first, in its order; the others follow as they were added.
    """

    stored_as: ClassVar[str] = "reward-added"

    dealer: str
    version: int
    reward_id: str
    title: str
    points: int
    discount_cents: int
    effective_at: Instant | None = None
    short_text: str = ""
    description: str = ""
    percent_basis_points: int | None = None
    minimum_cents: int = 0
    valid_from: date | None = None
    valid_until: date | None = None
    position: int | None = None


class RewardWithdrawn(Event, frozen=True):
    """The reward is no longer offered. Points that are held for it can still pay for it."""

    stored_as: ClassVar[str] = "reward-withdrawn"

    dealer: str
    version: int
    reward_id: str
    effective_at: Instant


class PromotionAdded(Event, frozen=True):
    """Certain articles earn a multiple of their points for a period (BO-20).

    An article must match `brands` and `product_groups`; an empty list matches all. Both days are
    inclusive; null leaves that end open. A later event for the same promotion replaces this one.
    """

    stored_as: ClassVar[str] = "promotion-added"

    dealer: str
    version: int
    promotion_id: str
    title: str
    factor: int
    brands: tuple[str, ...]
    product_groups: tuple[str, ...]
    valid_from: date | None
    valid_until: date | None
    effective_at: Instant | None = None
    text: str = ""


class PromotionEnded(Event, frozen=True):
    """Orders placed since earn nothing more from the promotion."""

    stored_as: ClassVar[str] = "promotion-ended"

    dealer: str
    version: int
    promotion_id: str
    effective_at: Instant


class ProgrammeActivated(Event, frozen=True):
    """The programme is complete and in effect (BO-10), perhaps again after a deactivation."""

    stored_as: ClassVar[str] = "programme-activated"

    dealer: str
    version: int
    effective_at: Instant | None = None


class ProgrammeAdvertised(Event, frozen=True):
    """The banner of „Bewerbung Bonuspunkte" on the start page, and whether it is shown (BO-25).

    `banner` is a graphic of the dealer in `catalog-shops`, by its hash, or "". `title` is what
    screen readers say.
    """

    stored_as: ClassVar[str] = "programme-advertised"

    dealer: str
    shown: bool
    banner: str
    title: str
    advertised_at: Instant


class FooterLinkSet(Event, frozen=True):
    """The footer of every page links to the programme's page, or no longer does (BO-27)."""

    stored_as: ClassVar[str] = "footer-link-set"

    dealer: str
    shown: bool
    set_at: Instant


class CustomerEnabled(Event, frozen=True):
    """The users of a customer take part in the programme from `enabled_at` on (BO-4, BO-11).

    Customers who had points before customers were enabled one by one take part since ever; their
    event says no instant.
    """

    stored_as: ClassVar[str] = "customer-enabled"

    dealer: str
    customer: str
    enabled_at: Instant | None = None


class CustomerDisabled(Event, frozen=True):
    """Orders of a customer earn nothing from `disabled_at` on; points can be redeemed to the end of
    the day `run_off_until` in Berlin (BO-12, Q20)."""

    stored_as: ClassVar[str] = "customer-disabled"

    dealer: str
    customer: str
    disabled_at: Instant
    run_off_until: date


class ProgrammeDeactivated(Event, frozen=True):
    """Orders placed since earn nothing; points pay for rewards until the end of a day (BO-12).

    `run_off_until` is that day in Berlin, the last one of the following year. Points of earlier
    orders become available as before (Q20).
    """

    stored_as: ClassVar[str] = "programme-deactivated"

    dealer: str
    version: int
    run_off_until: date
    effective_at: Instant


class ProgrammeClosed(Event, frozen=True):
    """The programme is switched off permanently: no points are earned or redeemed (BO-12)."""

    stored_as: ClassVar[str] = "programme-closed"

    dealer: str
    version: int
    effective_at: Instant


type TextKind = Literal["terms", "privacy", "participation"]
"""General terms, data-protection statement, and terms of participation (BO-29)."""


class ProgrammeTextPublished(Event, frozen=True):
    """A dealer published a new version of a text that users accept (X-23).

    `body` has placeholders, which are filled in when it is read (BO-41). If `is_material`, users
    collect points only once they have accepted it.
    """

    stored_as: ClassVar[str] = "programme-text-published"

    dealer: str
    kind: TextKind
    version: int
    body: str
    is_material: bool
    published_at: Instant


class AcceptedText(Fact, frozen=True):
    """Version 0 is the product's own text, before the dealer has published one."""

    kind: TextKind
    version: int


class ProgrammeTextsAccepted(Event, frozen=True):
    """A user accepted the texts of the programme, in these versions (BO-29, X-23).

    An acceptance from before the programme ran here counts from `imported_at` on (X-30).
    """

    stored_as: ClassVar[str] = "programme-texts-accepted"

    dealer: str
    customer: str
    user: str
    texts: tuple[AcceptedText, ...]
    accepted_at: Instant
    imported_at: Instant | None = None


class NoticesSeen(Event, frozen=True):
    """A user has seen notices, on whatever device; they are not shown again (BO-38, BO-39)."""

    stored_as: ClassVar[str] = "notices-seen"

    dealer: str
    user: str
    notices: tuple[str, ...]
    seen_at: Instant


class LinePoints(Fact, frozen=True):
    """Points of one order line (BO-14).

    Whole euros of `base_cents`, times points per euro, times `factor`. A line that is excluded has
    factor 0: by one of its product groups, or by itself, as its article or customer is (X-24,
    X-25); earlier events leave open which.
    """

    number: int
    base_cents: int
    points: int
    factor: int
    promotion_id: str | None
    excluded_by: Literal["group", "line"] | None = None


class LotShare(Fact, frozen=True):
    """Points of one lot, with the lot's place among the others of its account.

    Debits take from the lot that expires first, and of those from the one with the lowest
    (`active_from`, `ordinal`). Each share has all, so that a lot that was used up and dropped can
    be restored. `active_until` is the last day on which the points count; null is always (Q10).
    """

    lot_id: str
    points: int
    active_from: date
    ordinal: int
    active_until: date | None = None


class PointsAccrued(Event, frozen=True):
    """An order earned a lot of points, available from the day `active_from` (BO-41).

    `settled` of them paid off a negative balance; the lot holds the rest. `ordinal` numbers the
    lots of an account from 1. Points that wait for their order are in no lot and settle nothing
    before they are scheduled; `active_from` is then the earliest day (S6). They expire
    `expires_after_months` after they became available: `active_until` is the last day on which
    they count, null for those that wait (Q10); `recipient` is told before. `claw_back`: from what
    they are taken back (X-4).
    """

    stored_as: ClassVar[str] = "points-accrued"

    lot_id: str
    ordinal: int
    order_id: str
    dealer: str
    customer: str
    user: str
    points: int
    settled: int
    active_from: date
    placed_at: Instant
    lines: tuple[LinePoints, ...]
    programme_version: int
    explanation: str
    waits_for: Moment | None = None
    active_until: date | None = None
    expires_after_months: int | None = None
    claw_back: ClawBack = "negative"
    order_number: str = ""
    recipient: Person | None = None


class PointsScheduled(Event, frozen=True):
    """The order came as far as its points waited for; they are available from `active_from` (S6).

    `points` are what returns have left of them; `settled` of these paid off a negative balance, the
    lot holds the rest.
    """

    stored_as: ClassVar[str] = "points-scheduled"

    lot_id: str
    ordinal: int
    order_id: str
    dealer: str
    customer: str
    user: str
    points: int
    settled: int
    active_from: date
    waited_for: Moment
    reached_at: Instant
    active_until: date | None = None


class RewardHeld(Event, frozen=True):
    """Points are reserved for an attempt of a checkout, listed by lot (X-1).

    `base_cents` is the amount left to pay after the voucher. `shares` splits the discount into
    cents by order line. `pool` is the customer if the points are those that its users share, which
    `user` manages; so it is in the events that follow (BO-5, BO-33).
    `held_at` is the time of the order, also of one that is imported; earlier events do not say it.
    """

    stored_as: ClassVar[str] = "reward-held"

    hold_id: str
    order_id: str
    attempt: int
    dealer: str
    customer: str
    user: str
    reward_id: str
    title: str
    points: int
    lots: tuple[LotShare, ...]
    base_cents: int
    discount_cents: int
    shares: tuple[int, ...]
    deadline: Instant
    programme_version: int
    explanation: str
    pool: str = ""
    held_at: Instant | None = None


class RewardRedeemed(Event, frozen=True):
    """Points of a hold paid for a discount on an order.

    An order counts even if its hold is unknown: `unheld` then lists the points taken from lots, and
    `owed` counts those that made the balance negative. Otherwise `unheld` is empty and `owed` is 0.
    """

    stored_as: ClassVar[str] = "reward-redeemed"

    hold_id: str
    order_id: str
    order_number: str
    dealer: str
    customer: str
    user: str
    reward_id: str
    points: int
    discount_cents: int
    redeemed_at: Instant
    unheld: tuple[LotShare, ...] = ()
    owed: int = 0
    pool: str = ""


class RewardReleased(Event, frozen=True):
    """Points of a hold are available again, because their attempt ended without an order.

    `settled` of them paid off a negative balance first; the rest returned to `lots`. They are
    `forfeited` if the user has left the programme since (BO-46).
    """

    stored_as: ClassVar[str] = "reward-released"

    hold_id: str
    order_id: str
    attempt: int
    dealer: str
    user: str
    points: int
    settled: int
    lots: tuple[LotShare, ...]
    deadline: Instant
    ended_at: Instant
    reason: str
    forfeited: int = 0
    customer: str = ""
    pool: str = ""


class RewardReturned(Event, frozen=True):
    """Points of a redeemed reward are given back, because its order was cancelled (X-2).

    `settled` of them paid off a negative balance first; the rest returned to `lots`. A return of
    lines gives back their share (X-3); `return_id` names it.
    """

    stored_as: ClassVar[str] = "reward-returned"

    hold_id: str
    order_id: str
    dealer: str
    user: str
    points: int
    settled: int
    lots: tuple[LotShare, ...]
    return_id: str | None = None
    returned_at: Instant | None = None
    order_number: str = ""
    customer: str = ""
    pool: str = ""


class PointsReversed(Event, frozen=True):
    """Points earned by an order that was cancelled are taken back (X-2, X-4).

    They come from `lots` as far as these suffice; `owed` counts the rest, which makes the balance
    negative, or `let_off` does if the terms do not ask for it. `waiting` are those that still
    waited for the order. A return of lines takes back their share (X-3); `return_id` names it.
    `reason` is that of the cancellation or return.
    """

    stored_as: ClassVar[str] = "points-reversed"

    lot_id: str
    order_id: str
    dealer: str
    user: str
    points: int
    lots: tuple[LotShare, ...]
    owed: int
    reason: str
    return_id: str | None = None
    waiting: int = 0
    let_off: int = 0
    reversed_at: Instant | None = None
    order_number: str = ""
    customer: str = ""


class OptOutAsked(Event, frozen=True):
    """A user asked to leave the programme, and was told that this deletes `points` (BO-45).

    `confirmation` is the SHA-256 hash of what they confirm it with, once and before `expires_at`.
    """

    stored_as: ClassVar[str] = "opt-out-asked"

    dealer: str
    customer: str
    user: str
    confirmation: str
    points: int
    asked_at: Instant
    expires_at: Instant


class PointsForfeited(Event, frozen=True):
    """Points of a user who left the programme are deleted, listed by lot (BO-46, Q12).

    Active and pending ones are in `lots`, those that waited for their order in `waiting`. Many lots
    need several such events.
    """

    stored_as: ClassVar[str] = "points-forfeited"

    dealer: str
    customer: str
    user: str
    points: int
    lots: tuple[LotShare, ...]
    waiting: tuple[LotShare, ...]
    forfeited_at: Instant


class ProgrammeLeft(Event, frozen=True):
    """A user left the programme; orders placed before they join again earn nothing (BO-46, Q12).

    `points` were forfeited, and `let_off` were owed, which nobody asks for any more. Points of
    `holds` can still pay for their orders; they are forfeited when they would come back.
    """

    stored_as: ClassVar[str] = "programme-left"

    dealer: str
    customer: str
    user: str
    confirmation: str
    points: int
    let_off: int
    holds: tuple[str, ...]
    left_at: Instant


class ProgrammeRejoined(Event, frozen=True):
    """A user who had left takes part again, from zero, after accepting the texts (BO-47)."""

    stored_as: ClassVar[str] = "programme-rejoined"

    dealer: str
    customer: str
    user: str
    rejoined_at: Instant


class PointsExpiryAnnounced(Event, frozen=True):
    """A user is told that points will expire, in time to use them (Q10).

    The first of the `points` count to the end of `first_day`, the others to that of `last_day` at
    the latest. What expires by `announced_until` is not announced again. `pool` is the customer
    whose users share the points, of which `user` is a manager, "" for the user's own.
    """

    stored_as: ClassVar[str] = "points-expiry-announced"

    dealer: str
    user: str
    points: int
    first_day: date
    last_day: date
    announced_until: date
    recipient: Person
    announced_at: Instant
    pool: str = ""


class PointsExpired(Event, frozen=True):
    """Points were not used by the last day on which they counted (Q10)."""

    stored_as: ClassVar[str] = "points-expired"

    dealer: str
    user: str
    points: int
    lots: tuple[LotShare, ...]
    expired_at: Instant


class CorrectionProposed(Event, frozen=True):
    """A correction by hand that needs a second person's consent; `points` below 0 are a debit."""

    stored_as: ClassVar[str] = "correction-proposed"

    correction_id: str
    dealer: str
    customer: str
    user: str
    points: int
    reason: str
    proposed_by: str
    proposed_at: Instant


class CorrectionRejected(Event, frozen=True):
    """A proposed correction is not made."""

    stored_as: ClassVar[str] = "correction-rejected"

    correction_id: str
    dealer: str
    user: str
    rejected_by: str
    rejected_at: Instant


class PointsCredited(Event, frozen=True):
    """A lot of points without an order: a correction by hand, or an opening balance (X-30).

    `settled` of them paid off a negative balance; the lot holds the rest. `consented_by` is the
    second person, "" if there was none.
    """

    stored_as: ClassVar[str] = "points-credited"

    credit_id: str
    origin: Literal["correction", "opening-balance"]
    lot_id: str
    ordinal: int
    dealer: str
    customer: str
    user: str
    points: int
    settled: int
    active_from: date
    active_until: date | None
    reason: str
    credited_by: str
    consented_by: str
    credited_at: Instant


class PointsDebited(Event, frozen=True):
    """Points were taken off by hand; `consented_by` is the second person, "" if there was none.

    `lots` paid for them; `owed` are those that the account which the customer's users share is to
    pay for, in which the user's points are (BO-33).
    """

    stored_as: ClassVar[str] = "points-debited"

    correction_id: str
    dealer: str
    customer: str
    user: str
    points: int
    lots: tuple[LotShare, ...]
    reason: str
    debited_by: str
    consented_by: str
    debited_at: Instant
    owed: int = 0


class PointsPooled(Event, frozen=True):
    """The users of a customer share their points, which only its points managers redeem (BO-33).

    `users` have accounts; whatever they have, and get from now on, moves into the shared account.
    """

    stored_as: ClassVar[str] = "points-pooled"

    dealer: str
    customer: str
    users: tuple[str, ...]
    pooled_at: Instant


class PointsUnpooled(Event, frozen=True):
    """The users of a customer no longer share their points: each has their own back."""

    stored_as: ClassVar[str] = "points-unpooled"

    dealer: str
    customer: str
    unpooled_at: Instant


class PointsHolderAdded(Event, frozen=True):
    """A user of the customer has a bonus account, which moves when points are pooled."""

    stored_as: ClassVar[str] = "points-holder-added"

    dealer: str
    customer: str
    user: str


class PointsManagerAppointed(Event, frozen=True):
    """A user may redeem the points of their company while these are pooled (BO-34, BO-35)."""

    stored_as: ClassVar[str] = "points-manager-appointed"

    dealer: str
    customer: str
    user: str
    appointed_at: Instant


class PointsManagerDismissed(Event, frozen=True):
    """A user no longer manages points. `is_frozen`: nobody can redeem the pooled points now, until
    another manager is appointed (Q12)."""

    stored_as: ClassVar[str] = "points-manager-dismissed"

    dealer: str
    customer: str
    user: str
    dismissed_at: Instant
    is_frozen: bool


class PointsMovedOut(Event, frozen=True):
    """Points of a user left an account, for the one that `PointsMovedIn` follows in (BO-33).

    `pool` is the customer whose shared account they left, for the user's own; "" if they left the
    user's own. `lots` are numbered as in the account that they left. Out of a shared account,
    `own_lots` are the same ones as the user's own account numbers them, in their order.
    """

    stored_as: ClassVar[str] = "points-moved-out"

    dealer: str
    customer: str
    user: str
    pool: str
    points: int
    lots: tuple[LotShare, ...]
    own_lots: tuple[LotShare, ...]
    moved_at: Instant


class PointsMovedIn(Event, frozen=True):
    """Points of a user came into an account, from the one that they left (BO-33).

    `pool` is the customer into whose shared account they came; "" if they came back to the user.
    `settled` of them paid off a negative balance; `lots` have the rest, numbered as in this
    account, some perhaps with 0 points. In a shared account, `own_lots` are the same ones as the
    user's own account numbers them, in their order, with all their points.
    """

    stored_as: ClassVar[str] = "points-moved-in"

    dealer: str
    customer: str
    user: str
    pool: str
    points: int
    settled: int
    lots: tuple[LotShare, ...]
    own_lots: tuple[LotShare, ...]
    moved_at: Instant


class DebtMovedOut(Event, frozen=True):
    """A negative balance of a user left an account, as points do (BO-33).

    `lot_id` is the lot whose points were taken back, or "" if that is not known; `claw_back` says
    from what they are (X-4).
    """

    stored_as: ClassVar[str] = "debt-moved-out"

    dealer: str
    customer: str
    user: str
    pool: str
    points: int
    lot_id: str
    moved_at: Instant
    claw_back: ClawBack = "negative"


class DebtMovedIn(Event, frozen=True):
    """A negative balance of a user came into an account: `lots` paid for it.

    `owed` is the rest, or `let_off` if the terms do not ask for it (X-4).
    """

    stored_as: ClassVar[str] = "debt-moved-in"

    dealer: str
    customer: str
    user: str
    pool: str
    points: int
    lot_id: str
    lots: tuple[LotShare, ...]
    owed: int
    moved_at: Instant
    let_off: int = 0


class RewardAttemptEnded(Event, frozen=True):
    """An attempt ended before any points were held for it; a later hold for it is refused."""

    stored_as: ClassVar[str] = "reward-attempt-ended"

    order_id: str
    attempt: int
    dealer: str
    user: str
    deadline: Instant
    ended_at: Instant


class RewardOffer(Fact, frozen=True):
    """Discount that a reward would give on a cart, without a hold.

    `shares` splits the discount into cents by order line.
    """

    reward_id: str
    title: str
    points: int
    base_cents: int
    discount_cents: int
    shares: tuple[int, ...]
    explanation: str


class RewardChoice(Fact, frozen=True):
    """A reward of the programme, and what it would really give on a cart (CH-6, X-33).

    `wasted_cents` is the part of its discount that the cart leaves unused; `missing_cents` is what
    its goods lack for the reward. `sentence` is German.
    """

    reward_id: str
    title: str
    points: int
    discount_cents: int
    wasted_cents: int
    missing_points: int
    sentence: str
    short_text: str = ""
    missing_cents: int = 0


class RewardCheck(Fact, frozen=True):
    """Answer to a check of a reward, with every reason against it (X-6).

    Each of the `reasons` has a stable `code`, a German `detail`, and the numbers that apply (X-7).
    The points and `rewards`, the cheapest first, are displayed below the cart (CH-5, CH-6).
    """

    usable: bool
    reasons: tuple[dict[str, Number], ...]
    available_points: int
    points_this_order: int
    reward: RewardOffer | None = None
    rewards: tuple[RewardChoice, ...] = ()


type BonusEvent = (
    ProgrammeSetUp
    | RewardAdded
    | RewardWithdrawn
    | PromotionAdded
    | PromotionEnded
    | ProgrammeActivated
    | CustomerEnabled
    | CustomerDisabled
    | ProgrammeDeactivated
    | ProgrammeClosed
    | ProgrammeAdvertised
    | FooterLinkSet
    | ProgrammeTextPublished
    | ProgrammeTextsAccepted
    | NoticesSeen
    | PointsAccrued
    | PointsScheduled
    | RewardHeld
    | RewardRedeemed
    | RewardReleased
    | RewardReturned
    | PointsReversed
    | RewardAttemptEnded
    | OptOutAsked
    | PointsForfeited
    | ProgrammeLeft
    | ProgrammeRejoined
    | PointsExpiryAnnounced
    | PointsExpired
    | CorrectionProposed
    | CorrectionRejected
    | PointsCredited
    | PointsDebited
    | PointsPooled
    | PointsUnpooled
    | PointsHolderAdded
    | PointsManagerAppointed
    | PointsManagerDismissed
    | PointsMovedOut
    | PointsMovedIn
    | DebtMovedOut
    | DebtMovedIn
)
