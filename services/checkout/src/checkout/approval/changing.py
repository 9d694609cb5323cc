"""Change submitted orders: an approver orders something else in place of what was submitted."""

from dataclasses import replace

from checkout.approval.authority import OF_CUSTOMER, check_authority
from checkout.approval.submission import Change
from checkout.approval.waiting import open_submission
from checkout.order.decider import order_history
from checkout.order.place_request import Request, commit_id
from checkout.order.placement import PlaceOrder
from checkout.peer.ports import Buyer
from zugabe_events.contracts.checkout import Approval, OrderSubmitted, SubmissionEnded
from zugabe_events.domain.event_store import EventStore
from zugabe_events.eventstore.command_handler import CommandResult, answer
from zugabe_events.http.principal import Principal


class ChangeOrder:
    """The change is the approval of the customer; the dealer's staff may have to review it."""

    def __init__(self, store: EventStore, placement: PlaceOrder) -> None:
        self._store = store
        self._placement = placement

    async def change(self, request: Request, number: int, principal: Principal) -> CommandResult:
        """The commit with the order or its submission; `number` is the attempt that was submitted.

        The cart of `request` is of nobody yet: it becomes that of who submitted the order. Raises
        all that is against ordering it, and leaves the submission as it is.
        """
        history = order_history(request.context.tenant, request.cart.order_id)
        [loaded] = await self._store.load([history], [commit_id(request.step("place"), history)])
        if loaded.earlier is not None:
            return answer([loaded.earlier], request.body)
        submission = check_authority(principal, loaded.state)
        if submission is None:
            submission = open_submission(loaded.state)
        return await self._placement.place(changing(request, submission, number, principal))


def changing(
    request: Request,
    submission: OrderSubmitted | SubmissionEnded,
    number: int,
    principal: Principal,
) -> Request:
    now = request.context.at
    match submission:
        case OrderSubmitted():
            submitted_at, note = submission.placed_at, submission.note
        case SubmissionEnded():
            submitted_at, note = submission.submitted_at, None
    approval = Approval(principal.subject, ("customer",), submitted_at, now, has_changed=True)
    cart = replace(
        request.cart,
        buyer=Buyer(submission.dealer, submission.customer, submission.user, now),
        orderer=submission.orderer,
        note=note,
    )
    return replace(
        request,
        cart=cart,
        exempt=OF_CUSTOMER,
        change=Change(number, principal.subject, now),
        approvals=(approval,),
    )
