"""What onboarding tells the other services. Topic: `onboarding`.

The partner is the tenant. `brands` of an event about a partner are those that it concerns: all that
he had then.
"""

from datetime import date
from typing import ClassVar, Literal

from zugabe_events.domain.event import Event, Fact, Instant, Personal

USUAL_PORT = 8101

type Phase = Literal["organisation", "content", "logistics", "live"]
type Step = Literal["releases", "contacts", "data-models", "warehouse", "customer-service"]
type Side = Literal["partner", "central"]
type Source = Literal["partner", "sales"]
type FieldKind = Literal[
    "text", "long-text", "whole-number", "decimal", "yes-no", "choice", "choices", "email",
    "phone", "date",
]  # fmt: skip


class Contact(Fact, frozen=True):
    """A person at the partner; sealed with his own key."""

    contact_id: str
    name: Personal
    email: Personal


class Manager(Fact, frozen=True):
    """A Customer Success Manager; sealed with his own key (ON-12)."""

    manager_id: str
    name: Personal
    email: Personal


class Missing(Fact, frozen=True):
    """What a phase still needs, and from whom. `requirement` is stable, such as `form:contacts`;
    `subject` says which one when it is about one of many (an article, a platform, a product type),
    and `count` how many they are when they are not named."""

    requirement: str
    owner: Side
    subject: str = ""
    count: int = 1


# A partner


class OnboardingOpened(Event, frozen=True):
    """Central staff prepare a partner's onboarding; he knows nothing of it yet."""

    stored_as: ClassVar[str] = "onboarding-opened"

    partner: str
    name: str
    contact: Contact


class ManagerAssigned(Event, frozen=True):
    """The partner has a contact for his questions; `before` had it until now (ON-12)."""

    stored_as: ClassVar[str] = "manager-assigned"

    partner: str
    brands: tuple[str, ...]
    manager: Manager
    before: str | None = None


class PartnerWelcomed(Event, frozen=True):
    """The onboarding starts officially (ON-2). `link` lets the contact in; sealed as he is."""

    stored_as: ClassVar[str] = "partner-welcomed"

    partner: str
    name: str
    brands: tuple[str, ...]
    contact: Contact
    manager: Manager
    link: Personal
    welcomed_at: Instant


class LinkSent(Event, frozen=True):
    """The contact gets a new link; those issued before `issued_at` let nobody in any more."""

    stored_as: ClassVar[str] = "link-sent"

    partner: str
    contact: Contact
    link: Personal
    issued_at: Instant


class BrandAdded(Event, frozen=True):
    """A brand of the partner takes part; its phases run by themselves (Q15)."""

    stored_as: ClassVar[str] = "brand-added"

    partner: str
    brand: str
    name: str


class OnboardingPaused(Event, frozen=True):
    """Nothing moves until it is resumed; nobody is reminded."""

    stored_as: ClassVar[str] = "onboarding-paused"

    partner: str
    brands: tuple[str, ...]
    reason: str
    paused_at: Instant


class OnboardingResumed(Event, frozen=True):
    """What was paused goes on."""

    stored_as: ClassVar[str] = "onboarding-resumed"

    partner: str
    brands: tuple[str, ...]
    resumed_at: Instant


class OnboardingClosed(Event, frozen=True):
    """It ended, for good, without all of its brands going live."""

    stored_as: ClassVar[str] = "onboarding-closed"

    partner: str
    brands: tuple[str, ...]
    reason: str
    closed_at: Instant


class StepDone(Event, frozen=True):
    """All forms of a sub-step of the organisation phase are accepted, for these brands (ON-14)."""

    stored_as: ClassVar[str] = "step-done"

    partner: str
    brands: tuple[str, ...]
    step: Step
    done_at: Instant


class StepTurned(Event, frozen=True):
    """Whose turn it is with the forms of a sub-step: central's when all are submitted, and the
    partner's again when one is sent back."""

    stored_as: ClassVar[str] = "step-turned"

    partner: str
    brands: tuple[str, ...]
    step: Step
    turn: Side
    turned_at: Instant


class PartnerReminded(Event, frozen=True):
    """The contact is reminded by mail of what he owes; `automatic`: by the clock."""

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
    """A brand's own history begins; `steps` of the partner are done for it already, and those
    `handed_in` wait for central. One that comes `after_welcome` is told of by mail, as the welcome
    told of the others."""

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
    """A phase opens, when the one before it is complete (ON-1); its material is shown from now on
    (ON-11). At `remind_at` the partner is reminded of what he still owes."""

    stored_as: ClassVar[str] = "phase-started"

    partner: str
    brand: str
    brand_name: str
    phase: Phase
    contact: Contact
    started_at: Instant
    remind_at: Instant


class Waited(Fact, frozen=True):
    """For how long a phase waited for whom (N-11)."""

    partner_seconds: int
    central_seconds: int


