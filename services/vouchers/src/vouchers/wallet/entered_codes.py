"""The campaigns behind codes that a user entered."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from vouchers.campaign.code import Claimed, Free, code_history, normalised
from vouchers.campaign.decider import Active, Draft, Unknown, campaign_history
from vouchers.campaign.discount import Line
from vouchers.wallet.bodies import Cart
from vouchers.wallet.guess_limits import guess_limits
from vouchers.wallet.refusals import Use, about, code_unknown, not_active
from zugabe_events.contracts.vouchers import CampaignActivated
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.event_store import EventStore, lasting_state_of
from zugabe_events.http.request_context import RequestContext
from zugabe_events.http.throttling import Throttle


async def entered_campaigns(
    store: EventStore, guesses: Throttle, request: RequestContext, cart: Cart
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


def uses_of(
    campaigns: Mapping[str, CampaignActivated], cart: Cart, placed_at: datetime
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
