"""Routes for rewards at the checkout: check one for a cart, and hold it for an order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response
from pydantic import Field

from bonus.account.choice import Cart, reward_choices
from bonus.account.decider import ACCOUNT_DECIDER, account_history, pool_account_history
from bonus.account.hold import HoldReward, as_if_free, offer_for
from bonus.account.refusals import Wish, not_manager, refusals
from bonus.account.state import Account, available
from bonus.pool.decider import Pool, pool_history
from bonus.programme.points import earned_points
from bonus.programme.position import Position, threshold_cents
from bonus.programme.versions import Programme
from bonus.text.acceptance import Rules
from bonus.text.rules import rules_histories
from zugabe_events.contracts.bonus import RewardCheck, RewardHeld, RewardOffer
from zugabe_events.contracts.checkout import RewardApplied
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.decider import History
from zugabe_events.domain.errors import Number, RefusedError
from zugabe_events.domain.event_store import EventStore, states_of
from zugabe_events.domain.views import Follower
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.cart_lines import CheckedLine, CheckedLines
from zugabe_events.http.fields import Body, Cents, Id, Instant
from zugabe_events.http.request_context import RequestContext


class Hold(Body):
    reward_id: Id
    customer: Id
    user: Id
    placed_at: Instant
    deadline: Instant
    lines: Annotated[CheckedLines, Field(min_length=1)]


class Check(Body):
    """`order_id` names the checkout, whose own hold is ignored.

    Goods of less than `earning_minimum_cents` earn nothing (S6).
    """

    reward_id: Id | None = None
    customer: Id
    user: Id
    placed_at: Instant | None = None
    order_id: Id | None = None
    lines: CheckedLines = ()
    earning_minimum_cents: Cents = 0


@dataclass(frozen=True, slots=True)
class Present:
    """The rules for a user, their own account, and the one that the customer's users share."""

    rules: Rules
    pool: Pool
    own: Account
    shared: Account

    @property
    def paying(self) -> Account:
        """The account whose points pay for rewards."""
        return self.shared if self.pool.is_pooled else self.own


def reward_api(store: EventStore, policies: Follower, access: Access) -> APIRouter:
    """Checks and holds include what `policies` make of the events of the request's tokens."""
    router = APIRouter(prefix="/dealers/{dealer}", tags=["reward"])
    may_hold = Depends(reads(access.requires("hold-rewards"), policies))
    may_check = Depends(reads(access.requires("check-rewards"), policies))

    async def now(dealer: str, customer: str, user: str) -> Present:
        """Read together, and outside of decisions: accounts do not queue for their programme."""
        histories: list[History[Any, Any]] = [
            *rules_histories(dealer, customer),
            pool_history(dealer, customer),
            account_history(dealer, user),
            pool_account_history(dealer, customer),
        ]
        *rules, pool, own, shared = await states_of(store, histories)
        return Present(Rules(*rules), pool, own, shared)

    @router.put("/holds/{order_id}/{attempt}", response_model=RewardApplied)
    async def hold_reward(
        dealer: Id,
        order_id: Id,
        attempt: Annotated[int, Path(ge=1, le=1_000_000)],
        body: Hold,
        request: Annotated[RequestContext, may_hold],
    ) -> Response:
        """A repeated attempt is answered with the same hold."""
        present = await now(dealer, body.customer, body.user)
        rules, pool = present.rules, present.pool
        command = HoldReward(
            order_id=order_id,
            attempt=attempt,
            dealer=dealer,
            customer=body.customer,
            user=body.user,
            wish=wish_of(body.reward_id, positions_of(body.lines), body.placed_at),
            deadline=body.deadline,
            now=request.context.at,
            programme=rules.programme.for_order(body.placed_at, request.context.at),
            membership=rules.membership,
            pool=pool,
        )
        history = (
            pool_account_history(dealer, body.customer)
            if pool.is_pooled
            else account_history(dealer, body.user)
        )
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
        """Check a reward for a cart, with every reason against it (X-6)."""
        request.only_for(body.customer, body.user)
        present = await now(dealer, body.customer, body.user)
        asked_at = request.context.at
        placed_at = body.placed_at or asked_at
        if present.pool.hides_points_from(body.user):
            return hidden(body, present.pool)
        state = as_if_free(present.paying, body.order_id, asked_at)
        programme = present.rules.programme.for_order(placed_at, asked_at)
        return check_of(body, placed_at, state, programme, present)

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


def positions_of(lines: Sequence[CheckedLine]) -> list[Position]:
    return [
        Position(
            number=line.number,
            net_cents=line.net_cents,
            voucher_cents=line.voucher_cents,
            reward_cents=0,
            brand=line.brand,
            groups=frozenset(line.groups),
            excluded=line.excluded,
        )
        for line in lines
    ]


def wish_of(reward_id: str, lines: Sequence[Position], placed_at: datetime) -> Wish:
    nets = tuple(line.reward_base_cents for line in lines)
    return Wish(reward_id, nets, placed_at, threshold_cents(lines))


def hidden(body: Check, pool: Pool) -> RewardCheck:
    """Nothing of points, for a user who does not manage them (BO-33)."""
    refusal = not_manager(pool)
    reason: dict[str, Number] = {"code": refusal.code, "detail": refusal.detail}
    reasons = (reason,) if body.reward_id else ()
    return RewardCheck(usable=False, reasons=reasons, available_points=0, points_this_order=0)


def check_of(
    body: Check, placed_at: datetime, state: Account, programme: Programme, present: Present
) -> RewardCheck:
    rules = present.rules
    reasons: list[RefusedError] = []
    offer: RewardOffer | None = None
    lines = positions_of(body.lines)
    cart = Cart(sum(line.reward_base_cents for line in lines), threshold_cents(lines))
    if body.reward_id is not None:
        wish = wish_of(body.reward_id, lines, placed_at)
        reasons = list(refusals(wish, programme, rules.membership, state))
        offer = None if reasons else offer_for(wish, programme)
    if offer is not None:
        lines = [
            replace(line, reward_cents=share)
            for line, share in zip(lines, offer.shares, strict=True)
        ]
    own = present.own
    collects = own.takes_part(placed_at) and rules.collects(placed_at, own.accepted)
    minimum = body.earning_minimum_cents
    earned = earned_points(lines, placed_at, programme, minimum) if collects else ()
    redeems = rules.membership.redeems(day_of(placed_at))
    return RewardCheck(
        usable=offer is not None,
        reasons=tuple(
            {**reason.facts, "code": reason.code, "detail": reason.detail} for reason in reasons
        ),
        available_points=available(state, day_of(placed_at)),
        points_this_order=sum(line.points for line in earned),
        reward=offer,
        rewards=reward_choices(cart, placed_at, programme, state) if redeems else (),
    )
