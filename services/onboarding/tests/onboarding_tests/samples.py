"""Sample facts of an onboarding: the partner `nordwind` with the brand `nordkap`."""

from datetime import UTC, date, datetime, timedelta

from zugabe_events.contracts.onboarding import (
    Article,
    ArticlesRegistered,
    BrandAdded,
    BrandEvent,
    BrandOpened,
    Contact,
    ContentCreated,
    DeliveryDisclosed,
    GoodsReceived,
    Manager,
    ManagerAssigned,
    Missing,
    OnboardingOpened,
    PartnerWelcomed,
    Phase,
    PhaseCompleted,
    PhaseStarted,
    PlannedStock,
    PlatformsChosen,
    ProductTypesNeeded,
    ReleaseGranted,
    ReleaseRequested,
    Step,
    StepDone,
    StockGroup,
    Waited,
    WarehouseChosen,
)
from zugabe_events.encryption.sealed_text import SealedText

NOON = datetime(2026, 5, 4, 10, tzinfo=UTC)
"""A Monday; noon in Berlin."""

NOT_AT_ALL = Waited(0, 0)
REMIND = timedelta(days=14)
PARTNER, BRAND = "nordwind", "nordkap"
STEPS: tuple[Step, ...] = ("releases", "contacts", "data-models", "warehouse", "customer-service")


def sealed(person: str, field: str) -> str:
    """As it lies in the log: nothing that could be read."""
    return str(SealedText("onboarding", person, field, "A" * 40))


CONTACT = Contact("kim", sealed(f"{PARTNER}/kim", "name"), sealed(f"{PARTNER}/kim", "email"))
MANAGER = Manager("maxi", sealed("central/maxi", "name"), sealed("central/maxi", "email"))
LINK = sealed(f"{PARTNER}/kim", "link")

opened = OnboardingOpened(PARTNER, "Nordwind GmbH", CONTACT)
assigned = ManagerAssigned(PARTNER, (), MANAGER)
brand_added = BrandAdded(PARTNER, BRAND, "Nordkap")
welcomed = PartnerWelcomed(
    PARTNER, "Nordwind GmbH", (BRAND,), CONTACT, MANAGER, LINK, welcomed_at=NOON
)

brand_opened = BrandOpened(PARTNER, "Nordwind GmbH", BRAND, "Nordkap", (), "maxi", CONTACT)
PLANNED = PlannedStock(600, 12, (StockGroup("Jacken", 600, 400, 300, 60),))
warehouse_chosen = WarehouseChosen(PARTNER, BRAND, "hamburg", "Hamburg", NOON, PLANNED)
disclosed = DeliveryDisclosed(
    PARTNER,
    BRAND,
    "Nordkap",
    CONTACT,
    "hamburg",
    "Hamburg",
    "Kai 1, Hamburg",
    "Werktags bis 14 Uhr",
)
types_needed = ProductTypesNeeded(PARTNER, BRAND, ("hose",), ("muetze",), NOON)
registered = ArticlesRegistered(
    PARTNER, BRAND, (Article("0017", "hose"), Article("0018", "hose")), NOON
)
content = ContentCreated(PARTNER, BRAND, ("0017", "0018"), ("0017", "0018"), NOON)
received = GoodsReceived(PARTNER, BRAND, "we-1", date(2026, 5, 4), 40, NOON)
platforms = PlatformsChosen(PARTNER, BRAND, ("otto",), NOON)
requested = ReleaseRequested(PARTNER, BRAND, "otto", NOON)
granted = ReleaseGranted(PARTNER, BRAND, "otto", NOON)


def started(phase: Phase, at: datetime = NOON) -> PhaseStarted:
    return PhaseStarted(PARTNER, BRAND, "Nordkap", phase, CONTACT, at, at + REMIND)


def completed(
    phase: Phase,
    at: datetime = NOON,
    began: datetime = NOON,
    waived: tuple[Missing, ...] = (),
    waited: Waited = NOT_AT_ALL,
) -> PhaseCompleted:
    return PhaseCompleted(PARTNER, BRAND, phase, began, at, waited, waived)


def done(step: Step, at: datetime = NOON) -> StepDone:
    return StepDone(PARTNER, (BRAND,), step, at)


ORGANISED: tuple[BrandEvent, ...] = (
    brand_opened,
    started("organisation"),
    types_needed,
    *map(done, STEPS),
    warehouse_chosen,
)
"""Nothing is missing in the first phase."""

IN_CONTENT: tuple[BrandEvent, ...] = (*ORGANISED, completed("organisation"), started("content"))
IN_LOGISTICS: tuple[BrandEvent, ...] = (
    *IN_CONTENT, registered, content, completed("content"), started("logistics"), disclosed
)  # fmt: skip
GOING_LIVE: tuple[BrandEvent, ...] = (
    *IN_LOGISTICS, received, completed("logistics"), started("live"), platforms, requested, granted
)  # fmt: skip
