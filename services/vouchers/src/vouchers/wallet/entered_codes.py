"""The campaigns behind codes that a user entered."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from vouchers.assortment.restriction import Goods, Restriction, label
from vouchers.campaign.code import Claimed, Free, code_history
from vouchers.campaign.decider import (
    Active,
    Campaign,
    Draft,
    InForce,
    Unknown,
    campaign_history,
)
from vouchers.campaign.discount import Line
from vouchers.campaign.terms import is_issued
from vouchers.campaign.typed_code import is_central, normalised
from vouchers.customer.lending import lent_to
from vouchers.participation.decider import participations_history
from vouchers.participation.terms import in_force_for
from vouchers.unique_code.codes import UniqueCodes
from vouchers.unique_code.lookup import KnownCode, unique_code_of
from vouchers.wallet.bodies import Cart
from vouchers.wallet.decider import wallet_history
from vouchers.wallet.guess_limits import guess_limits
from vouchers.wallet.issued import as_issued
from vouchers.wallet.refusals import (
    Use,
    about,
    code_unknown,
    left,
    not_active,
    paused,
    same_campaign,
)
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.event_store import EventStore, lasting_state_of, state_of
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.domain.views import Follower
from zugabe_events.http.cart_lines import CheckedLine
from zugabe_events.http.request_context import RequestContext
from zugabe_events.http.throttling import Throttle

NOTHING_QUOTED: Mapping[str, int] = {}


async def entered_campaigns(
    store: EventStore,
    unique_codes: UniqueCodes,
    guesses: Throttle,
    policies_in_turn: Follower,
    request: RequestContext,
    cart: Cart,
    placed_at: datetime,
    quoted: Mapping[str, int] = NOTHING_QUOTED,
) -> tuple[Mapping[str, InForce], Sequence[RefusedError]]:
    """The campaign by code, and the refusals of other codes. Raises ThrottledError.

    `quoted` are the versions that a quote has shown, by campaign.
    """
    limits = guess_limits(request, cart.user)
    campaigns: dict[str, InForce] = {}
    refusals: list[RefusedError] = []
    for code in cart.codes:
        async with guesses.attempt(normalised(code), limits, request.context.at) as attempt:
            tenant = request.context.tenant
            known = await unique_code_of(store, unique_codes, tenant, cart.user, code)
            shared_code = known.campaign_code if known else code
            campaign = await campaign_for(store, tenant, shared_code, placed_at, quoted)
            if isinstance(campaign, InForce):
                campaign = with_code(campaign, known)
            if isinstance(campaign, RefusedError):
                refusals.append(about(code, campaign))
                await attempt.count()
            elif campaign.campaign_id in {other.campaign_id for other in campaigns.values()}:
                refusals.append(about(code, same_campaign()))
            elif is_issued(campaign.terms):
                campaigns[code] = await for_user(store, policies_in_turn, request, cart, campaign)
            else:
                campaigns[code] = campaign
    return campaigns, refusals


def with_code(campaign: InForce, known: KnownCode | None) -> InForce | RefusedError:
    """A campaign of unique codes is entered by one of them, and by no other campaign's."""
    if known is None:
        return code_unknown() if campaign.terms.unique_codes else campaign
    if known.campaign_id != campaign.campaign_id:
        return code_unknown()
    return replace(campaign, unique_code=known.number)


async def campaign_for(
    store: EventStore,
    dealer: str,
    code: str,
    placed_at: datetime,
    quoted: Mapping[str, int] = NOTHING_QUOTED,
) -> InForce | RefusedError:
    """The meaning of a code for the dealer's users; of a central one by the dealer's participation.

    Own and central codes are told apart by how they begin, so neither hides the other (VO-7).
    """
    if not is_central(code):
        return await campaign_of(store, dealer, code, placed_at, quoted)
    campaign = await campaign_of(store, CENTRAL, code, placed_at, quoted)
    if isinstance(campaign, RefusedError):
        return campaign
    participations = await state_of(store, participations_history(dealer))
    is_quoted = campaign.campaign_id in quoted
    found = in_force_for(participations, campaign, placed_at, is_quoted=is_quoted)
    if found is not None:
        return found
    has_left = participations.at(campaign.campaign_id, placed_at) is not None
    return left() if has_left else code_unknown()


