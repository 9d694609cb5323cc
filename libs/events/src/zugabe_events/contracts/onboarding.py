"""Events that onboarding publishes on the topic `onboarding`.

The partner is the tenant. In an event about a partner, `brands` are the brands it concerns: all
that the partner had at that time.
"""

from datetime import date
from typing import ClassVar, Literal

from zugabe_events.domain.event import Event, Fact, Instant, Personal

USUAL_PORT = 8101

OWN_SETTINGS = frozenset(
    {
        "ZUGABE_AMAZON_ADMINISTRATORS",
        "ZUGABE_AMAZON_REGISTRY_URL",
        "ZUGABE_CLAMAV",
        "ZUGABE_LINK_DAYS",
        "ZUGABE_LINK_SECRET_FILE",
        "ZUGABE_MATERIAL_FILE",
        "ZUGABE_ORGANISATION",
        "ZUGABE_PLATFORM_PRECONDITIONS",
        "ZUGABE_PORTAL_URL",
        "ZUGABE_SESSION_HOURS",
        "ZUGABE_USUAL_CONTENT_DAYS",
        "ZUGABE_USUAL_LIVE_DAYS",
        "ZUGABE_USUAL_LOGISTICS_DAYS",
        "ZUGABE_USUAL_ORGANISATION_DAYS",
    }
)
"""Variables that not every service reads, and all processes may be given."""

type Phase = Literal["organisation", "content", "logistics", "live"]
type Step = Literal["releases", "contacts", "data-models", "warehouse", "customer-service"]
type Side = Literal["partner", "central"]
type Source = Literal["partner", "sales"]
type FieldKind = Literal[
    "text", "long-text", "whole-number", "decimal", "yes-no", "choice", "choices", "email",
    "phone", "date",
]  # fmt: skip


class Contact(Fact, frozen=True):
    """A contact person at the partner; encrypted with their own key.

    `link` is the latest one that lets them in, for mails that send them to their onboarding
    (ON-11); empty before the welcome.
    """

    contact_id: str
    name: Personal
    email: Personal
    link: Personal = ""


class Manager(Fact, frozen=True):
    """A Customer Success Manager; encrypted with their own key (ON-12)."""

    manager_id: str
    name: Personal
    email: Personal


class Missing(Fact, frozen=True):
    """A requirement that a phase still lacks, and who has to meet it.

    `requirement` is stable, such as `form:contacts`. `subject` is the id of an article, platform or
    product type if the requirement concerns one of several; `count` is their number if they are not
    listed individually.
    """

    requirement: str
    owner: Side
    subject: str = ""
    count: int = 1


# A partner


class OnboardingOpened(Event, frozen=True):
    """Central staff prepare a partner's onboarding; the partner has not been informed yet."""

    stored_as: ClassVar[str] = "onboarding-opened"

    partner: str
    name: str
    contact: Contact


class ManagerAssigned(Event, frozen=True):
    """A Customer Success Manager was assigned to the partner (ON-12).

    `before` is the id of the previous one.
    """

    stored_as: ClassVar[str] = "manager-assigned"

    partner: str
    brands: tuple[str, ...]
    manager: Manager
    before: str | None = None


class PartnerWelcomed(Event, frozen=True):
    """The onboarding officially starts (ON-2).

    `link` gives the contact access; it is encrypted like the contact's other data.
    """

    stored_as: ClassVar[str] = "partner-welcomed"

    partner: str
    name: str
    brands: tuple[str, ...]
    contact: Contact
    manager: Manager
    link: Personal
    welcomed_at: Instant


class LinkSent(Event, frozen=True):
    """The contact gets a link; links issued before `issued_at` are no longer valid.

    `new_address` is true for a contact, or an address, that was not written to before. `sent_at` is
    later if it is the latest link once more. None of it: `issued_at`.
    """

    stored_as: ClassVar[str] = "link-sent"

    partner: str
    contact: Contact
    link: Personal
    issued_at: Instant
    new_address: bool = False
    sent_at: Instant | None = None


class LinksRevoked(Event, frozen=True):
    """No link of the contact is valid any more, until they get a new one (S17)."""

    stored_as: ClassVar[str] = "links-revoked"

    partner: str
    revoked_at: Instant


