"""Routes of what follows an order: steps, returns and cancellation."""

from typing import Annotated

from fastapi import APIRouter, Depends, status

from checkout.fulfilment.bodies import CancellationBody, ReturnBody, ShipmentBody, by_number
from checkout.fulfilment.cancelling import Cancel
from checkout.fulfilment.requests import OrderRequests, is_buyer
from checkout.fulfilment.returning import Return
from checkout.fulfilment.steps import Confirm, Deliver, Ship
from checkout.fulfilment.view import ReturnView, ShipmentView, return_of, shipment
from checkout.order.redaction import with_note
from checkout.quotas import Quotas
from zugabe_events.contracts.checkout import OrderReturned, OrderShipped
from zugabe_events.domain.event_store import EventStore
from zugabe_events.encryption.personal_data import People
from zugabe_events.encryption.sealed_text import person_of
from zugabe_events.http.authorization import Access
from zugabe_events.http.fields import Id
from zugabe_events.http.openapi import repeated
from zugabe_events.http.request_context import RequestContext

PREFIX = "/dealers/{dealer}/orders/{order_id}"


def steps_api(store: EventStore, people: People, access: Access) -> APIRouter:
    """Repeated requests change nothing."""
    router = APIRouter(prefix=PREFIX, tags=["order"])
    orders = OrderRequests(store, people)

    @router.post("/confirmation", status_code=status.HTTP_204_NO_CONTENT)
    async def confirm_order(
        dealer: Id,
        order_id: Id,
        request: Annotated[RequestContext, Depends(access.requires("process-orders"))],
    ) -> None:
        """The dealer accepts the order."""
        await orders.user_of(order_id, request)
        await orders.handle(Confirm(request.context.at), order_id, request, "confirm-order")

    @router.put(
        "/shipments/{shipment_id}",
        status_code=status.HTTP_201_CREATED,
        responses=repeated(ShipmentView),
    )
    async def ship_order(
        dealer: Id,
        order_id: Id,
        shipment_id: Id,
        body: ShipmentBody,
        request: Annotated[RequestContext, Depends(access.requires("process-orders"))],
    ) -> ShipmentView:
        """Pieces of lines and gifts left the warehouse; without `lines`, all that was left."""
        await orders.user_of(order_id, request)
        pieces = by_number(body.lines) if body.lines is not None else None
        command = Ship(shipment_id, pieces, request.context.at)
        handled = await orders.handle(command, order_id, request, "ship-order", shipment_id)
        event = handled.of(OrderShipped)
        if event is None or handled.repeated:
            request.response.status_code = status.HTTP_200_OK
        if event is None:
            event = (await orders.placed(order_id, request)).shipments[shipment_id]
        return shipment(event)

    @router.post("/delivery", status_code=status.HTTP_204_NO_CONTENT)
    async def deliver_order(
        dealer: Id,
        order_id: Id,
        request: Annotated[RequestContext, Depends(access.requires("process-orders"))],
    ) -> None:
        """All of the order has arrived."""
        await orders.user_of(order_id, request)
        await orders.handle(Deliver(request.context.at), order_id, request, "deliver-order")

    return router


def returns_api(store: EventStore, people: People, quotas: Quotas, access: Access) -> APIRouter:
    router = APIRouter(prefix=PREFIX, tags=["order"])
    orders = OrderRequests(store, people)

    @router.put(
        "/returns/{return_id}",
        status_code=status.HTTP_201_CREATED,
        responses=repeated(ReturnView),
    )
    async def return_lines(
        dealer: Id,
        order_id: Id,
        return_id: Id,
        body: ReturnBody,
        request: Annotated[RequestContext, Depends(access.requires("return-orders"))],
    ) -> ReturnView:
        """Lines come back, in part or as a whole; the answer has the amount to pay back (X-3)."""
        await quotas.count("returns", request)
        user = await orders.user_of(order_id, request)
        note = await orders.sealed(body.note, user, request)
        command = Return(
            return_id,
            by_number(body.lines),
            body.reason,
            note,
            is_buyer(request),
            request.context.at,
            unshipped=body.unshipped,
        )
        handled = await orders.handle(command, order_id, request, "return-lines", return_id)
        event = handled.of(OrderReturned)
        if event is None or handled.repeated:
            request.response.status_code = status.HTTP_200_OK
        if event is None:
            event = (await orders.placed(order_id, request)).returns[return_id]
        return await with_note(return_of(event), person_of(dealer, user), request, people)

    @router.post("/cancellation", status_code=status.HTTP_204_NO_CONTENT)
    async def cancel_order(
        dealer: Id,
        order_id: Id,
        body: CancellationBody,
        request: Annotated[RequestContext, Depends(access.requires("cancel-orders"))],
    ) -> None:
        """A repeated request changes nothing (X-2)."""
        await quotas.count("returns", request)
        user = await orders.user_of(order_id, request)
        note = await orders.sealed(body.note, user, request)
        command = Cancel(body.reason, note, is_buyer(request), request.context.at)
        await orders.handle(command, order_id, request, "cancel-order")

    return router
