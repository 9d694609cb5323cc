"""Routes that decide about submitted orders."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response, status

from checkout.access import is_anothers
from checkout.approval.approving import ApprovalRequest, ApproveOrder
from checkout.approval.authority import check_authority, latest_submission
from checkout.approval.bodies import ApprovalBody, ChangeBody, Rejection
from checkout.approval.changing import ChangeOrder
from checkout.approval.submission import Reject, Withdraw
from checkout.approval.waiting import SubmissionNotFoundError
from checkout.order.answers import WAITS, answer_with_order
from checkout.order.cart import Cart
from checkout.order.decider import order_history
from checkout.order.notes import sealed_note
from checkout.order.place_request import Request
from checkout.order.requests import with_wishes
from checkout.order.state import Placed
from checkout.order.view import OrderView
from checkout.peer.ports import Buyer, Prices
from checkout.pricing.goods import WantedLine
from checkout.pricing.promise import promise_in
from checkout.quotas import Quotas
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.encryption.personal_data import People
from zugabe_events.http.authorization import Access
from zugabe_events.http.fields import Id
from zugabe_events.http.request_context import RequestContext, tokens_of


def approval_api(
    store: EventStore,
    approvals: ApproveOrder,
    changes: ChangeOrder,
    prices: Prices,
    people: People,
    quotas: Quotas,
    access: Access,
) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}/orders/{order_id}", tags=["approval"])
    decides = access.requires("approve-orders", "review-orders")

    @router.post("/approval", response_model=OrderView)
    async def approve_order(
        dealer: Id,
        order_id: Id,
        body: ApprovalBody,
        request: Annotated[RequestContext, Depends(decides)],
    ) -> Response:
        """Place a submitted order; 202 if somebody else has to approve it as well.

        If it would not cost what was submitted, `order-changed` says what has changed, and has a
        `quote` by which it is approved as it is now.
        """
        await quotas.count("approvals", request)
        await request.catch_up(prices)
        handled = await approvals.approve(
            ApprovalRequest(
                order_id,
                body.attempt,
                request.principal,
                request.context,
                request.attempt("approve-order", order_id),
                request.body,
                promise_in(body.quote) if body.quote else None,
            )
        )
        return await answer_with_order(store, handled, request, people, status.HTTP_200_OK)

    @router.put("/submission", response_model=OrderView, responses=WAITS)
    async def change_order(
        dealer: Id,
        order_id: Id,
        body: ChangeBody,
        request: Annotated[RequestContext, Depends(access.requires("approve-orders"))],
    ) -> Response:
        """Order another cart in place of what was submitted; 202 if the dealer has to review it."""
        await quotas.count("approvals", request)
        await request.catch_up(prices)
        change = Request(
            changed_cart(order_id, body, request),
            request.context,
            request.attempt("change-order", order_id),
            request.body,
            tokens_of(request.token_headers),
        )
        handled = await changes.change(change, body.attempt, request.principal)
        return await answer_with_order(store, handled, request, people, status.HTTP_200_OK)

    @router.post("/rejection", status_code=status.HTTP_204_NO_CONTENT)
    async def reject_order(
        dealer: Id,
        order_id: Id,
        body: Rejection,
        request: Annotated[RequestContext, Depends(decides)],
    ) -> None:
        """Frees the holds; the orderer is told, with the note."""
        await quotas.count("approvals", request)
        history = order_history(dealer, order_id)
        order = await state_of(store, history)
        submission = check_authority(request.principal, order)
        user = submission.user if submission else ""
        note = await sealed_note(body.note, user, request, people)
        now = request.context.at
        await request.handle(
            store,
            history,
            Reject(body.attempt, request.principal.subject, now, note),
            attempt=request.attempt("reject-order", order_id),
        )

    @router.post("/withdrawal", status_code=status.HTTP_204_NO_CONTENT)
    async def withdraw_order(
        dealer: Id,
        order_id: Id,
        request: Annotated[RequestContext, Depends(access.requires("cancel-orders"))],
    ) -> None:
        """A repeated request changes nothing."""
        await quotas.count("approvals", request)
        history = order_history(dealer, order_id)
        order = await state_of(store, history)
        owner = order if isinstance(order, Placed) else latest_submission(order)
        if owner is not None and is_anothers(request, owner.user):
            raise SubmissionNotFoundError
        command = Withdraw(request.principal.subject, request.context.at)
        await request.handle(
            store, history, command, attempt=request.attempt("withdraw-order", order_id)
        )

    return router


def changed_cart(order_id: str, body: ChangeBody, request: RequestContext) -> Cart:
    """Of nobody yet."""
    cart = Cart(
        order_id=order_id,
        buyer=Buyer(request.context.tenant, "", "", request.context.at),
        lines=(),
        codes=body.codes,
        reward_id=body.reward_id,
        wanted=tuple(WantedLine(line.article, line.quantity) for line in body.lines),
        without_refused=body.if_refused == "order-without",
        promise=promise_in(body.quote) if body.quote else None,
    )
    return with_wishes(cart, body)