class ContactReplaced(Event, frozen=True):
    """Mails of the onboarding go to another address, of the same contact or of another one.

    The address before is told.
    """

    stored_as: ClassVar[str] = "contact-replaced"

    partner: str
    partner_name: str
    before: Contact
    contact: Contact
    replaced_at: Instant


class PartnerRenamed(Event, frozen=True):
    """The partner's name was corrected; ids and earlier events keep what they say."""

    stored_as: ClassVar[str] = "partner-renamed"

    partner: str
    brands: tuple[str, ...]
    name: str
    before: str
    renamed_at: Instant


class BrandRenamed(Event, frozen=True):
    """A brand's name was corrected; ids and earlier events keep what they say."""

    stored_as: ClassVar[str] = "brand-renamed"

    partner: str
    brand: str
    name: str
    before: str
    renamed_at: Instant


class BrandAdded(Event, frozen=True):
    """A brand of the partner takes part, with phases of its own (Q15)."""

    stored_as: ClassVar[str] = "brand-added"

    partner: str
    brand: str
    name: str


class OnboardingPaused(Event, frozen=True):
    """The onboarding pauses, reminders included, until it is resumed."""

    stored_as: ClassVar[str] = "onboarding-paused"

    partner: str
    brands: tuple[str, ...]
    reason: str
    paused_at: Instant


class OnboardingResumed(Event, frozen=True):
    """A paused onboarding continues."""

    stored_as: ClassVar[str] = "onboarding-resumed"

    partner: str
    brands: tuple[str, ...]
    resumed_at: Instant


class OnboardingClosed(Event, frozen=True):
    """The onboarding ended permanently before all of its brands went live."""

    stored_as: ClassVar[str] = "onboarding-closed"

    partner: str
    brands: tuple[str, ...]
    reason: str
    closed_at: Instant


class StepDone(Event, frozen=True):
    """All forms of a step of the organisation phase are accepted, for these brands (ON-14)."""

    stored_as: ClassVar[str] = "step-done"

    partner: str
    brands: tuple[str, ...]
    step: Step
    done_at: Instant


class StepTurned(Event, frozen=True):
    """The other side has to act on the forms of a step.

    `turn` is `central` once all forms are submitted, and `partner` again when one is sent back.
    """

    stored_as: ClassVar[str] = "step-turned"

    partner: str
    brands: tuple[str, ...]
    step: Step
    turn: Side
    turned_at: Instant


class StepReopened(Event, frozen=True):
    """An accepted form of a step was sent back, so the partner has to act on it again (Q14).

    It concerns those of the brands whose organisation phase is not complete.
    """

    stored_as: ClassVar[str] = "step-reopened"

    partner: str
    brands: tuple[str, ...]
    step: Step
    reopened_at: Instant


class AcceptedFormsChanged(Event, frozen=True):
    """These forms of a step are accepted, and others of the step are not (D10)."""

    stored_as: ClassVar[str] = "accepted-forms-changed"

    partner: str
    brand: str
    step: Step
    forms: tuple[str, ...]
    changed_at: Instant


class PartnerReminded(Event, frozen=True):
    """The contact is reminded by mail of what the partner still has to provide.

    `automatic` is true for reminders by timer, false for those sent by central staff.
    """

    stored_as: ClassVar[str] = "partner-reminded"

    partner: str
    brand: str
    brand_name: str
    phase: Phase
    contact: Contact
    missing: tuple[Missing, ...]
    automatic: bool
    reminded_at: Instant


# A brand


class BrandOpened(Event, frozen=True):
    """The onboarding of a brand begins.

    `steps` are already done by the partner for all brands; forms of the steps `handed_in` await
    central's review. A brand opened `after_welcome` is announced by mail; earlier ones are named in
    the welcome mail.
    """

    stored_as: ClassVar[str] = "brand-opened"

    partner: str
    partner_name: str
    brand: str
    name: str
    steps: tuple[Step, ...]
    manager_id: str | None
    contact: Contact
    after_welcome: bool = False
    handed_in: tuple[Step, ...] = ()


class PhaseStarted(Event, frozen=True):
    """A phase opens, because the previous one is complete (ON-1).

    Its material becomes visible (ON-11). At `remind_at` the partner is reminded of what is still
    missing.
    """

    stored_as: ClassVar[str] = "phase-started"

    partner: str
    brand: str
    brand_name: str
    phase: Phase
    contact: Contact
    started_at: Instant
    remind_at: Instant


