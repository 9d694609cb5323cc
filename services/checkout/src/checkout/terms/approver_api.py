"""Routes of approvers, whose names and addresses are sealed in the log (N-8, X-26)."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends

from checkout.access import may
from checkout.catalogue.documents import CatalogueView
from checkout.order.bodies import Addressee
from checkout.terms.customer_terms import (
    CustomerTerms,
    NameApprover,
    RemoveApprover,
    customer_terms_history,
)
from checkout.terms.refusals import ApproverErasedError
from zugabe_events.contracts.checkout import Person
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.domain.views import Views
from zugabe_events.encryption.personal_data import People
from zugabe_events.encryption.sealed_text import WithheldReason, person_of, sealed_in, shown_as
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Id
from zugabe_events.http.request_context import RequestContext


@dataclass(frozen=True, slots=True)
class Approver:
    user: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Approvers:
    """In the order of their ids."""

    items: list[Approver]


def approver_api(
    store: EventStore, people: People, documents: Views[CatalogueView], access: Access
) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}/customers/{customer}/approvers", tags=["terms"])
    edits = Depends(access.requires("edit-customer-terms"))

    @router.put("/{user}", status_code=204)
    async def name_approver(
        dealer: Id,
        customer: Id,
        user: Id,
        body: Addressee,
        request: Annotated[RequestContext, edits],
    ) -> None:
        """Tell a user by mail of each order that waits. To approve them takes the right to."""
        terms = await terms_of(dealer, customer)
        wanted = Approver(user, body.name, body.email)
        if wanted in await opened(dealer, terms):
            return
        person, at = person_of(dealer, user), request.context.at
        sealed = await people.seal(person, "letter", at, name=body.name, email=body.email)
        if sealed is None:
            raise ApproverErasedError
        command = NameApprover(dealer, customer, user, Person(**sealed))
        await request.handle(store, customer_terms_history(dealer, customer), command)

    @router.delete("/{user}", status_code=204)
    async def remove_approver(
        dealer: Id, customer: Id, user: Id, request: Annotated[RequestContext, edits]
    ) -> None:
        """Take the right to approve orders of the customer from a user."""
        command = RemoveApprover(dealer, customer, user)
        await request.handle(store, customer_terms_history(dealer, customer), command)

    @router.get("")
    async def list_approvers(
        dealer: Id,
        customer: Id,
        request: Annotated[
            RequestContext, Depends(reads(access.requires("see-sales-terms"), documents))
        ],
    ) -> Approvers:
        """Names are shown to those who see the names of orderers."""
        terms = await terms_of(dealer, customer)
        if may(request, "see-orderers"):
            return Approvers(await opened(dealer, terms))
        hidden = WithheldReason.HIDDEN
        return Approvers([Approver(user, hidden, hidden) for user in sorted(terms.approvers)])

    async def terms_of(dealer: str, customer: str) -> CustomerTerms:
        return await state_of(store, customer_terms_history(dealer, customer))

    async def opened(dealer: str, terms: CustomerTerms) -> list[Approver]:
        """Raises KeysUnavailableError."""
        sealed = [text for one in terms.approvers.values() for text in (one.name, one.email)]
        plain = await people.open(sealed_in(sealed))
        found = []
        for user, one in sorted(terms.approvers.items()):
            person = person_of(dealer, user)
            name = shown_as(person, "name", one.name, plain)
            found.append(Approver(user, name, shown_as(person, "email", one.email, plain)))
        return found

    return router
