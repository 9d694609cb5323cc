"""Routes for using vouchers: hold a use for a checkout, or check whether a cart can use one."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response
from pydantic import Field

from vouchers.campaign.code import Claimed, Free, code_history, normalised
from vouchers.campaign.decider import Active, Draft, Unknown, campaign_history
from vouchers.campaign.discount import Line
from vouchers.wallet.answers import AppliedVoucher, applied_voucher, unusable, usable
from vouchers.wallet.decider import wallet_history
from vouchers.wallet.guess_limits import guess_limits
from vouchers.wallet.hold import HoldVoucher
from vouchers.wallet.refusals import AttemptOverError, Use, code_unknown, not_active
from vouchers.wallet.shared_limits import histories_of, hold_within_limits, objections_within_limits
from vouchers.wallet.throttling import Throttle
from zugabe_events.contracts.vouchers import CampaignActivated, VoucherCheck, VoucherHeld
from zugabe_events.domain.errors import ForbiddenError, RefusedError
from zugabe_events.domain.event_store import EventStore, lasting_state_of, state_of, states_of
from zugabe_events.domain.views import Follower
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Body, Cents, Count, Id, Instant, Text
from zugabe_events.http.request_context import RequestContext


class CartLine(Body):
    number: Count
    net_cents: Cents


class Cart(Body):
    code: Text
    customer: Id
    user: Id
    lines: Annotated[tuple[CartLine, ...], Field(max_length=1000)]


class NewHold(Cart):
    placed_at: Instant
    deadline: Instant


class NewCheck(Cart):
    """With the `order_id` of an open checkout, its own hold is ignored."""

    placed_at: Instant | None = None
    order_id: Id | None = None


Attempt = Annotated[int, Path(ge=1, le=1_000_000)]


def wallet_api(
    store: EventStore, policies: Follower, access: Access, guesses: Throttle
) -> APIRouter:
    """Holds include what `policies` make of the events of the request's tokens."""
    router = APIRouter(prefix="/dealers/{dealer}", tags=["voucher"])
    may_hold = Depends(reads(access.requires("hold-vouchers"), policies))

    async def campaign_of(request: RequestContext, cart: Cart) -> CampaignActivated | RefusedError:
        """The active campaign of a code, or the refusal. Raises ThrottledError."""
        limits = guess_limits(request, cart.user)
        async with guesses.attempt(normalised(cart.code), limits, request.context.at) as attempt:
            campaign = await active_campaign(store, request.context.tenant, cart.code)
            if isinstance(campaign, RefusedError):
                await attempt.failed()
            return campaign

    @router.put("/holds/{order_id}/{attempt}", response_model=AppliedVoucher)
    async def hold(
        dealer: Id,
        order_id: Id,
        attempt: Attempt,
        body: NewHold,
        request: Annotated[RequestContext, may_hold],
    ) -> Response:
        campaign = await campaign_of(request, body)
        if isinstance(campaign, RefusedError):
            raise campaign
        use = use_of(campaign, body, body.placed_at)
        command = HoldVoucher(use, order_id, attempt, body.deadline, request.context.at)
        handled = await request.handle_together(
            store, histories_of(use), lambda states: hold_within_limits(command, states)
        )
        taken = handled.of(VoucherHeld)
        if taken is None or handled.repeated:
            taken = await open_hold(store, dealer, body.user, order_id, attempt)
        return request.answer(applied_voucher(taken))

    @router.post("/voucher-checks")
    async def check(
        dealer: Id,
        body: NewCheck,
        request: Annotated[RequestContext, Depends(access.requires("check-vouchers"))],
    ) -> VoucherCheck:
        request.only(body.user)
        if request.principal.role == "user" and request.principal.customer != body.customer:
            raise ForbiddenError("Das gehört einem anderen Kunden.")
        campaign = await campaign_of(request, body)
        if isinstance(campaign, RefusedError):
            return unusable([campaign])
        use = use_of(campaign, body, body.placed_at or request.context.at)
        states = await states_of(store, histories_of(use))
        refusals = objections_within_limits(use, body.order_id, states)
        return unusable(refusals) if refusals else usable(use)

    return router


async def active_campaign(
    store: EventStore, dealer: str, code: str
) -> CampaignActivated | RefusedError:
    """Neither a claimed code nor an active campaign ever changes."""
    match await lasting_state_of(store, code_history(dealer, code), Claimed):
        case Free():
            return code_unknown()
        case Claimed(campaign_id):
            match await lasting_state_of(store, campaign_history(dealer, campaign_id), Active):
                case Unknown() | Draft():
                    return not_active()
                case Active(activated):
                    return activated


async def open_hold(
    store: EventStore, dealer: str, user: str, order_id: str, attempt: int
) -> VoucherHeld:
    """The hold that an earlier request took. Raises AttemptOverError when it has ended since."""
    wallet = await state_of(store, wallet_history(dealer, user))
    hold = wallet.held.get(order_id)
    if hold is None or hold.attempt != attempt:
        raise AttemptOverError
    return hold


def use_of(campaign: CampaignActivated, cart: Cart, placed_at: Instant) -> Use:
    return Use(
        dealer=campaign.dealer,
        customer=cart.customer,
        user=cart.user,
        campaign_id=campaign.campaign_id,
        campaign_version=campaign.version,
        terms=campaign.terms,
        lines=tuple(Line(line.number, line.net_cents) for line in cart.lines),
        placed_at=placed_at,
    )
