"""Routes for using vouchers: hold uses for a checkout, or check what a cart can use."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response

from vouchers.assortment.restrictions import Restrictions
from vouchers.unique_code.codes import UniqueCodes
from vouchers.wallet.answers import HeldVouchers, applied_voucher, check_of
from vouchers.wallet.bodies import NewCheck, NewHold
from vouchers.wallet.combination import RELIEVED, Combination
from vouchers.wallet.decider import wallet_history
from vouchers.wallet.entered_codes import entered_campaigns, uses_of
from vouchers.wallet.hold import HoldVouchers
from vouchers.wallet.refusals import AttemptOverError, Use
from vouchers.wallet.shared_limits import check_within_limits, hold_within_limits
from vouchers.wallet.shared_states import histories_of
from zugabe_events.contracts.vouchers import VoucherCheck, VoucherHeld
from zugabe_events.domain.event import Event
from zugabe_events.domain.event_store import EventStore, state_of, states_of
from zugabe_events.domain.views import Follower
from zugabe_events.eventstore.command_handler import CommandResult
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Id
from zugabe_events.http.request_context import RequestContext
from zugabe_events.http.throttling import Throttle

Attempt = Annotated[int, Path(ge=1, le=1_000_000)]


def wallet_api(
    store: EventStore,
    restrictions: Restrictions,
    unique_codes: UniqueCodes,
    policies: Follower,
    policies_in_turn: Follower,
    access: Access,
    guesses: Throttle,
) -> APIRouter:
    """Holds and checks include what `policies` make of the events of the request's tokens.

    Only when a shared limit is reached, or nothing was issued to the user, they wait for
    `policies_in_turn`, which give uses back and lend what others were issued.
    """
    router = APIRouter(prefix="/dealers/{dealer}", tags=["voucher"])
    may_hold = Depends(reads(access.requires("hold-vouchers"), policies))
    may_check = Depends(reads(access.requires("check-vouchers"), policies))

    @router.put("/holds/{order_id}/{attempt}", response_model=HeldVouchers)
    async def hold(
        dealer: Id,
        order_id: Id,
        attempt: Attempt,
        body: NewHold,
        request: Annotated[RequestContext, may_hold],
    ) -> Response:
        """Hold a use of each code, or none. The refusal names its `voucher_code`.

        What this attempt holds already is answered again, whatever became of the campaigns.
        """
        placed_at = body.placed_at
        campaigns, refusals = await entered_campaigns(
            store,
            unique_codes,
            guesses,
            policies_in_turn,
            request,
            body,
            placed_at,
            body.quoted_versions,
        )
        if refusals:
            if held := await held_by(store, dealer, body.user, order_id, attempt):
                return request.answer(HeldVouchers(tuple(map(applied_voucher, held))))
            raise refusals[0]
        uses = uses_of(dealer, campaigns, await restrictions.of_all(campaigns), body, placed_at)
        command = HoldVouchers(uses, order_id, attempt, body.deadline, request.context.at)
        handled = await hold_uses(store, request, command, policies_in_turn)
        holds: Sequence[VoucherHeld] = [
            event for event in handled.events if isinstance(event, VoucherHeld)
        ]
        if not holds or handled.repeated:
            holds = await open_holds(store, dealer, body.user, order_id, attempt)
        return request.answer(HeldVouchers(tuple(map(applied_voucher, holds))))

    @router.post("/voucher-checks")
    async def check(
        dealer: Id, body: NewCheck, request: Annotated[RequestContext, may_check]
    ) -> VoucherCheck:
        """Every reason against each code, and the discounts of those that would be held."""
        request.only_for(body.customer, body.user)
        placed_at = body.placed_at or request.context.at
        campaigns, refusals = await entered_campaigns(
            store, unique_codes, guesses, policies_in_turn, request, body, placed_at
        )
        if not campaigns:
            return check_of(refusals, Combination((), ()))
        uses = uses_of(dealer, campaigns, await restrictions.of_all(campaigns), body, placed_at)
        found = await check_uses(store, uses, body.order_id)
        if found.reaches_limit and request.token_headers:
            await request.catch_up(policies_in_turn)
            found = await check_uses(store, uses, body.order_id)
        return check_of(refusals, found)

    return router


async def hold_uses(
    store: EventStore,
    request: RequestContext,
    command: HoldVouchers,
    policies_in_turn: Follower,
) -> CommandResult:
    def decide(states: Sequence[Any]) -> Sequence[Sequence[Event]]:
        return hold_within_limits(command, states)

    histories = histories_of(command.uses)
    try:
        return await request.handle_together(store, histories, decide)
    except RELIEVED:
        if not request.token_headers:
            raise
        await request.catch_up(policies_in_turn)
        return await request.handle_together(store, histories, decide)


async def check_uses(store: EventStore, uses: Sequence[Use], order_id: str | None) -> Combination:
    states = await states_of(store, histories_of(uses))
    return check_within_limits(uses, order_id, states)


async def open_holds(
    store: EventStore, dealer: str, user: str, order_id: str, attempt: int
) -> Sequence[VoucherHeld]:
    """The holds that an earlier request took. Raises AttemptOverError when they have ended."""
    holds = await held_by(store, dealer, user, order_id, attempt)
    if not holds:
        raise AttemptOverError
    return holds


async def held_by(
    store: EventStore, dealer: str, user: str, order_id: str, attempt: int
) -> Sequence[VoucherHeld]:
    """The open holds of an attempt; () if it has none."""
    wallet = await state_of(store, wallet_history(dealer, user))
    holds = wallet.held.get(order_id, ())
    return holds if holds and holds[0].attempt == attempt else ()