class PhaseCompleted(Event, frozen=True):
    """Everything that the phase needs is there; `waived` was not, and is done without."""

    stored_as: ClassVar[str] = "phase-completed"

    partner: str
    brand: str
    phase: Phase
    started_at: Instant
    completed_at: Instant
    waited: Waited
    waived: tuple[Missing, ...] = ()


class WaiverGranted(Event, frozen=True):
    """Central does without a requirement of a phase, for this brand."""

    stored_as: ClassVar[str] = "waiver-granted"

    partner: str
    brand: str
    requirement: str
    reason: str
    granted_at: Instant


class PlatformsChosen(Event, frozen=True):
    """On these platforms the partner intends to go live (ON-4); they replace earlier ones."""

    stored_as: ClassVar[str] = "platforms-chosen"

    partner: str
    brand: str
    platforms: tuple[str, ...]
    chosen_at: Instant


class ReleaseRequested(Event, frozen=True):
    """The release of the brand on a platform was asked for, by the two forms (ON-15, ON-16).
    `preconditions` are what the platform alone demands before anything goes live there (ON-20)."""

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
    """The platform does not take the brand; it can be requested again."""

    stored_as: ClassVar[str] = "release-refused"

    partner: str
    brand: str
    platform: str
    reason: str
    refused_at: Instant


class ReleaseWithdrawn(Event, frozen=True):
    """A release, or the request for one, ended; what was live on the platform is so no more."""

    stored_as: ClassVar[str] = "release-withdrawn"

    partner: str
    brand: str
    platform: str
    reason: str
    withdrawn_at: Instant


class PreconditionMet(Event, frozen=True):
    """What one platform alone demands is there, such as Amazon's brand registration (ON-20)."""

    stored_as: ClassVar[str] = "precondition-met"

    partner: str
    brand: str
    platform: str
    precondition: str
    met_at: Instant


class WarehouseChosen(Event, frozen=True):
    """Where the brand's goods will lie (ON-4); its address is told later (ON-31)."""

    stored_as: ClassVar[str] = "warehouse-chosen"

    partner: str
    brand: str
    warehouse: str
    warehouse_name: str
    chosen_at: Instant


class ProductTypesNeeded(Event, frozen=True):
    """Product types that the brand's articles have (ON-24), as ids; `available` ones have a data
    model. `labels` are those of the available, then of the missing ones."""

    stored_as: ClassVar[str] = "product-types-needed"

    partner: str
    brand: str
    available: tuple[str, ...]
    missing: tuple[str, ...]
    stated_at: Instant
    labels: tuple[str, ...] = ()


class DataModelsRequested(Event, frozen=True):
    """Missing product types are reported to Customer Success (ON-27). Free of charge, and there by
    the end of `due_on`, a day in Berlin (ON-28); at `overdue_at` that day is over."""

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


class DataModelAvailable(Event, frozen=True):
    """A product type that the brand waits for has its data model now."""

    stored_as: ClassVar[str] = "data-model-available"

    partner: str
    brand: str
    product_type: str
    available_at: Instant


class DataModelsOverdue(Event, frozen=True):
    """The day on which they were due is over, and these are not there (ON-28)."""

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


class ContentCreated(Event, frozen=True):
    """Text or images of articles are in the PIM, fit for the platforms (ON-5)."""

    stored_as: ClassVar[str] = "content-created"

    partner: str
    brand: str
    texts: tuple[str, ...]
    images: tuple[str, ...]
    created_at: Instant


class DeliveryDisclosed(Event, frozen=True):
    """With the start of logistics the partner learns where and how to deliver, and `again` when
    that has changed (ON-31)."""

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
    """The partner says when the initial delivery comes (ON-6)."""

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
    """Articles with complete content are sold on a released platform (ON-8)."""

    stored_as: ClassVar[str] = "articles-went-live"

    partner: str
    brand: str
    platform: str
    articles: tuple[str, ...]
    live_at: Instant


class ReportingSent(Event, frozen=True):
    """The partner gets his reporting and data links (ON-9); only https."""

    stored_as: ClassVar[str] = "reporting-sent"

    partner: str
    brand: str
    brand_name: str
    contact: Contact
    reporting_url: str
    data_links: tuple[str, ...]
    sent_at: Instant


class BrandWentLive(Event, frozen=True):
    """All milestones are reached: the brand is sold on these platforms (ON-10)."""

    stored_as: ClassVar[str] = "brand-went-live"

    partner: str
    brand: str
    name: str
    contact: Contact
    platforms: tuple[str, ...]
    articles: int
    live_at: Instant


# Forms. `brand` is "" for a form that the partner fills once for all his brands.


class FormColumn(Fact, frozen=True):
    """One question of a form, in German. `least` and `most` bound numbers and lengths of texts.
    With `only_if` it is asked only when that yes-no question was answered with yes. A `personal`
    answer is about a person: the row's, or the one whom the form itself is about."""

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


