"""Subscribers to a newsletter, by the request's token and body."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import StringConstraints

from zugabe_events.domain.errors import ForbiddenError, InvalidError
from zugabe_events.domain.mail import Title, UnsendableError, addressed, deliverable
from zugabe_events.domain.person_name import has_link
from zugabe_events.http.fields import Body, Count, Email, Id, PersonName
from zugabe_events.http.request_context import RequestContext

ShortName = Annotated[PersonName, StringConstraints(max_length=100)]


class SubscriptionBody(Body):
    """`text_version` is that of the consent which the person gave.

    Users may name another address than their token does. Only the dealer's own system names the
    person and their customer.
    """

    text_version: Count
    email: Email | None = None
    customer: Id | None = None
    name: ShortName | None = None
    title: Title | None = None
    family_name: ShortName | None = None


@dataclass(frozen=True, slots=True)
class Subscriber:
    customer: str
    name: str
    email: str
    salutation: str

    @property
    def texts(self) -> dict[str, str]:
        return {"name": self.name, "email": self.email, "salutation": self.salutation}


def subscriber_of(body: SubscriptionBody, request: RequestContext) -> Subscriber:
    """Raises ForbiddenError, and InvalidError if something is missing."""
    caller = request.principal
    if not caller.is_user:
        if body.customer is None or body.email is None:
            raise InvalidError("Kunde oder E-Mail-Adresse fehlt.", code="subscriber-missing")
        name = body.name or ""
        salutation = addressed(body.title, body.family_name or name)
        return Subscriber(body.customer, name, body.email, salutation)
    if (body.customer, body.name, body.title, body.family_name) != (None, None, None, None):
        raise ForbiddenError("Name und Kunde kommen aus der Anmeldung.")
    email = body.email or caller.email
    if caller.customer is None or email is None:
        raise InvalidError("Kunde oder E-Mail-Adresse fehlt.", code="subscriber-missing")
    name = caller.name or ""
    if has_link(name) or has_link(caller.family_name or ""):
        name, family_name = "", ""
    else:
        family_name = caller.family_name or name
    return Subscriber(caller.customer, name, checked(email), addressed(caller.title, family_name))


def checked(email: str) -> str:
    """Raises InvalidError for an address of a token that can get no mail."""
    try:
        deliverable(email)
    except UnsendableError:
        raise InvalidError(
            "An Ihre E-Mail-Adresse kann keine E-Mail gesendet werden.",
            code="address-undeliverable",
        ) from None
    return email
