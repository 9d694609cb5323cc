"""Routes that show submitted orders."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from checkout.access import BUYING_FOR_THEMSELVES, may
from checkout.approval.authority import is_approver
from checkout.approval.listing import TABLE, SubmissionQuery, with_names
from checkout.approval.view import SubmissionView
from checkout.approval.waiting import SubmissionNotFoundError
from checkout.order.redaction import with_people
from checkout.order.view import OrderView
from zugabe_events.domain.views import FilterValue, Views
from zugabe_events.encryption.personal_data import People
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
        shown = partial(with_names, request=request, people=people)
        with_names_of_others = may(request, "see-orderers") and not request.principal.is_user
        return Selection(where, shown, with_names=with_names_of_others)

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
