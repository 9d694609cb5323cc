"""HTTP for partners: central staff prepare, welcome and guide them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response, status

from onboarding.partner.adding import add_brand
from onboarding.partner.decider import (
    AddBrand,
    AssignManager,
    Command,
    OpenOnboarding,
    SendLink,
    Welcome,
    partner_history,
)
from onboarding.partner.history import known
from onboarding.partner.link import Links
from onboarding.partner.requests import (
    ManagerBody,
    NewBrand,
    NewLink,
    NewPartner,
    Reason,
    sealed_contact,
    sealed_link,
    sealed_manager,
)
from onboarding.partner.resting import Close, Pause, Resume
from zugabe_events.contracts.onboarding import Contact
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.encryption.personal_data import People
from zugabe_events.eventstore.command_handler import handle
from zugabe_events.http.authorization import Access, RequestContext
from zugabe_events.http.fields import Id


def partner_api(store: EventStore, people: People, links: Links, access: Access) -> APIRouter:  # noqa: C901
    router = APIRouter(
        prefix="/partners/{partner}", tags=["partner"], default_response_class=Response
    )
    guides = Depends(access.requires("guide-partners"))
    done = status.HTTP_204_NO_CONTENT

    async def settle(
        partner: str, command: Command, asked: RequestContext, response: Response, *natural: str
    ) -> None:
        handled = await handle(
            store,
            partner_history(partner),
            command,
            asked.context,
            attempt=asked.attempt(*natural),
            body=asked.body,
        )
        asked.answer(response, handled)

    async def contact_of(partner: str) -> Contact:
        return known(await state_of(store, partner_history(partner))).contact

    async def link_for(partner: str, contact: Contact, asked: RequestContext) -> str:
        at = asked.context.at
        link = links.issue(partner, contact.contact_id, at)
        return await sealed_link(people, partner, contact.contact_id, link, at)

    @router.put("", status_code=done)
    async def open_onboarding(
        partner: Id, body: NewPartner, asked: Annotated[RequestContext, guides], response: Response
    ) -> None:
        """He knows nothing of it until he is welcomed."""
        contact = await sealed_contact(people, partner, body.contact, asked.context.at)
        command = OpenOnboarding(partner, body.name, contact)
        await settle(partner, command, asked, response, "open-onboarding", partner)

    @router.put("/manager", status_code=done)
    async def assign_manager(
        partner: Id, body: ManagerBody, asked: Annotated[RequestContext, guides], response: Response
    ) -> None:
        """Another one takes over from the one before (ON-12)."""
        manager = await sealed_manager(people, body, asked.context.at)
        await settle(partner, AssignManager(manager), asked, response)

    @router.put("/brands/{brand}", status_code=done)
    async def join(
        partner: Id,
        brand: Id,
        body: NewBrand,
        asked: Annotated[RequestContext, guides],
        response: Response,
    ) -> None:
        handled = await add_brand(store, partner, AddBrand(brand, body.name), asked)
        asked.answer(response, handled)

    @router.post("/welcome", status_code=done)
    async def welcome(
        partner: Id, asked: Annotated[RequestContext, guides], response: Response
    ) -> None:
        """The official start (ON-2), once; the contact gets a link by mail."""
        link = await link_for(partner, await contact_of(partner), asked)
        await settle(partner, Welcome(link, asked.context.at), asked, response)

    @router.post("/link", status_code=done)
    async def send_link(
        partner: Id, body: NewLink, asked: Annotated[RequestContext, guides], response: Response
    ) -> None:
        """Links from before let nobody in any more."""
        if body.contact is None:
            contact = await contact_of(partner)
        else:
            contact = await sealed_contact(people, partner, body.contact, asked.context.at)
        link = await link_for(partner, contact, asked)
        await settle(partner, SendLink(contact, link, asked.context.at), asked, response)

    @router.post("/pause", status_code=done)
    async def pause(
        partner: Id, body: Reason, asked: Annotated[RequestContext, guides], response: Response
    ) -> None:
        await settle(partner, Pause(body.reason, asked.context.at), asked, response)

    @router.post("/resumption", status_code=done)
    async def resume(
        partner: Id, asked: Annotated[RequestContext, guides], response: Response
    ) -> None:
        await settle(partner, Resume(asked.context.at), asked, response)

    @router.post("/closure", status_code=done)
    async def close(
        partner: Id, body: Reason, asked: Annotated[RequestContext, guides], response: Response
    ) -> None:
        """For good."""
        await settle(partner, Close(body.reason, asked.context.at), asked, response)

    return router