class Waited(Fact, frozen=True):
    """Seconds for which a phase waited for the partner and for central (N-11)."""

    partner_seconds: int
    central_seconds: int


class PhaseCompleted(Event, frozen=True):
    """All requirements of a phase are met, except those that were `waived`."""

    stored_as: ClassVar[str] = "phase-completed"

    partner: str
    brand: str
    phase: Phase
    started_at: Instant
    completed_at: Instant
    waited: Waited
    waived: tuple[Missing, ...] = ()


class WaiverGranted(Event, frozen=True):
    """Central waived a requirement of a phase for this brand."""

    stored_as: ClassVar[str] = "waiver-granted"

    partner: str
    brand: str
    requirement: str
    reason: str
    granted_at: Instant


class PlatformsChosen(Event, frozen=True):
    """Platforms on which the partner intends to sell the brand (ON-4).

    They replace those chosen earlier.
    """

    stored_as: ClassVar[str] = "platforms-chosen"

    partner: str
    brand: str
    platforms: tuple[str, ...]
    chosen_at: Instant


class ReleaseRequested(Event, frozen=True):
    """The brand's release on a platform was requested by the two forms (ON-15, ON-16).

    `preconditions` are requirements of this platform alone, to be met before anything goes live
    there (ON-20).
    """

    stored_as: ClassVar[str] = "release-requested"

    partner: str
    brand: str
    platform: str
    requested_at: Instant
    preconditions: tuple[str, ...] = ()


class ReleaseGranted(Event, frozen=True):
    """The brand may be sold on the platform."""

    stored_as: ClassVar[str] = "release-granted"

    partner: str
    brand: str
    platform: str
    granted_at: Instant


class ReleaseRefused(Event, frozen=True):
    """The platform refused the brand; its release can be requested again."""

    stored_as: ClassVar[str] = "release-refused"

    partner: str
    brand: str
    platform: str
    reason: str
    refused_at: Instant


class ReleaseWithdrawn(Event, frozen=True):
    """A release, or the request for one, was withdrawn.

    What was live on the platform no longer is.
    """

    stored_as: ClassVar[str] = "release-withdrawn"

    partner: str
    brand: str
    platform: str
    reason: str
    withdrawn_at: Instant


class PreconditionMet(Event, frozen=True):
    """A requirement of one platform alone is met, such as Amazon's brand registration (ON-20)."""

    stored_as: ClassVar[str] = "precondition-met"

    partner: str
    brand: str
    platform: str
    precondition: str
    met_at: Instant


class StockGroup(Fact, frozen=True):
    """Planned average stock of one group of goods, and the packed size of a piece (ON-30).

    Millimetres and grams; None where the form did not say it.
    """

    product_group: str
    pieces: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    weight_g: int | None = None


class PlannedStock(Fact, frozen=True):
    """The average stock that a partner plans for a brand, in pieces (ON-29)."""

    pieces: int | None
    articles: int | None
    groups: tuple[StockGroup, ...] = ()


class WarehouseChosen(Event, frozen=True):
    """The warehouse for the brand's goods (ON-4); its address is disclosed later (ON-31).

    `planned` is the stock on whose basis it was chosen; None where that was waived.
    """

    stored_as: ClassVar[str] = "warehouse-chosen"

    partner: str
    brand: str
    warehouse: str
    warehouse_name: str
    chosen_at: Instant
    planned: PlannedStock | None = None


class ProductTypesNeeded(Event, frozen=True):
    """Ids of the product types of the brand's articles (ON-24); `available` ones have a data model.

    `labels` are the names of the available product types, followed by those of the missing ones.
    """

    stored_as: ClassVar[str] = "product-types-needed"

    partner: str
    brand: str
    available: tuple[str, ...]
    missing: tuple[str, ...]
    stated_at: Instant
    labels: tuple[str, ...] = ()


class DataModelsRequested(Event, frozen=True):
    """Data models of missing product types were requested from Customer Success (ON-27).

    They are free of charge and due by the end of `due_on`, a day in Berlin, which is the instant
    `overdue_at` (ON-28). `partner_name` is empty in the earliest of these events.
    """

    stored_as: ClassVar[str] = "data-models-requested"

    partner: str
    brand: str
    brand_name: str
    request: str
    product_types: tuple[str, ...]
    labels: tuple[str, ...]
    recipient: Manager
    price_cents: int
    requested_at: Instant
    due_on: date
    overdue_at: Instant
    partner_name: str = ""


