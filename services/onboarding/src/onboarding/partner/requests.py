"""Bodies of requests about partners; people are sealed before anything is decided."""

from datetime import datetime

from zugabe_events.contracts.onboarding import Contact, Manager
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.encryption.personal_data import People
from zugabe_events.encryption.sealed_text import person_of
from zugabe_events.http.fields import Body, Email, Id, PersonName, Text


class ContactBody(Body):
    contact_id: Id
    name: PersonName
    email: Email


class ManagerBody(Body):
    manager_id: Id
    name: PersonName
    email: Email


class NewPartner(Body):
    name: Text
    contact: ContactBody


class NewBrand(Body):
    name: Text


class NewName(Body):
    name: Text


class NewLink(Body):
    """`contact` takes the place of the one before."""

    contact: ContactBody | None = None


class Reason(Body):
    reason: Text


class PersonErasedError(RefusedError):
    """Their data was erased for good, and nothing about them is kept any more (X-15)."""

    code = "person-erased"

    def __init__(self) -> None:
        super().__init__("Die Daten dieser Person wurden gelöscht und werden nicht neu erfasst.")


async def sealed_contact(people: People, partner: str, body: ContactBody, at: datetime) -> Contact:
    """Raise PersonErasedError and KeysUnavailableError."""
    texts = {"name": body.name, "email": body.email}
    sealed = await people.seal(person_of(partner, body.contact_id), "letter", at, **texts)
    if sealed is None:
        raise PersonErasedError
    return Contact(body.contact_id, sealed["name"], sealed["email"])


async def sealed_manager(people: People, body: ManagerBody, at: datetime) -> Manager:
    """Raise PersonErasedError and KeysUnavailableError."""
    texts = {"name": body.name, "email": body.email}
    sealed = await people.seal(person_of(CENTRAL, body.manager_id), "letter", at, **texts)
    if sealed is None:
        raise PersonErasedError
    return Manager(body.manager_id, sealed["name"], sealed["email"])


async def sealed_link(
    people: People, partner: str, contact_id: str, link: str, at: datetime
) -> str:
    """Raise PersonErasedError and KeysUnavailableError."""
    sealed = await people.seal(person_of(partner, contact_id), "letter", at, link=link)
    if sealed is None:
        raise PersonErasedError
    return sealed["link"]
