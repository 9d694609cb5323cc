"""A partner's onboarding: prepared, welcomed, perhaps paused, perhaps closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from onboarding.brand.state import BrandNotFoundError
from onboarding.brand.steps import FinishStep, ReopenStep, TurnStep
from onboarding.partner.lifecycle import Close, Pause, Resume, decide_lifecycle
from onboarding.partner.link_commands import (
    LinkCommand,
    RequestLink,
    RevokeLinks,
    SendLink,
    decide_links,
)
from onboarding.partner.state import (
    Closed,
    OnboardingClosedError,
    Open,
    Partner,
    Paused,
    Unknown,
    evolve,
    manager_of,
    onboarding_of,
    open_partner,
)
from onboarding.partner.steps import finish_step, reopen_step, turn_step
from zugabe_events.contracts.onboarding import (
    BrandAdded,
    BrandRenamed,
    Contact,
    Manager,
    ManagerAssigned,
    OnboardingOpened,
    PartnerEvent,
    PartnerRenamed,
    PartnerWelcomed,
)
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import InvalidError, RefusedError
from zugabe_events.domain.event import Personal, Stream
from zugabe_events.domain.tenant import CENTRAL

MAX_BRANDS = 100
"""Events of a partner name all of them."""


@dataclass(frozen=True, slots=True)
class OpenOnboarding:
    partner: str
    name: str
    contact: Contact


@dataclass(frozen=True, slots=True)
class AssignManager:
    manager: Manager


@dataclass(frozen=True, slots=True)
class AddBrand:
    brand: str
    name: str


@dataclass(frozen=True, slots=True)
class Welcome:
    """`link` lets the contact in, and is sealed with their key."""

    link: Personal
    at: datetime


@dataclass(frozen=True, slots=True)
class RenamePartner:
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RenameOneBrand:
    brand: str
    name: str
    at: datetime


type Command = (
    OpenOnboarding
    | AssignManager
    | AddBrand
    | Welcome
    | LinkCommand
    | Pause
    | Resume
    | Close
    | FinishStep
    | TurnStep
    | ReopenStep
    | RenamePartner
    | RenameOneBrand
)


class PartnerExistsError(RefusedError):
    """Another onboarding bears this id."""

    code = "partner-exists"

    def __init__(self) -> None:
        super().__init__("Unter dieser Kennung gibt es bereits ein Onboarding.")


class PartnerReservedError(InvalidError):
    """It is the tenant of what belongs to no partner."""

    code = "partner-reserved"

    def __init__(self) -> None:
        super().__init__("Diese Kennung ist reserviert.")


class NoBrandError(RefusedError):
    """Phases run per brand: without one there is nothing to start (Q15)."""

    code = "brand-missing"

    def __init__(self) -> None:
        super().__init__("Der Partner hat noch keine Marke.")


class BrandExistsError(RefusedError):
    """Another brand of the partner bears this id."""

    code = "brand-exists"

    def __init__(self, name: str) -> None:
        super().__init__(f"Unter dieser Kennung hat der Partner bereits die Marke „{name}“.")


class TooManyBrandsError(RefusedError):
    code = "too-many-brands"

    def __init__(self, most: int) -> None:
        super().__init__(f"Ein Partner kann höchstens {most} Marken haben.", most=most)


def decide(command: Command, partner: Partner) -> Sequence[PartnerEvent]:  # noqa: C901
    match command:
        case OpenOnboarding():
            return open_onboarding(command, partner)
        case AssignManager():
            return assign(command, partner)
        case AddBrand():
            return add_brand(command, partner)
        case Welcome():
            return welcome(command, partner)
        case SendLink() | RequestLink() | RevokeLinks():
            return decide_links(command, partner)
        case RenamePartner():
            return rename(command, partner)
        case RenameOneBrand():
            return rename_brand(command, partner)
        case Pause() | Resume() | Close():
            return decide_lifecycle(command, partner)
        case FinishStep():
            return finish_step(command, partner)
        case TurnStep():
            return turn_step(command, partner)
        case ReopenStep():
            return reopen_step(command, partner)


def open_onboarding(command: OpenOnboarding, partner: Partner) -> Sequence[PartnerEvent]:
    match partner:
        case Unknown() if command.partner == CENTRAL:
            raise PartnerReservedError
        case Unknown():
            return [OnboardingOpened(command.partner, command.name, command.contact)]
        case Open() | Paused() | Closed():
            raise PartnerExistsError


def assign(command: AssignManager, partner: Partner) -> Sequence[PartnerEvent]:
    """A hand-over names who had it before (ON-12)."""
    its, manager = onboarding_of(partner), command.manager
    if isinstance(partner, Closed):
        raise OnboardingClosedError
    before = its.manager.manager_id if its.manager else None
    if before == manager.manager_id:
        return []
    return [ManagerAssigned(its.partner, its.brand_ids, manager, before)]


def add_brand(command: AddBrand, partner: Partner) -> Sequence[PartnerEvent]:
    its = open_partner(partner)
    if its.brands.get(command.brand) == command.name:
        return []
    if command.brand in its.brands:
        raise BrandExistsError(its.brands[command.brand])
    if len(its.brands) >= MAX_BRANDS:
        raise TooManyBrandsError(MAX_BRANDS)
    return [BrandAdded(its.partner, command.brand, command.name)]


def welcome(command: Welcome, partner: Partner) -> Sequence[PartnerEvent]:
    """Once (ON-2), with a manager to turn to (ON-12) and a brand to begin with."""
    its = open_partner(partner)
    if its.welcomed_at is not None:
        return []
    manager = manager_of(its)
    if not its.brands:
        raise NoBrandError
    return [
        PartnerWelcomed(
            its.partner,
            its.name,
            its.brand_ids,
            its.contact,
            manager,
            command.link,
            command.at,
        )
    ]


def rename(command: RenamePartner, partner: Partner) -> Sequence[PartnerEvent]:
    its = not_closed(partner)
    if command.name == its.name:
        return []
    return [PartnerRenamed(its.partner, its.brand_ids, command.name, its.name, command.at)]


def rename_brand(command: RenameOneBrand, partner: Partner) -> Sequence[PartnerEvent]:
    """Raise BrandNotFoundError."""
    its, brand = not_closed(partner), command.brand
    if brand not in its.brands:
        raise BrandNotFoundError
    if command.name == its.brands[brand]:
        return []
    return [BrandRenamed(its.partner, brand, command.name, its.brands[brand], command.at)]


def not_closed(partner: Partner) -> Open:
    if isinstance(partner, Closed):
        raise OnboardingClosedError
    return onboarding_of(partner)


PARTNER_DECIDER: Decider[Command, Partner, PartnerEvent] = Decider(
    "partner", Unknown(), decide, evolve
)


def partner_history(partner_id: str) -> History[Partner, PartnerEvent]:
    return History(Stream(f"partner/{partner_id}", partner_id), PARTNER_DECIDER)