class FormTable(Fact, frozen=True):
    """Questions that are asked for each of up to `most_rows` rows."""

    name: str
    label: str
    columns: tuple[FormColumn, ...]
    help: str = ""
    least_rows: int = 0
    most_rows: int = 100


class FormDefined(Event, frozen=True):
    """A form looks like this from now on; filled ones keep the version they were filled in."""

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
    """A row of a table. Whoever fills in the form chose its id, which goes with it wherever it
    stands; ids say nothing about anybody."""

    table: str
    row: str


class Answer(Fact, frozen=True):
    """The answer to one question, in canonical text: `ja` or `nein`, 2026-12-31, 1234.5; several
    choices are several answers. In a table `field` is `table.column`."""

    field: str
    text: str
    row: str | None = None


class PersonalAnswer(Fact, frozen=True):
    """The same about a person, sealed with the key of `contact_id`."""

    field: str
    contact_id: str
    text: Personal
    row: str | None = None


class DraftSaved(Event, frozen=True):
    """What somebody has filled in so far; it need not be complete."""

    stored_as: ClassVar[str] = "draft-saved"

    partner: str
    brand: str
    form: str
    version: int
    rows: tuple[FormRow, ...]
    answers: tuple[Answer, ...]
    personal: tuple[PersonalAnswer, ...]


class FormSubmitted(Event, frozen=True):
    """A complete form waits for Customer Success. From `sales`: it was filled in during the sales
    phase and is taken over (ON-17)."""

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
    """Customer Success took the form as it is."""

    stored_as: ClassVar[str] = "form-accepted"

    partner: str
    brand: str
    form: str
    accepted_at: Instant


class FormSentBack(Event, frozen=True):
    """Customer Success wants it changed, and says why."""

    stored_as: ClassVar[str] = "form-sent-back"

    partner: str
    brand: str
    form: str
    title: str
    contact: Contact
    reason: str
    sent_back_at: Instant


class DocumentStored(Event, frozen=True):
    """A file that the partner or central added (ON-13); its bytes lie outside the log."""

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
    """The file is gone; that it was there is not."""

    stored_as: ClassVar[str] = "document-removed"

    partner: str
    brand: str
    document: str
    removed_at: Instant


# What belongs to central


class WaitingBrand(Fact, frozen=True):
    partner: str
    brand: str


class DataModelAwaited(Event, frozen=True):
    """A brand needs a product type that has no data model yet."""

    stored_as: ClassVar[str] = "data-model-awaited"

    product_type: str
    label: str
    waiting: WaitingBrand


class DataModelImplemented(Event, frozen=True):
    """A product type has its data model (ON-26); `waiting` brands are told."""

    stored_as: ClassVar[str] = "data-model-implemented"

    product_type: str
    label: str
    group: str
    waiting: tuple[WaitingBrand, ...]
    implemented_at: Instant


class DataModelAnswered(Event, frozen=True):
    """A brand asked for a data model that was there already."""

    stored_as: ClassVar[str] = "data-model-answered"

    product_type: str
    waiting: WaitingBrand
    implemented_at: Instant


class ServedBrand(Fact, frozen=True):
    partner: str
    brand: str


class WarehouseKept(Event, frozen=True):
    """A warehouse, with what a partner may not know before logistics (ON-31). `brands` have chosen
    it, some of them perhaps another one since."""

    stored_as: ClassVar[str] = "warehouse-kept"

    warehouse: str
    name: str
    address: str
    conditions: str
    brands: tuple[ServedBrand, ...] = ()


class BrandServed(Event, frozen=True):
    """A brand has chosen this warehouse, for the first time."""

    stored_as: ClassVar[str] = "brand-served"

    warehouse: str
    brand: ServedBrand


# People


class ContactRestricted(Event, frozen=True):
    """A contact's erasure was asked for, and records of him are kept until `until` (X-19)."""

    stored_as: ClassVar[str] = "contact-restricted"

    partner: str
    contact_id: str
    until: Instant


class ContactErased(Event, frozen=True):
    """The key to a contact's personal data is gone (X-15)."""

    stored_as: ClassVar[str] = "contact-erased"

    partner: str
    contact_id: str


type PartnerEvent = (
    OnboardingOpened
    | ManagerAssigned
    | PartnerWelcomed
    | LinkSent
    | BrandAdded
    | OnboardingPaused
    | OnboardingResumed
    | OnboardingClosed
    | StepDone
    | StepTurned
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
)
type FormEvent = DraftSaved | FormSubmitted | FormAccepted | FormSentBack
type OnboardingEvent = (
    PartnerEvent
    | BrandEvent
    | FormEvent
    | FormDefined
    | DocumentStored
    | DocumentRemoved
    | DataModelAwaited
    | DataModelImplemented
    | DataModelAnswered
    | WarehouseKept
    | BrandServed
    | ContactRestricted
    | ContactErased
)
