"""Approve submitted orders: price them again, and place them if they agree with what is known."""

from dataclasses import dataclass
from uuid import UUID

from msgspec import structs

from checkout.approval.authority import check_authority, satisfied_by
from checkout.approval.conversion import placed, submitted
from checkout.approval.needs import REVIEWS
from checkout.approval.refusals import DearerThanAgreedError, OrderChangedError
from checkout.approval.repricing import (
    as_submitted,
    buyer_of,
    cart_of,
    kept,
    promised,
    wanted_of,
)
from checkout.approval.submission import Approve
from checkout.approval.waiting import ApprovedMeanwhileError, running_submission
from checkout.numbers.allocator import OrderNumbers
from checkout.order.decider import order_history
from checkout.order.place_request import changing, commit_id
from checkout.order.view import submitted_order
from checkout.peer.ports import Prices
from checkout.pricing.changes import differences
from checkout.pricing.promise import Promise, promise_of_order, token_of
from checkout.pricing.vat_rates import VatRates
from zugabe_events.contracts.checkout import (
    Approval,
    ApprovalNeed,
    OrderPlaced,
    OrderSubmitted,
    PricedOrder,
)
from zugabe_events.domain.errors import ForbiddenError
from zugabe_events.domain.event import Context
from zugabe_events.domain.event_store import EventStore
from zugabe_events.eventstore.command_handler import CommandResult, answer, handle
from zugabe_events.http.principal import Principal

MAX_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class ApprovalRequest:
    """`number` is that of the attempt that was submitted; `attempt` and `body` tell repeats from
    other requests (X-12). `promise` is what the approver was told last, if anything has changed.
    """

    order_id: str
    number: int
    principal: Principal
    context: Context
    attempt: UUID
    body: str
    promise: Promise | None = None


class ApproveOrder:
    """Turns submissions into orders."""

    def __init__(
        self, store: EventStore, numbers: OrderNumbers, prices: Prices, vat_rates: VatRates
    ) -> None:
        self._store = store
        self._numbers = numbers
        self._prices = prices
        self._vat_rates = vat_rates

    async def approve(self, request: ApprovalRequest) -> CommandResult:
        """The commit with the order, or with the submission that waits for another approval.

        Raises OrderChangedError with all that has changed, and all else that is against it.
        """
        history = order_history(request.context.tenant, request.order_id)
        for _ in range(MAX_ROUNDS):
            [loaded] = await self._store.load([history], [commit_id(request.attempt, history)])
            if loaded.earlier is not None:
                return answer([loaded.earlier], request.body)
            check_authority(request.principal, loaded.state)
            waiting = running_submission(loaded.state, request.number, request.context.at)
            given = given_by(request.principal, waiting)
            order = await self._priced_now(request, waiting, given)
            try:
                return await self._record(request, waiting, order, given)
            except ApprovedMeanwhileError:
                continue
        raise changing()

    async def _priced_now(
        self, request: ApprovalRequest, waiting: OrderSubmitted, given: frozenset[ApprovalNeed]
    ) -> PricedOrder:
        """The order as submitted, or as priced now if the approver accepts it."""
        now = request.context.at
        goods = await self._prices.goods(buyer_of(waiting, now), wanted_of(waiting), ())
        discounts = kept(waiting, goods.lines)
        cart = cart_of(waiting, goods.sale, now)
        order = cart.order(goods, discounts, self._vat_rates, waiting.attempt, waiting.refused)
        before, present = promised(waiting, order.terms_version), promise_of_order(order)
        if present == before:
            return waiting
        if given <= REVIEWS and gross_cents(order) > gross_cents(waiting):
            raise DearerThanAgreedError(gross_cents(waiting), gross_cents(order))
        if request.promise != present:
            changes = differences(request.promise or before, present, order.lines)
            shown = submitted_order(submitted(order, waiting.needs, waiting.expires_at))
            shown = structs.replace(shown, orderer=None, note=None)
            raise OrderChangedError(tuple(changes), token_of(present), shown)
        return as_submitted(order, waiting)

    async def _record(
        self,
        request: ApprovalRequest,
        waiting: OrderSubmitted,
        order: PricedOrder,
        given: frozenset[ApprovalNeed],
    ) -> CommandResult:
        context = request.context
        history = order_history(context.tenant, request.order_id)
        approval = Approval(
            request.principal.subject,
            tuple(need for need in waiting.needs if need in given),
            submitted_at=waiting.placed_at,
            approved_at=context.at,
            has_changed=order is not waiting,
        )
        approvals = (*waiting.approvals, approval)
        left = tuple(need for need in waiting.needs if need not in given)

        async def record(approved: OrderPlaced | OrderSubmitted) -> CommandResult:
            return await handle(
                self._store,
                history,
                Approve(approved, context.at),
                context,
                attempt=request.attempt,
                body=request.body,
            )

        if left:
            return await record(submitted(order, left, waiting.expires_at, approvals))
        return await self._numbers.use(
            context, lambda number: record(placed(order, number, approvals))
        )


def given_by(principal: Principal, waiting: OrderSubmitted) -> frozenset[ApprovalNeed]:
    """The needs that the caller satisfies now. Raises ForbiddenError if there are none."""
    given = satisfied_by(principal, waiting.customer).intersection(waiting.needs)
    if not given:
        raise ForbiddenError("Ihre Freigabe braucht diese Bestellung nicht.", right="review-orders")
    return given


def gross_cents(order: PricedOrder) -> int:
    return order.totals.gross_cents if order.totals else order.net_cents