async def campaign_of(
    store: EventStore,
    dealer: str,
    code: str,
    placed_at: datetime,
    quoted: Mapping[str, int] = NOTHING_QUOTED,
) -> InForce | RefusedError:
    """The meaning of a code by the terms in force at `placed_at`, or those just quoted (X-17).

    A campaign is always read: one that was paused elsewhere takes no use any more (X-29).
    """
    claims = code_history(dealer, code)
    claimed = await lasting_state_of(store, claims, Claimed)
    campaign = await campaign_with(store, dealer, claimed)
    if isinstance(claimed, Claimed) and not is_for_good(campaign, code):
        # A draft may have given up the code since this process saw the claim.
        claimed = await state_of(store, claims)
        campaign = await campaign_with(store, dealer, claimed)
    match campaign:
        case None:
            return code_unknown()
        case Unknown() | Draft():
            return not_active()
        case Active() as active:
            found = active.as_quoted(quoted.get(active.campaign_id), placed_at)
            is_paused = active.paused_at is not None and not found.is_ended
            return paused() if is_paused else found


async def campaign_with(store: EventStore, dealer: str, claimed: Free | Claimed) -> Campaign | None:
    match claimed:
        case Free():
            return None
        case Claimed(campaign_id=campaign_id):
            return await state_of(store, campaign_history(dealer, campaign_id))


def is_for_good(campaign: Campaign | None, code: str) -> bool:
    """An activated campaign keeps its code."""
    return isinstance(campaign, Active) and normalised(campaign.latest.terms.code) == normalised(
        code
    )


async def for_user(
    store: EventStore,
    policies_in_turn: Follower,
    request: RequestContext,
    cart: Cart,
    campaign: InForce,
) -> InForce:
    """A campaign by the terms that its code was issued with, which never change.

    As it is if nothing was issued to the user or lent to them; that is refused when it is used.
    """
    found = await issued_to(store, request.context.tenant, cart, campaign)
    if found is campaign and request.token_headers:
        await request.catch_up(policies_in_turn)
        found = await issued_to(store, request.context.tenant, cart, campaign)
    return found


async def issued_to(store: EventStore, dealer: str, cart: Cart, campaign: InForce) -> InForce:
    wallet = await state_of(store, wallet_history(dealer, cart.user))
    lent = await lent_to(store, dealer, cart.customer, campaign.terms)
    return as_issued(campaign, wallet, lent)


def uses_of(
    dealer: str,
    campaigns: Mapping[str, InForce],
    restrictions: Mapping[str, Restriction],
    cart: Cart,
    placed_at: datetime,
) -> tuple[Use, ...]:
    """The uses that a cart at the dealer asks for; campaigns and restrictions are by code."""
    lines = tuple(map(line_of, cart.lines))
    return tuple(
        Use(
            voucher_code=code,
            dealer=dealer,
            customer=cart.customer,
            user=cart.user,
            campaign_id=campaign.campaign_id,
            campaign_version=campaign.version,
            terms=campaign.terms,
            lines=lines,
            placed_at=placed_at,
            restriction=restrictions.get(code),
            lent_voucher_id=campaign.lent_voucher_id,
            is_ended=campaign.is_ended,
            unique_code=campaign.unique_code,
        )
        for code, campaign in campaigns.items()
    )


def line_of(line: CheckedLine) -> Line:
    goods = Goods(
        article=label(line.article),
        brand=label(line.brand),
        groups=frozenset(map(label, line.groups)),
        media=frozenset(map(label, line.media)),
    )
    return Line(line.number, line.net_cents, line.excluded, goods)
