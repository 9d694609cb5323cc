"""HTTP about the address of a partner's contact: do mails reach it?"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends

from onboarding.partner.decider import partner_history
from onboarding.partner.state import onboarding_of
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.domain.mail import MailFailure
from zugabe_events.encryption.personal_data import People
from zugabe_events.encryption.sealed_text import person_of
from zugabe_events.http.authorization import Access
from zugabe_events.http.fields import Id
from zugabe_events.http.request_context import RequestContext

type LastFailure = Callable[[str], Awaitable[MailFailure | None]]


@dataclass(frozen=True, slots=True)
class AddressView:
    """`failed_at` is when the last mail to the present address was given up; None if it was
    sent."""

    failed_at: datetime | None = None
    detail: str = ""


def reach_api(
    store: EventStore, people: People, last_failure: LastFailure, access: Access
) -> APIRouter:
    router = APIRouter(prefix="/partners/{partner}", tags=["partner"])

    @router.get("/address")
    async def get_address(
        partner: Id,
        _: Annotated[RequestContext, Depends(access.requires("guide-partners"))],
    ) -> AddressView:
        """Say whether mails reach the contact, as far as the mail relay tells."""
        contact = onboarding_of(await state_of(store, partner_history(partner))).contact
        failure = await last_failure(person_of(partner, contact.contact_id))
        if failure is None:
            return AddressView()
        opened = await people.open([failure.to, contact.email])
        if opened.get(failure.to) != opened.get(contact.email):
            return AddressView()
        detail = (
            "Die Adresse ist nicht erreichbar: Der Mailserver nimmt keine E-Mails für sie an."
            if failure.refused
            else "Die Adresse ist nicht erreichbar: Eine E-Mail war tagelang nicht zuzustellen."
        )
        return AddressView(failure.at, detail)

    return router
