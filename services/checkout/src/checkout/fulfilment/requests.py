"""Requests about a placed order: whose it is, what they write, and the command."""

from dataclasses import dataclass

from checkout.access import BUYING_FOR_THEMSELVES, is_anothers
from checkout.fulfilment.decider import Command, fulfilment_history
from checkout.fulfilment.refusals import OrderNotFoundError
from checkout.fulfilment.state import Cancelled, NotPlaced, Placed
from checkout.order.notes import sealed_note
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.encryption.personal_data import People
from zugabe_events.eventstore.command_handler import CommandResult
from zugabe_events.http.request_context import RequestContext


def is_buyer(request: RequestContext) -> bool:
    """True for those who buy, whom the terms of sale limit; others act for the dealer."""
    return request.principal.role in BUYING_FOR_THEMSELVES


@dataclass(frozen=True, slots=True)
class OrderRequests:
    """Orders of the tenant of a request, by id."""

    store: EventStore
    people: People

    async def user_of(self, order_id: str, request: RequestContext) -> str:
        """The user of an order that the caller may act on.

        Raises OrderNotFoundError, also for one of another user (S20).
        """
        history = fulfilment_history(request.context.tenant, order_id)
        match await state_of(self.store, history):
            case Placed(head=head):
                user = head.user
            case Cancelled(user) | NotPlaced(submitted_by=user):
                pass
        if not user or is_anothers(request, user):
            raise OrderNotFoundError
        return user

    async def sealed(self, note: str, user: str, request: RequestContext) -> str | None:
        return await sealed_note(note, user, request, self.people)

    async def handle(
        self, command: Command, order_id: str, request: RequestContext, *step: str
    ) -> CommandResult:
        """`step` names the command, and an id that the client chose."""
        history = fulfilment_history(request.context.tenant, order_id)
        attempt = request.attempt(*step, order_id)
        return await request.handle(self.store, history, command, attempt=attempt)

    async def placed(self, order_id: str, request: RequestContext) -> Placed:
        """The state after a command that only a placed order takes."""
        order = await state_of(self.store, fulfilment_history(request.context.tenant, order_id))
        assert isinstance(order, Placed)
        return order
