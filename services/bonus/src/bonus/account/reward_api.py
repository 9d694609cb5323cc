"""Routes for rewards at the checkout: check one for a cart, and hold it for an order."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response
from pydantic import Field, StringConstraints

from bonus.account.api import only_own
from bonus.account.decider import ACCOUNT_DECIDER, account_history
from bonus.account.hold import HoldReward, Wish, as_if_free, offer_for, refusals
from bonus.account.state import Account, available
from bonus.programme.decider import Programme, programme_history
from bonus.programme.points import earned_points
from zugabe_events.contracts.bonus import RewardCheck, RewardHeld, RewardOffer
from zugabe_events.contracts.checkout import OrderLine, RewardApplied
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.decider import History
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.event_store import EventStore, states_of
from zugabe_events.domain.views import Follower
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Body, Cents, Count, Id, Instant
from zugabe_events.http.request_context import RequestContext

Name = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]


class HeldLine(Body):
    """A line at its net value after the voucher (Q26)."""

    number: Count
    net_cents: Cents


class Hold(Body):
    reward_id: Id
    customer: Id
    user: Id
    placed_at: Instant
    deadline: Instant
    lines: Annotated[tuple[HeldLine, ...], Field(min_length=1, max_length=1_000)]


class CheckedLine(Body):
    number: Count
    product_group: Name
    brand: Name
    net_cents: Cents
    voucher_cents: Cents = 0


class Check(Body):
    """`order_id` names the checkout, whose own hold is ignored."""

    reward_id: Id | None = None
    customer: Id
    user: Id
    placed_at: Instant | None = None
    order_id: Id | None = None
    lines: Annotated[tuple[CheckedLine, ...], Field(max_length=1_000)] = ()


def reward_api(store: EventStore, policies: Follower, access: Access) -> APIRouter:
    """Holds include what `policies` make of the events of the request's tokens."""
    router = APIRouter(prefix="/dealers/{dealer}", tags=["reward"])
    may_hold = Depends(reads(access.requires("hold-rewards"), policies))
    may_check = Depends(access.requires("check-rewards"))

    async def now(dealer: str, user: str) -> tuple[Programme, Account]:
        """Read together, and outside of decisions: accounts do not queue for their programme."""
        histories: list[History[Any, Any]] = [
            programme_history(dealer),
            account_history(dealer, user),
        ]
        programme, account = await states_of(store, histories)
        return programme, account

    @router.put("/holds/{order_id}/{attempt}", response_model=RewardApplied)
    async def hold_reward(
        dealer: Id,
        order_id: Id,
        attempt: Annotated[int, Path(ge=1, le=1_000_000)],
        body: Hold,
        request: Annotated[RequestContext, may_hold],
    ) -> Response:
        """A repeated attempt is answered with the same hold."""
        programme, _ = await now(dealer, body.user)
        command = HoldReward(
            order_id=order_id,
            attempt=attempt,
            dealer=dealer,
            customer=body.customer,
            user=body.user,
            wish=Wish(body.reward_id, tuple(line.net_cents for line in body.lines), body.placed_at),
            deadline=body.deadline,
            now=request.context.at,
            programme=programme,
        )
        history = account_history(dealer, body.user)
        states: list[Account] = []

        def decide(loaded: Sequence[Account]) -> Sequence[Sequence[Any]]:
            states[:] = loaded
            return [ACCOUNT_DECIDER.decide(command, loaded[0])]

        # The state recognises repeats, not an attempt derived from the request, which would answer
        # with a hold that has been released since.
        handled = await request.handle_together(store, [history], decide)
        hold = handled.of(RewardHeld) or states[0].holds[order_id]
        return request.answer(applied_reward(hold, history.stream.id))

    @router.post("/reward-checks")
    async def check_reward(
        dealer: Id, body: Check, request: Annotated[RequestContext, may_check]
    ) -> RewardCheck:
        only_own(request, body.user)
        programme, account = await now(dealer, body.user)
        state = as_if_free(account, body.order_id, request.context.at)
        return check_of(body, request, state, programme)

    return router


def applied_reward(hold: RewardHeld, stream: str) -> RewardApplied:
    return RewardApplied(
        hold_id=hold.hold_id,
        reward_id=hold.reward_id,
        title=hold.title,
        points=hold.points,
        base_cents=hold.base_cents,
        discount_cents=hold.discount_cents,
        shares=hold.shares,
        streams=(stream,),
        explanation=hold.explanation,
    )


def check_of(
    body: Check, request: RequestContext, state: Account, programme: Programme
) -> RewardCheck:
    placed_at = body.placed_at or request.context.at
    reasons: list[RefusedError] = []
    offer: RewardOffer | None = None
    if body.reward_id is not None:
        nets = tuple(max(0, line.net_cents - line.voucher_cents) for line in body.lines)
        wish = Wish(body.reward_id, nets, placed_at)
        reasons = list(refusals(wish, programme, state))
        offer = None if reasons else offer_for(wish, programme)
    lines = [
        OrderLine(
            number=line.number,
            article="",
            product_group=line.product_group,
            brand=line.brand,
            quantity=1,
            unit_cents=line.net_cents,
            net_cents=line.net_cents,
            voucher_cents=line.voucher_cents,
            reward_cents=offer.shares[index] if offer else 0,
        )
        for index, line in enumerate(body.lines)
    ]
    return RewardCheck(
        usable=offer is not None,
        reasons=tuple(
            {**reason.facts, "code": reason.code, "detail": reason.detail} for reason in reasons
        ),
        available_points=available(state, day_of(placed_at)),
        points_this_order=sum(line.points for line in earned_points(lines, placed_at, programme)),
        reward=offer,
    )