class DataModelAvailable(Event, frozen=True):
    """A product type that the brand needs now has its data model."""

    stored_as: ClassVar[str] = "data-model-available"

    partner: str
    brand: str
    product_type: str
    available_at: Instant


class DataModelsOverdue(Event, frozen=True):
    """The requested data models of these product types were not there by `due_on` (ON-28)."""

    stored_as: ClassVar[str] = "data-models-overdue"

    partner: str
    brand: str
    request: str
    product_types: tuple[str, ...]
    due_on: date


class Article(Fact, frozen=True):
    """An article number of the brand, and the id of its product type."""

    article: str
    product_type: str


class ArticlesRegistered(Event, frozen=True):
    """Articles that the brand wants to sell."""

    stored_as: ClassVar[str] = "articles-registered"

    partner: str
    brand: str
    articles: tuple[Article, ...]
    registered_at: Instant


class ArticlesLeftOut(Event, frozen=True):
    """Central left articles of the brand out: nothing waits for their content any more (Q32).

    `texts` and `images` count those of them that had some; `product_types` are those of the
    articles that remain.
    """

    stored_as: ClassVar[str] = "articles-left-out"

    partner: str
    brand: str
    articles: tuple[str, ...]
    reason: str
    texts: int
    images: int
    product_types: tuple[str, ...]
    left_out_at: Instant


class ContentCreated(Event, frozen=True):
    """The PIM has texts or images of articles that meet the platforms' requirements (ON-5).

    `texts` and `images` are article numbers.
    """

    stored_as: ClassVar[str] = "content-created"

    partner: str
    brand: str
    texts: tuple[str, ...]
    images: tuple[str, ...]
    created_at: Instant


class DeliveryDisclosed(Event, frozen=True):
    """The partner learns where and how to deliver, when logistics starts (ON-31).

    `again` is true when this repeats it after a change.
    """

    stored_as: ClassVar[str] = "delivery-disclosed"

    partner: str
    brand: str
    brand_name: str
    contact: Contact
    warehouse: str
    warehouse_name: str
    address: str
    conditions: str
    again: bool = False


class DeliveryAnnounced(Event, frozen=True):
    """The partner announced the initial delivery (ON-6)."""

    stored_as: ClassVar[str] = "delivery-announced"

    partner: str
    brand: str
    delivery: str
    expected_on: date
    pieces: int
    announced_at: Instant


class GoodsReceived(Event, frozen=True):
    """A goods receipt was booked (ON-7)."""

    stored_as: ClassVar[str] = "goods-received"

    partner: str
    brand: str
    receipt: str
    received_on: date
    pieces: int
    booked_at: Instant


class ArticlesWentLive(Event, frozen=True):
    """Articles with complete content are on sale on a released platform (ON-8)."""

    stored_as: ClassVar[str] = "articles-went-live"

    partner: str
    brand: str
    platform: str
    articles: tuple[str, ...]
    live_at: Instant


class ReportingSent(Event, frozen=True):
    """The partner gets links to reports and data (ON-9), https only."""

    stored_as: ClassVar[str] = "reporting-sent"

    partner: str
    brand: str
    brand_name: str
    contact: Contact
    reporting_url: str
    data_links: tuple[str, ...]
    sent_at: Instant


class BrandWentLive(Event, frozen=True):
    """All milestones are reached: the brand is on sale on these platforms (ON-10)."""

    stored_as: ClassVar[str] = "brand-went-live"

    partner: str
    brand: str
    name: str
    contact: Contact
    platforms: tuple[str, ...]
    articles: int
    live_at: Instant


# Forms. `brand` is "" for a form that the partner fills in once for all brands.


class FormColumn(Fact, frozen=True):
    """A question of a form, in German.

    `least` and `most` limit a number, or the length of a text. A question with `only_if` is asked
    only if that yes-no question was answered with yes or, with `only_if_choice`, if that choice of
    the question was chosen. A `personal` answer is about a person: the one of its row, or the one
    whom the form is about. `choice_ids` stand for `choices` in their order: they are what answers,
    rules and other events name, and `choices` are labels (Q33). A text that is a `web_address` is
    one; a date that is `not_past` is not over when the form is handed in; a number or date is not
    below the answer to the earlier question `at_least` (D18).
    """

    name: str
    label: str
    kind: FieldKind
    help: str = ""
    required: bool = False
    personal: bool = False
    choices: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    only_if: str | None = None
    choice_ids: tuple[str, ...] = ()
    only_if_choice: str | None = None
    web_address: bool = False
    not_past: bool = False
    at_least: str | None = None


