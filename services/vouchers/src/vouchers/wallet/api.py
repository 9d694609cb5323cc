"""Routes for using vouchers: hold uses for a checkout, or check what a cart can use."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from vouchers.campaign.code import Claimed, Free, code_history, normalised
from vouchers.campaign.decider import Active, Draft, Unknown, campaign_history
from vouchers.campaign.discount import Line
from vouchers.wallet.answers import HeldVouchers, applied_voucher, check_of
from vouchers.wallet.combination import Combination
from vouchers.wallet.decider import wallet_history
from vouchers.wallet.guess_limits import guess_limits
from vouchers.wallet.hold import HoldVouchers
from vouchers.wallet.refusals import AttemptOverError, Use, about, code_unknown, not_active
from vouchers.wallet.shared_limits import check_within_limits, histories_of, hold_within_limits
from zugabe_events.contracts.vouchers import CampaignActivated, VoucherCheck, VoucherHeld
from zugabe_events.domain.errors import ForbiddenError, RefusedError
from zugabe_events.domain.event_store import EventStore, lasting_state_of, state_of, states_of
from zugabe_events.domain.views import Follower
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.cart_lines import CheckedLines
from zugabe_events.http.fields import Body, Id, Instant, Text, at_most
from zugabe_events.http.request_context import RequestContext
from zugabe_events.http.throttling import Throttle

MAX_CODES = 5


def distinct(codes: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse codes that are the same one, or none, however they are typed."""
    forms = [normalised(code) for code in codes]
    if "" in forms:
        raise PydanticCustomError("code-blank", "Ein Gutscheincode fehlt.")
    if len({*forms}) < len(forms):
        raise PydanticCustomError("codes-repeated", "Jeder Gutscheincode zählt nur einmal.")
    return codes


Codes = Annotated[
    tuple[Text, ...],
    Field(min_length=1, max_length=MAX_CODES),
    at_most(MAX_CODES),
    AfterValidator(distinct),
]


class Cart(Body):
    """`codes` in the order in which they were entered."""

    codes: Codes
    customer: Id
    user: Id
    lines: CheckedLines


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

    async def campaigns_of(
        request: RequestContext, cart: Cart
    ) -> tuple[Mapping[str, CampaignActivated], Sequence[RefusedError]]:
        """The active campaign by code, and the refusals of other codes. Raises ThrottledError."""
        limits = guess_limits(request, cart.user)
        campaigns: dict[str, CampaignActivated] = {}
        refusals: list[RefusedError] = []
        for code in cart.codes:
            async with guesses.attempt(normalised(code), limits, request.context.at) as attempt:
                campaign = await active_campaign(store, request.context.tenant, code)
                if isinstance(campaign, RefusedError):
                    refusals.append(about(code, campaign))
                    await attempt.count()
                else:
                    campaigns[code] = campaign
        return campaigns, refusals

    @router.put("/holds/{order_id}/{attempt}", response_model=HeldVouchers)
    async def hold(
        dealer: Id,
        order_id: Id,
        attempt: Attempt,
        body: NewHold,
        request: Annotated[RequestContext, may_hold],
    ) -> Response:
        """Hold a use of each code, or none. The refusal names its `voucher_code`."""
        campaigns, refusals = await campaigns_of(request, body)
        if refusals:
            raise refusals[0]
        uses = uses_of(campaigns, body, body.placed_at)
        command = HoldVouchers(uses, order_id, attempt, body.deadline, request.context.at)
        handled = await request.handle_together(
            store, histories_of(uses), lambda states: hold_within_limits(command, states)
        )
        holds: Sequence[VoucherHeld] = [
            event for event in handled.events if isinstance(event, VoucherHeld)
        ]
        if not holds or handled.repeated:
            holds = await open_holds(store, dealer, body.user, order_id, attempt)
        return request.answer(HeldVouchers(tuple(map(applied_voucher, holds))))

    @router.post("/voucher-checks")
    async def check(
        dealer: Id,
        body: NewCheck,
        request: Annotated[RequestContext, Depends(access.requires("check-vouchers"))],
    ) -> VoucherCheck:
        """Every reason against each code, and the discounts of those that would be held."""
        request.only(body.user)
        if request.principal.role == "user" and request.principal.customer != body.customer:
            raise ForbiddenError("Das gehört einem anderen Kunden.")
        campaigns, refusals = await campaigns_of(request, body)
        if not campaigns:
            return check_of(refusals, Combination((), ()))
        uses = uses_of(campaigns, body, body.placed_at or request.context.at)
        states = await states_of(store, histories_of(uses))
        return check_of(refusals, check_within_limits(uses, body.order_id, states))

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


async def open_holds(
    store: EventStore, dealer: str, user: str, order_id: str, attempt: int
) -> Sequence[VoucherHeld]:
    """The holds that an earlier request took. Raises AttemptOverError when they have ended."""
    wallet = await state_of(store, wallet_history(dealer, user))
    holds = wallet.held.get(order_id, ())
    if not holds or holds[0].attempt != attempt:
        raise AttemptOverError
    return holds


def uses_of(
    campaigns: Mapping[str, CampaignActivated], cart: Cart, placed_at: Instant
) -> tuple[Use, ...]:
    lines = tuple(Line(line.number, line.net_cents, line.excluded) for line in cart.lines)
    return tuple(
        Use(
            voucher_code=code,
            dealer=campaign.dealer,
            customer=cart.customer,
            user=cart.user,
            campaign_id=campaign.campaign_id,
            campaign_version=campaign.version,
            terms=campaign.terms,
            lines=lines,
            placed_at=placed_at,
        )
        for code, campaign in campaigns.items()
    )
