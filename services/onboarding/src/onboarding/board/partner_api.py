"""HTTP for a partner's view of their own onboarding (ON-13, Q15), which central staff see too."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends

from onboarding.board.answers import (
    BrandDetails,
    ContactPerson,
    PartnerSummary,
    brand_details,
    partner_summary,
)
from onboarding.board.overview import OverviewView
from onboarding.brand.state import BrandNotFoundError
from onboarding.partner.state import PartnerNotFoundError
from zugabe_events.contracts.onboarding import Contact, Manager
from zugabe_events.domain.views import Views
from zugabe_events.encryption.personal_data import People
from zugabe_events.encryption.sealed_text import WithheldReason
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Id
from zugabe_events.http.request_context import RequestContext


def overview_api(overview: Views[OverviewView], access: Access, people: People) -> APIRouter:
    router = APIRouter(prefix="/partners/{partner}", tags=["overview"])

    @router.get("")
    async def get_partner(
        partner: Id,
        request: Annotated[
            RequestContext, Depends(reads(access.requires("see-onboarding"), overview))
        ],
    ) -> PartnerSummary:
        """A partner with the manager and a summary of all brands (Q15)."""
        view = await of(partner, request)
        contact, manager = view.contact, view.manager
        texts = [contact.name, contact.email]
        texts += [manager.name, manager.email] if manager else []
        unsealed = await people.open(text for text in texts if text)
        return partner_summary(
            view, reached(contact, unsealed), reached(manager, unsealed) if manager else None
        )

    @router.get("/brands")
    async def list_brands(
        partner: Id,
        request: Annotated[
            RequestContext, Depends(reads(access.requires("see-onboarding"), overview))
        ],
    ) -> tuple[BrandDetails, ...]:
        """All brands with their phases, steps, releases and what is missing, in one answer."""
        view = await of(partner, request)
        return tuple(brand_details(brand) for brand in view.brands.values())

    @router.get("/brands/{brand}")
    async def get_brand(
        partner: Id,
        brand: Id,
        request: Annotated[
            RequestContext, Depends(reads(access.requires("see-onboarding"), overview))
        ],
    ) -> BrandDetails:
        """A brand with its phases, steps, releases and what is missing."""
        view = (await of(partner, request)).brands.get(brand)
        if view is None:
            raise BrandNotFoundError
        return brand_details(view)

    async def of(partner: str, request: RequestContext) -> OverviewView:
        """While it is prepared, the partner knows nothing of it (ON-2)."""
        view = await overview.get(partner)
        if view is None or (request.principal.role == "partner" and not view.welcomed):
            raise PartnerNotFoundError
        return view

    return router


def reached(person: Contact | Manager, unsealed: Mapping[str, str]) -> ContactPerson:
    return ContactPerson(plain(person.name, unsealed), plain(person.email, unsealed))


def plain(text: str, unsealed: Mapping[str, str]) -> str | None:
    found = unsealed.get(text)
    return None if found is None or isinstance(found, WithheldReason) else found
