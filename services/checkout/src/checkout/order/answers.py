"""Answers to requests that end with an order, or with one that waits for approval."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Response, status
from msgspec.structs import asdict, replace

from checkout.fulfilment.decider import fulfilment_history
from checkout.fulfilment.status import status_of
from checkout.order.after import AfterOrder
from checkout.order.decider import order_history
from checkout.order.redaction import with_people
from checkout.order.state import Placed, ended_submission
from checkout.order.view import OrderView, PlacedView, Status, placed_order, submitted_order
from zugabe_events.contracts.checkout import OrderPlaced, OrderSubmitted
from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.encryption.personal_data import People
from zugabe_events.eventstore.command_handler import CommandResult
from zugabe_events.http.request_context import RequestContext

WAITS: dict[int | str, dict[str, Any]] = {
    202: {"model": OrderView, "description": "Submitted: the order waits for approval (X-26)"}
}

type Brought = Callable[[OrderPlaced, Token], Awaitable[AfterOrder | None]]


async def answer_with_order(
    store: EventStore,
    handled: CommandResult,
    request: RequestContext,
    people: People,
    placed: int = status.HTTP_201_CREATED,
    brought: Brought | None = None,
) -> Response:
    """The order as it was recorded, with its present status for a repeated request.

    202 while it waits for approval, 200 for a repeat, else `placed`. With `brought`, the answer
    tells the user what the order brought them.
    """
    request.add_token(handled)
    view = recorded(handled)
    if handled.repeated:
        view = replace(view, status=await present_status(store, view))
    [shown] = await with_people([view], request, people)
    code = status.HTTP_200_OK if handled.repeated else placed
    waits = view.status == "submitted"
    request.response.status_code = status.HTTP_202_ACCEPTED if waits else code
    if brought is None:
        return request.answer(shown)
    order = handled.of(OrderPlaced)
    after = await brought(order, handled.token) if order and handled.token else None
    return request.answer(PlacedView(**asdict(shown), after=after))


def recorded(handled: CommandResult) -> OrderView:
    if (submitted := handled.of(OrderSubmitted)) is not None:
        return submitted_order(submitted)
    placed = handled.of(OrderPlaced)
    assert placed is not None, "placement ends with an order or a submission"
    return placed_order(placed)


async def present_status(store: EventStore, view: OrderView) -> Status:
    if view.status == "submitted":
        order = await state_of(store, order_history(view.dealer, view.order_id))
        if not isinstance(order, Placed):
            ended = ended_submission(order)
            return ended.outcome if ended else "submitted"
    return status_of(await state_of(store, fulfilment_history(view.dealer, view.order_id)))
