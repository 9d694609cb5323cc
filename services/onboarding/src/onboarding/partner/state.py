"""The state of a partner's onboarding, and the checks that commands on it share."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import msgspec

from onboarding.brand.state import turned, without
from zugabe_events.contracts.onboarding import (
    BrandAdded,
    BrandRenamed,
    Contact,
    ContactReplaced,
    LinkSent,
    LinksRevoked,
    Manager,
    ManagerAssigned,
    OnboardingClosed,
    OnboardingOpened,
    OnboardingPaused,
    OnboardingResumed,
    PartnerEvent,
    PartnerRenamed,
    PartnerWelcomed,
    Step,
    StepDone,
    StepReopened,
    StepTurned,
)
from zugabe_events.domain.errors import NotFoundError, RefusedError
from zugabe_events.domain.event import Personal


@dataclass(frozen=True, slots=True)
class Unknown:
    pass


@dataclass(frozen=True, slots=True)
class Open:
    """`brands` are names by id, in their order; `steps` are those done for all of them, and those
    `handed_in` wait for central. Links issued before `link_issued_at` are invalid; all are without
    it. `link_sent_at` is when a mail had one last."""

    partner: str
    name: str
    contact: Contact
    manager: Manager | None = None
    brands: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    handed_in: tuple[Step, ...] = ()
    welcomed_at: datetime | None = None
    link_issued_at: datetime | None = None
    link_sent_at: datetime | None = None

    @property
    def brand_ids(self) -> tuple[str, ...]:
        return tuple(self.brands)


@dataclass(frozen=True, slots=True)
class Paused:
    open: Open


@dataclass(frozen=True, slots=True)
class Closed:
    open: Open


type Partner = Unknown | Open | Paused | Closed


class PartnerNotFoundError(NotFoundError):
    code = "partner-not-found"

    def __init__(self) -> None:
        super().__init__("Diesen Partner gibt es nicht.")


class OnboardingPausedError(RefusedError):
    """Nothing moves until it is resumed."""

    code = "onboarding-paused"

    def __init__(self) -> None:
        super().__init__("Das Onboarding ist unterbrochen. Bitte setzen Sie es zuerst fort.")


class OnboardingClosedError(RefusedError):
    """It ended, for good."""

    code = "onboarding-closed"

    def __init__(self) -> None:
        super().__init__("Das Onboarding ist beendet.")


class NotWelcomedError(RefusedError):
    """The onboarding is prepared, and has not started officially (ON-2)."""

    code = "partner-not-welcomed"

    def __init__(self) -> None:
        super().__init__("Das Onboarding hat noch nicht begonnen.")


class ManagerMissingError(RefusedError):
    """The partner has no manager to turn to (ON-12)."""

    code = "manager-missing"

    def __init__(self) -> None:
        super().__init__("Dem Partner ist noch kein Customer Success Manager zugeordnet.")


def onboarding_of(partner: Partner) -> Open:
    """The onboarding, whether open, paused or closed. Raise PartnerNotFoundError."""
    match partner:
        case Unknown():
            raise PartnerNotFoundError
        case Open():
            return partner
        case Paused(its) | Closed(its):
            return its


def open_partner(partner: Partner) -> Open:
    """Refuse while the onboarding is paused or closed."""
    match partner:
        case Paused():
            raise OnboardingPausedError
        case Closed():
            raise OnboardingClosedError
        case Unknown() | Open():
            return onboarding_of(partner)


def welcomed_partner(partner: Partner) -> Open:
    """Refuse also before the onboarding has started officially (ON-2)."""
    its = open_partner(partner)
    if its.welcomed_at is None:
        raise NotWelcomedError
    return its


def manager_of(its: Open) -> Manager:
    """Raise ManagerMissingError."""
    if its.manager is None:
        raise ManagerMissingError
    return its.manager


def evolve(partner: Partner, event: PartnerEvent) -> Partner:  # noqa: C901
    match event:
        case OnboardingOpened():
            return Open(event.partner, event.name, event.contact)
        case ManagerAssigned():
            return changed(partner, manager=event.manager)
        case BrandAdded():
            return changed(
                partner, brands={**onboarding_of(partner).brands, event.brand: event.name}
            )
        case BrandRenamed():
            return changed(
                partner, brands={**onboarding_of(partner).brands, event.brand: event.name}
            )
        case PartnerRenamed(name=name):
            return changed(partner, name=name)
        case ContactReplaced():
            return partner
        case PartnerWelcomed(welcomed_at=at):
            contact = with_link(event.contact, event.link)
            return changed(
                partner, contact=contact, welcomed_at=at, link_issued_at=at, link_sent_at=at
            )
        case LinkSent(issued_at=issued_at):
            return changed(
                partner,
                contact=with_link(event.contact, event.link),
                link_issued_at=issued_at,
                link_sent_at=event.sent_at or issued_at,
            )
        case LinksRevoked():
            contact = with_link(onboarding_of(partner).contact, "")
            return changed(partner, contact=contact, link_issued_at=None)
        case StepDone():
            return changed(
                partner, steps=tuple(sorted({*onboarding_of(partner).steps, event.step}))
            )
        case StepTurned():
            return changed(partner, handed_in=turned(onboarding_of(partner).handed_in, event))
        case StepReopened(step=step):
            its = onboarding_of(partner)
            return changed(
                partner, steps=without(its.steps, step), handed_in=without(its.handed_in, step)
            )
        case OnboardingPaused():
            return Paused(onboarding_of(partner))
        case OnboardingResumed():
            return onboarding_of(partner)
        case OnboardingClosed():
            return Closed(onboarding_of(partner))


def with_link(contact: Contact, link: Personal) -> Contact:
    """Later mails to the contact carry the link that was sent last (ON-11)."""
    return msgspec.structs.replace(contact, link=link)


def changed(partner: Partner, **fields: Any) -> Partner:
    its = replace(onboarding_of(partner), **fields)
    match partner:
        case Paused():
            return Paused(its)
        case Closed():
            return Closed(its)
        case Unknown() | Open():
            return its
