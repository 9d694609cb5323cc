"""HTTP for partners: central staff prepare, welcome and guide them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response, status

from onboarding.partner.brand_addition import add_brand
from onboarding.partner.decider import (
    AddBrand,
    AssignManager,
    Command,
    OpenOnboarding,
    RenameOneBrand,
    RenamePartner,
    Welcome,
    partner_history,
)
from onboarding.partner.lifecycle import Close, Pause, Resume
from onboarding.partner.link import Links
from onboarding.partner.link_commands import SendLink
from onboarding.partner.renaming import rename_brand
from onboarding.partner.requests import (
    ManagerBody,
    NewBrand,
    NewLink,
    NewName,
    NewPartner,
    Reason,
    sealed_contact,
    sealed_link,
    sealed_manager,
)
from onboarding.partner.state import onboarding_of
from zugabe_events.contracts.onboarding import Contact
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.encryption.personal_data import People
from zugabe_events.http.authorization import Access
from zugabe_events.http.fields import Id
from zugabe_events.http.request_context import RequestContext


def partner_api(store: EventStore, people: People, links: Links, access: Access) -> APIRouter:  # noqa: C901
    router = APIRouter(
        prefix="/partners/{partner}", tags=["partner"], default_response_class=Response
    )
    guides = Depends(access.requires("guide-partners"))
    done = status.HTTP_204_NO_CONTENT

    async def settle(
        partner: str, command: Command, request: RequestContext, *natural: str
    ) -> None:
        await request.handle(
            store, partner_history(partner), command, attempt=request.attempt(*natural)
        )

    async def contact_of(partner: str) -> Contact:
        return onboarding_of(await state_of(store, partner_history(partner))).contact

    async def link_for(partner: str, contact: Contact, request: RequestContext) -> str:
        at = request.context.at
        link = links.issue(partner, contact.contact_id, at)
        return await sealed_link(people, partner, contact.contact_id, link, at)

    @router.put("", status_code=done)
    async def open_onboarding(
        partner: Id, body: NewPartner, request: Annotated[RequestContext, guides]
    ) -> None:
        """Prepare an onboarding, hidden from the partner until the welcome."""
        contact = await sealed_contact(people, partner, body.contact, request.context.at)
        command = OpenOnboarding(partner, body.name, contact)
        await settle(partner, command, request, "open-onboarding", partner)

    @router.put("/manager", status_code=done)
    async def assign_manager(
        partner: Id, body: ManagerBody, request: Annotated[RequestContext, guides]
    ) -> None:
        """Assign a manager, replacing the present one (ON-12)."""
        manager = await sealed_manager(people, body, request.context.at)
        await settle(partner, AssignManager(manager), request)

    @router.put("/brands/{brand}", status_code=done)
    async def join(
        partner: Id,
        brand: Id,
        body: NewBrand,
        request: Annotated[RequestContext, guides],
    ) -> None:
        """Begin the onboarding of a further brand of the partner."""
        await add_brand(store, partner, AddBrand(brand, body.name), request)

    @router.put("/name", status_code=done)
    async def rename(
        partner: Id, body: NewName, request: Annotated[RequestContext, guides]
    ) -> None:
        """Correct the partner's name."""
        await settle(partner, RenamePartner(body.name, request.context.at), request)

    @router.put("/brands/{brand}/name", status_code=done)
    async def rename_one_brand(
        partner: Id, brand: Id, body: NewName, request: Annotated[RequestContext, guides]
    ) -> None:
        """Correct the name of a brand."""
        command = RenameOneBrand(brand, body.name, request.context.at)
        await rename_brand(store, partner, command, request)

    @router.post("/welcome", status_code=done)
    async def welcome(partner: Id, request: Annotated[RequestContext, guides]) -> None:
        """Start the onboarding officially, once; the contact gets a link by mail (ON-2)."""
        link = await link_for(partner, await contact_of(partner), request)
        await settle(partner, Welcome(link, request.context.at), request)

    @router.post("/link", status_code=done)
    async def send_link(
        partner: Id, body: NewLink, request: Annotated[RequestContext, guides]
    ) -> None:
        """Send the contact a new link; earlier links become invalid. A contact of another address
        takes the place of the one before, who is told."""
        contact = before = await contact_of(partner)
        new_address = False
        if body.contact is not None:
            opened = await people.open([before.email])
            new_address = opened.get(before.email) != body.contact.email
            contact = await sealed_contact(people, partner, body.contact, request.context.at)
        link = await link_for(partner, contact, request)
        await settle(partner, SendLink(contact, link, request.context.at, new_address), request)

    @router.post("/pause", status_code=done)
    async def pause(partner: Id, body: Reason, request: Annotated[RequestContext, guides]) -> None:
        """Pause the onboarding of all the partner's brands."""
        await settle(partner, Pause(body.reason, request.context.at), request)

    @router.post("/resumption", status_code=done)
    async def resume(partner: Id, request: Annotated[RequestContext, guides]) -> None:
        """Resume it; days that passed meanwhile do not count."""
        await settle(partner, Resume(request.context.at), request)

    @router.post("/closure", status_code=done)
    async def close(partner: Id, body: Reason, request: Annotated[RequestContext, guides]) -> None:
        """Close the onboarding permanently."""
        await settle(partner, Close(body.reason, request.context.at), request)

    return router
