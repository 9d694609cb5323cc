"""HTTP for links: exchanged for a session, requested again, revoked (S17)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Response, status
from fastapi.responses import JSONResponse
from pydantic import StringConstraints

from onboarding.partner.decider import partner_history
from onboarding.partner.entrance import Entrance
from onboarding.partner.link import Links
from onboarding.partner.link_commands import RequestLink, RevokeLinks
from onboarding.partner.requests import PersonErasedError, sealed_link
from onboarding.partner.state import Closed, Partner, Unknown, onboarding_of
from zugabe_events.domain.errors import RefusedError, UnauthenticatedError
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.encryption.personal_data import People
from zugabe_events.http.authorization import Access
from zugabe_events.http.fields import Body, Email, Id
from zugabe_events.http.request_context import RequestContext

Token = Annotated[str, StringConstraints(min_length=1, max_length=2_000, pattern=r"^[\w.-]+$")]


class LinkBody(Body):
    """The token of a link: what follows `link=` in its address."""

    link: Token


class LostLink(Body):
    """Either an old link, which may have expired, or the address of the contact."""

    link: Token | None = None
    email: Email | None = None


class LinkRefusedError(RefusedError):
    """The link is not ours, has expired, was replaced or was revoked; `code` says which."""

    code = "link-invalid"


@dataclass(frozen=True, slots=True)
class LinkSession:
    """`token` is a bearer token until `expires_at`, or until the link is replaced or revoked."""

    token: str
    expires_at: datetime


def link_api(
    store: EventStore, people: People, links: Links, entrance: Entrance, access: Access
) -> APIRouter:
    router = APIRouter(
        prefix="/partners/{partner}", tags=["partner"], default_response_class=Response
    )

    @router.post("/sessions", status_code=status.HTTP_201_CREATED, response_class=JSONResponse)
    async def exchange(
        partner: Id,
        body: LinkBody,
        _: Annotated[RequestContext, Depends(access.requires("exchange-links"))],
    ) -> LinkSession:
        """Exchange a link for a session of hours. It can be exchanged again until a newer one takes
        its place."""
        try:
            return LinkSession(*await entrance.admit(partner, body.link))
        except UnauthenticatedError as error:
            raise LinkRefusedError(error.detail, code=error.code) from error

    @router.post("/link-requests", status_code=status.HTTP_202_ACCEPTED)
    async def request_link(
        partner: Id,
        body: LostLink,
        request: Annotated[RequestContext, Depends(access.requires("exchange-links"))],
    ) -> None:
        """Send the contact their link, if it is they who ask. The answer is always the same."""
        state = await state_of(store, partner_history(partner))
        contact_id = await asking(state, body, links, people)
        if contact_id is None:
            return
        at = request.context.at
        try:
            link = links.issue(partner, contact_id, at)
            sealed = await sealed_link(people, partner, contact_id, link, at)
        except PersonErasedError:
            return
        command = RequestLink(contact_id, sealed, links.valid, at)
        await request.handle(
            store, partner_history(partner), command, attempt=request.attempt("request-link")
        )

    @router.delete("/link", status_code=status.HTTP_204_NO_CONTENT)
    async def revoke(
        partner: Id,
        request: Annotated[RequestContext, Depends(access.requires("guide-partners"))],
    ) -> None:
        """End all links and sessions of the contact, whatever state the onboarding is in; a new
        link lets them in again."""
        command = RevokeLinks(request.context.at)
        await request.handle(
            store, partner_history(partner), command, attempt=request.attempt("revoke-links")
        )

    return router


async def asking(state: Partner, body: LostLink, links: Links, people: People) -> str | None:
    """The contact, if the old link was theirs or the address is."""
    if isinstance(state, Unknown | Closed):
        return None
    its = onboarding_of(state)
    contact = its.contact
    if body.link is not None:
        try:
            caller = links.read_any_age(body.link).caller
        except UnauthenticatedError:
            return None
        is_theirs = (caller.partner, caller.subject) == (its.partner, contact.contact_id)
        return contact.contact_id if is_theirs else None
    if body.email is None or not contact.email:
        return None
    known: Mapping[str, object] = await people.open([contact.email])
    address = known.get(contact.email)
    same = isinstance(address, str) and address.casefold() == body.email.casefold()
    return contact.contact_id if same else None
