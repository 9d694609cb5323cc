"""Routes of submitted orders."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query, status

from checkout.access import BUYING_FOR_THEMSELVES, only_own
from checkout.approval.authority import check_authority, is_approver, latest_submission
from checkout.approval.bodies import Rejection
from checkout.approval.listing import TABLE, SubmissionQuery, with_names
from checkout.approval.submission import Reject, Withdraw
from checkout.approval.view import SubmissionView
from checkout.approval.waiting import SubmissionNotFoundError
from checkout.order.decider import order_history
from checkout.order.redaction import with_people
from checkout.order.view import OrderView
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.domain.views import FilterValue, Views
from zugabe_events.encryption.personal_data import People
from zugabe_events.encryption.sealed_text import person_of
from zugabe_events.export.response import Exports
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Id
from zugabe_events.http.list_routes import Selection, list_routes
from zugabe_events.http.request_context import RequestContext


def submission_api(
    orders: Views[OrderView],
    submissions: Views[SubmissionView],
    people: People,
    access: Access,
    exports: Exports,
) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}/submissions", tags=["approval"])

    @list_routes(router, "", submissions, TABLE, exports, limit=50)
    async def list_submissions(
        dealer: Id,
        request: Annotated[RequestContext, Depends(access.requires("see-submissions"))],
        query: Annotated[SubmissionQuery, Query()],
    ) -> Selection[SubmissionView]:
        """The oldest first. Approvers see their customer's, other users their own."""
        where = {**query.where(), "dealer": dealer, **visible(request)}
        return Selection(where, partial(with_names, request=request, people=people))

    @router.get("/{order_id}")
    async def get_submission(
        dealer: Id,
        order_id: Id,
        request: Annotated[
            RequestContext, Depends(reads(access.requires("see-submissions"), orders, submissions))
        ],
    ) -> OrderView:
        """The whole order, as it was submitted or as it is now."""
        submission = await submissions.get(f"{dealer}/{order_id}")
        view = await orders.get(f"{dealer}/{order_id}")
        if submission is None or view is None or not is_visible(submission, request):
            raise SubmissionNotFoundError
        [shown] = await with_people([view], request, people)
        return shown

    return router


def visible(request: RequestContext) -> dict[str, FilterValue]:
    """The part of the dealer's submissions that the caller may see."""
    principal = request.principal
    if principal.role not in BUYING_FOR_THEMSELVES:
        return {}
    if is_approver(principal) and principal.customer is not None:
        return {"customer": principal.customer}
    return {"user": principal.subject}


def is_visible(submission: SubmissionView, request: RequestContext) -> bool:
    return all(getattr(submission, name) == value for name, value in visible(request).items())


def approval_api(store: EventStore, people: People, access: Access) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}/orders/{order_id}", tags=["approval"])
    decides = access.requires("approve-orders", "review-orders")

    @router.post("/rejection", status_code=status.HTTP_204_NO_CONTENT)
    async def reject_order(
        dealer: Id,
        order_id: Id,
        body: Rejection,
        request: Annotated[RequestContext, Depends(decides)],
    ) -> None:
        """What it held is free again; the orderer is told, with the note."""
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
        history = order_history(dealer, order_id)
        if (submission := latest_submission(await state_of(store, history))) is not None:
            only_own(request, submission.user)
        command = Withdraw(request.principal.subject, request.context.at)
        await request.handle(
            store, history, command, attempt=request.attempt("withdraw-order", order_id)
        )

    return router


async def sealed_note(
    note: str | None, user: str, request: RequestContext, people: People
) -> str | None:
    """About the orderer, who is told; None also if they were erased."""
    if note is None or not user:
        return None
    person = person_of(request.context.tenant, user)
    sealed = await people.seal(person, "letter", request.context.at, note=note)
    return sealed["note"] if sealed else None
