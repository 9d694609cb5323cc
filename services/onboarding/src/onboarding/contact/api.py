"""HTTP about the data of partners' contacts; managers are contacts of the partner `central`."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, status
from fastapi.responses import StreamingResponse

from zugabe_events.domain.errors import ForbiddenError
from zugabe_events.domain.event_store import EventStore
from zugabe_events.encryption.personal_data import People
from zugabe_events.http.authorization import Access
from zugabe_events.http.fields import Id
from zugabe_events.http.request_context import RequestContext
from zugabe_events.privacy.erasure import ErasePerson
from zugabe_events.privacy.people_api import (
    RIGHTS,
    Because,
    PersonView,
    RequestedErasure,
    RunningExports,
    exported,
    opening_api,
    person_view,
    request_erasure,
)
from zugabe_events.privacy.subject_export import Export

CONTACT_RIGHTS: Mapping[str, frozenset[str]] = {
    **RIGHTS,
    "see-people": frozenset({"central"}),
    # Contacts export their own data. Everything else takes a single right.
    "export-people": frozenset({"partner"}),
}


def contacts_api(
    store: EventStore,
    people: People,
    erase: ErasePerson,
    export: Callable[[], Awaitable[Export]],
    access: Access,
) -> APIRouter:
    router, running = APIRouter(tags=["people"]), RunningExports()
    router.include_router(opening_api(people, access))
    person = "/partners/{partner}/people/{contact}"

    @router.get(person)
    async def get_contact(
        partner: Id,
        contact: Id,
        _: Annotated[RequestContext, Depends(access.requires("see-people"))],
    ) -> PersonView:
        return await person_view(people, partner, contact)

    @router.post(f"{person}/export")
    async def export_contact(
        partner: Id,
        contact: Id,
        body: Because,
        request: Annotated[RequestContext, Depends(access.requires("export-people"))],
    ) -> StreamingResponse:
        """Export everything stored about a person, after the request was put on record."""
        own = request.principal.role == "partner"
        if own and request.principal.subject != contact:
            raise ForbiddenError("Das gehört jemand anderem.")
        return await exported(await export(), running, partner, contact, body, request, own=own)

    @router.post(f"{person}/erasure", status_code=status.HTTP_202_ACCEPTED)
    async def erase_contact(
        partner: Id,
        contact: Id,
        body: Because,
        request: Annotated[RequestContext, Depends(access.requires("erase-people"))],
    ) -> RequestedErasure:
        """Erase a person's data, or restrict it while it must be kept."""
        return await request_erasure(store, people, erase, partner, contact, body, request)

    return router