class FormTable(Fact, frozen=True):
    """Questions that are asked for each of `least_rows` to `most_rows` rows."""

    name: str
    label: str
    columns: tuple[FormColumn, ...]
    help: str = ""
    least_rows: int = 0
    most_rows: int = 100


class FormDefined(Event, frozen=True):
    """A version of a form; forms already filled in keep the version they were filled in with."""

    stored_as: ClassVar[str] = "form-defined"

    form: str
    version: int
    step: Step
    title: str
    introduction: str
    per_brand: bool
    fields: tuple[FormColumn, ...]
    tables: tuple[FormTable, ...] = ()


class FormRow(Fact, frozen=True):
    """A row of a table.

    Its id was chosen by the client and stays with it; ids say nothing about people.
    """

    table: str
    row: str


class Answer(Fact, frozen=True):
    """The answer to one question, in canonical text: `ja` or `nein`, 2026-12-31, 1234.5.

    Several choices are several answers. In a table, `field` is `table.column`.
    """

    field: str
    text: str
    row: str | None = None


class PersonalAnswer(Fact, frozen=True):
    """An answer about a person, encrypted with the key of `contact_id`."""

    field: str
    contact_id: str
    text: Personal
    row: str | None = None


class DraftSaved(Event, frozen=True):
    """The answers given so far; they may be incomplete."""

    stored_as: ClassVar[str] = "draft-saved"

    partner: str
    brand: str
    form: str
    version: int
    rows: tuple[FormRow, ...]
    answers: tuple[Answer, ...]
    personal: tuple[PersonalAnswer, ...]


class FormSubmitted(Event, frozen=True):
    """A complete form awaits review by Customer Success.

    With `source` `sales` it was filled in during the sales phase and adopted (ON-17).
    """

    stored_as: ClassVar[str] = "form-submitted"

    partner: str
    brand: str
    form: str
    version: int
    rows: tuple[FormRow, ...]
    answers: tuple[Answer, ...]
    personal: tuple[PersonalAnswer, ...]
    source: Source
    submitted_at: Instant


class FormAccepted(Event, frozen=True):
    """Customer Success accepted the form."""

    stored_as: ClassVar[str] = "form-accepted"

    partner: str
    brand: str
    form: str
    accepted_at: Instant


class FormSentBack(Event, frozen=True):
    """Customer Success asks for changes of the form; `reason` says which.

    `brand_name` is empty for a form that counts for all brands, and in the earliest of these
    events.
    """

    stored_as: ClassVar[str] = "form-sent-back"

    partner: str
    brand: str
    form: str
    title: str
    contact: Contact
    reason: str
    sent_back_at: Instant
    brand_name: str = ""


class MaterialStored(Event, frozen=True):
    """Central uploaded a file for all partners to see, or another one in its place (ON-3).

    It is shown from the start of `shown_from` on, or of its phase without one; with a `platform`
    only to those who intend to go live there.
    """

    stored_as: ClassVar[str] = "material-stored"

    item: str
    title: str
    kind: str
    phase: Phase
    step: Step | None
    shown_from: Phase | None
    platform: str | None
    file_name: str
    media_type: str
    size_bytes: int
    sha256: str
    stored_at: Instant


class MaterialRemoved(Event, frozen=True):
    """The file is not shown any more, and deleted."""

    stored_as: ClassVar[str] = "material-removed"

    item: str
    removed_at: Instant


class DocumentStored(Event, frozen=True):
    """The partner or central added a file (ON-13).

    Its bytes are stored outside the log.
    """

    stored_as: ClassVar[str] = "document-stored"

    partner: str
    brand: str
    document: str
    title: str
    file_name: str
    media_type: str
    size_bytes: int
    sha256: str
    by: Side
    stored_at: Instant


class DocumentRemoved(Event, frozen=True):
    """The file was deleted; the record of it remains."""

    stored_as: ClassVar[str] = "document-removed"

    partner: str
    brand: str
    document: str
    removed_at: Instant


# What belongs to central


class WaitingBrand(Fact, frozen=True):
    """A brand that waits for a data model."""

    partner: str
    brand: str


