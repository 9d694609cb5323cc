"""A partner's onboarding as one document: manager and progress of each brand (ON-13, Q15).

Never with an address or conditions of delivery (ON-31).
"""

from collections.abc import Mapping, Sequence

from msgspec import field
from msgspec.structs import replace

from onboarding.board.shapes import Status
from onboarding.board.view import BoardView, brands_of
from onboarding.board.view import project as project_brand
from zugabe_events.contracts.onboarding import (
    Contact,
    LinkSent,
    Manager,
    ManagerAssigned,
    OnboardingClosed,
    OnboardingOpened,
    OnboardingPaused,
    OnboardingResumed,
    PartnerRenamed,
    PartnerWelcomed,
)
from zugabe_events.domain.event import Event, Fact
from zugabe_events.domain.projection import ReadModel


class OverviewView(Fact, frozen=True):
    """`contact` and `manager` are sealed; `brands` are by id."""

    dealer: str
    name: str
    contact: Contact
    manager: Manager | None = None
    welcomed: bool = False
    paused: bool = False
    closed: bool = False
    brands: Mapping[str, BoardView] = field(default_factory=dict)

    @property
    def status(self) -> Status:
        """The partner's status: live when all brands are."""
        if self.closed:
            return "closed"
        if self.paused:
            return "paused"
        if not self.welcomed:
            return "prepared"
        everywhere = {brand.status for brand in self.brands.values()}
        return "live" if everywhere == {"live"} else "running"


OF_PARTNER = (
    OnboardingOpened,
    ManagerAssigned,
    PartnerWelcomed,
    LinkSent,
    OnboardingPaused,
    OnboardingResumed,
    OnboardingClosed,
    PartnerRenamed,
)


def keys(event: Event) -> Sequence[str]:
    if isinstance(event, OF_PARTNER):
        return [event.partner]
    return sorted({partner for partner, _ in brands_of(event)})


def project(view: OverviewView | None, event: Event) -> OverviewView | None:
    if isinstance(event, OnboardingOpened):
        return OverviewView(event.partner, event.name, event.contact)
    if view is None:
        return None
    return of_partner(with_brands(view, event), event)


def with_brands(view: OverviewView, event: Event) -> OverviewView:
    brands = dict(view.brands)
    for _, brand in brands_of(event):
        summary = project_brand(brands.get(brand), event)
        if summary is not None:
            brands[brand] = summary
    return replace(view, brands=brands)


def of_partner(view: OverviewView, event: Event) -> OverviewView:
    match event:
        case ManagerAssigned(manager=manager):
            return replace(view, manager=manager)
        case PartnerRenamed(name=name):
            return replace(view, name=name)
        case PartnerWelcomed():
            return replace(view, welcomed=True)
        case LinkSent(contact=contact):
            return replace(view, contact=contact)
        case OnboardingPaused():
            return replace(view, paused=True)
        case OnboardingResumed():
            return replace(view, paused=False)
        case OnboardingClosed():
            return replace(view, closed=True)
        case _:
            return view


OVERVIEW = ReadModel(
    name="onboarding.overview",
    version=3,
    topics=("onboarding",),
    view=OverviewView,
    keys=keys,
    project=project,
)
