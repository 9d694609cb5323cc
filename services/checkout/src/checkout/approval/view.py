"""Read model of submitted orders, without their lines."""

from datetime import datetime
from typing import Literal

from msgspec.structs import replace

from zugabe_events.contracts.checkout import (
    Approval,
    ApprovalNeed,
    OrderPlaced,
    OrderSubmitted,
    SubmissionEnded,
    SubmissionOutcome,
)
from zugabe_events.domain.event import Event, Fact
from zugabe_events.domain.projection import ListOptions, ReadModel

type SubmissionStatus = Literal["waiting", "approved"] | SubmissionOutcome


class SubmissionView(Fact, frozen=True):
    """The latest submission of a checkout; `needs` are what it still waits for.

    `net_cents` is the value of the goods after discounts. `orderer` is their name and `note` that
    of a rejection: sealed in the read model, answers say what the caller may see of them.
    """

    dealer: str
    order_id: str
    customer: str
    user: str
    attempt: int
    status: SubmissionStatus
    needs: tuple[ApprovalNeed, ...]
    approvals: tuple[Approval, ...]
    positions: int
    goods_cents: int
    net_cents: int
    submitted_at: datetime
    expires_at: datetime
    orderer: str | None = None
    order_number: str = ""
    ended_at: datetime | None = None
    ended_by: str = ""
    note: str | None = None


def keys(event: Event) -> tuple[str, ...]:
    match event:
        case (
            OrderSubmitted(dealer=dealer, order_id=order_id)
            | SubmissionEnded(dealer=dealer, order_id=order_id)
            | OrderPlaced(dealer=dealer, order_id=order_id, approvals=(_, *_))
        ):
            return (f"{dealer}/{order_id}",)
        case _:
            return ()


def project(view: SubmissionView | None, event: Event) -> SubmissionView | None:
    match view, event:
        case _, OrderSubmitted():
            return waiting(event)
        case SubmissionView(status="waiting"), SubmissionEnded():
            return replace(
                view,
                status=event.outcome,
                ended_at=event.at,
                ended_by=event.by,
                note=event.note,
            )
        case SubmissionView(status="waiting" | "changed"), OrderPlaced(approvals=(*_, latest)):
            return replace(
                view,
                status="approved",
                needs=(),
                approvals=event.approvals,
                positions=len(event.lines),
                goods_cents=event.goods_cents,
                net_cents=event.net_cents,
                order_number=event.order_number,
                ended_at=latest.approved_at,
                ended_by=latest.approver,
            )
        case _:
            return view


def waiting(event: OrderSubmitted) -> SubmissionView:
    return SubmissionView(
        dealer=event.dealer,
        order_id=event.order_id,
        customer=event.customer,
        user=event.user,
        attempt=event.attempt,
        status="waiting",
        needs=event.needs,
        approvals=event.approvals,
        positions=len(event.lines),
        goods_cents=event.goods_cents,
        net_cents=event.net_cents,
        submitted_at=event.placed_at,
        expires_at=event.expires_at,
        orderer=event.orderer.name if event.orderer else None,
    )


SUBMISSIONS = ReadModel(
    name="checkout.submissions",
    version=1,
    topics=("checkout",),
    view=SubmissionView,
    keys=keys,
    project=project,
    lists=ListOptions(("customer", "user", "status", "needs"), ("submitted_at", "net_cents")),
)