class DataModelAwaited(Event, frozen=True):
    """A brand needs a product type that has no data model yet."""

    stored_as: ClassVar[str] = "data-model-awaited"

    product_type: str
    label: str
    waiting: WaitingBrand


class DataModelImplemented(Event, frozen=True):
    """A product type has its data model (ON-26); the `waiting` brands are notified."""

    stored_as: ClassVar[str] = "data-model-implemented"

    product_type: str
    label: str
    group: str
    waiting: tuple[WaitingBrand, ...]
    implemented_at: Instant


class DataModelAnswered(Event, frozen=True):
    """A brand asked for a data model that already existed."""

    stored_as: ClassVar[str] = "data-model-answered"

    product_type: str
    waiting: WaitingBrand
    implemented_at: Instant


class ServedBrand(Fact, frozen=True):
    """A brand that has chosen a warehouse."""

    partner: str
    brand: str


class WarehouseKept(Event, frozen=True):
    """A warehouse was added or changed.

    `address` and `conditions` are hidden from partners until logistics starts (ON-31). `brands` are
    all that ever chose it, including those that chose another one since.
    """

    stored_as: ClassVar[str] = "warehouse-kept"

    warehouse: str
    name: str
    address: str
    conditions: str
    brands: tuple[ServedBrand, ...] = ()


class BrandServed(Event, frozen=True):
    """A brand chose this warehouse for the first time."""

    stored_as: ClassVar[str] = "brand-served"

    warehouse: str
    brand: ServedBrand


# Files


class ImportMistake(Fact, frozen=True):
    """A mistake in a row of an imported file; it quotes no person."""

    line: int
    column: str
    reason: str


class ImportBegun(Event, frozen=True):
    """A file is being imported under a key of its sender; no other file may have this key."""

    stored_as: ClassVar[str] = "import-begun"

    import_id: str
    begun_at: Instant


class ImportFinished(Event, frozen=True):
    """The result of an import, by rows, and its first mistakes."""

    stored_as: ClassVar[str] = "import-finished"

    import_id: str
    new: int
    changed: int
    unchanged: int
    mistakes: tuple[ImportMistake, ...]
    finished_at: Instant


# People


class ContactRestricted(Event, frozen=True):
    """Erasure of a contact was requested; their records are kept until `until` (X-19)."""

    stored_as: ClassVar[str] = "contact-restricted"

    partner: str
    contact_id: str
    until: Instant


class ContactErased(Event, frozen=True):
    """The key to a contact's personal data was deleted (X-15)."""

    stored_as: ClassVar[str] = "contact-erased"

    partner: str
    contact_id: str


type PartnerEvent = (
    OnboardingOpened
    | ManagerAssigned
    | PartnerWelcomed
    | LinkSent
    | LinksRevoked
    | BrandAdded
    | OnboardingPaused
    | OnboardingResumed
    | OnboardingClosed
    | StepDone
    | StepTurned
    | StepReopened
    | ContactReplaced
    | PartnerRenamed
    | BrandRenamed
)
type BrandEvent = (
    BrandOpened
    | PhaseStarted
    | PhaseCompleted
    | WaiverGranted
    | PlatformsChosen
    | ReleaseRequested
    | ReleaseGranted
    | ReleaseRefused
    | ReleaseWithdrawn
    | PreconditionMet
    | WarehouseChosen
    | ProductTypesNeeded
    | DataModelsRequested
    | DataModelAvailable
    | DataModelsOverdue
    | ArticlesRegistered
    | ArticlesLeftOut
    | ContentCreated
    | DeliveryDisclosed
    | DeliveryAnnounced
    | GoodsReceived
    | ArticlesWentLive
    | ReportingSent
    | BrandWentLive
    | PartnerReminded
    | StepDone
    | StepTurned
    | StepReopened
    | AcceptedFormsChanged
    | PartnerRenamed
    | BrandRenamed
)
type FormEvent = DraftSaved | FormSubmitted | FormAccepted | FormSentBack
type OnboardingEvent = (
    PartnerEvent
    | BrandEvent
    | FormEvent
    | FormDefined
    | DocumentStored
    | DocumentRemoved
    | MaterialStored
    | MaterialRemoved
    | DataModelAwaited
    | DataModelImplemented
    | DataModelAnswered
    | WarehouseKept
    | BrandServed
    | ContactRestricted
    | ContactErased
    | ImportBegun
    | ImportFinished
)
