"""Changes by a command on a campaign in one commit: the campaign, its codes, the registers."""

from collections.abc import Sequence
from typing import Any

from vouchers.campaign.code import CODE_DECIDER, ClaimCode, Code, ReleaseCode, code_history
from vouchers.campaign.decider import (
    CAMPAIGN_DECIDER,
    Active,
    Campaign,
    ChangeTerms,
    DeleteCampaign,
    Draft,
    DrawUpCampaign,
    OfExisting,
    TermsVersion,
    Unknown,
    VersionStaleError,
    campaign_history,
)
from vouchers.campaign.register import (
    NEWSLETTER_REGISTER_DECIDER,
    REGISTER_DECIDER,
    FollowCampaign,
    Offers,
    newsletter_register_history,
    register_history,
)
from vouchers.campaign.typed_code import normalised
from zugabe_events.contracts.vouchers import (
    CampaignDeleted,
    CampaignDraftEdited,
    CampaignEvent,
    CodeClaimed,
)
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.event import Event
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.http.request_context import RequestContext


async def draw_up(store: EventStore, request: RequestContext, command: DrawUpCampaign) -> None:
    """Raises CodeTakenError, and what the campaign's decider raises."""
    dealer, campaign_id, code = command.dealer, command.campaign_id, command.terms.code

    def decide(states: Sequence[Any]) -> Sequence[Sequence[Event]]:
        campaign, claimed = states
        drawn_up = CAMPAIGN_DECIDER.decide(command, campaign)
        claim = ClaimCode(CodeClaimed(dealer, normalised(code), campaign_id))
        return [drawn_up, CODE_DECIDER.decide(claim, claimed)]

    histories: list[History[Any, Any]] = [
        campaign_history(dealer, campaign_id),
        code_history(dealer, code),
    ]
    await request.handle_together(store, histories, decide)


async def change(
    store: EventStore, request: RequestContext, dealer: str, campaign_id: str, command: OfExisting
) -> Campaign:
    """The campaign afterwards. Raises CodeTakenError, and what the campaign's decider raises."""
    history = campaign_history(dealer, campaign_id)
    codes = codes_of(await state_of(store, history), command)

    def decide(states: Sequence[Any]) -> Sequence[Sequence[Event]]:
        campaign, orders, newsletters, *claims = states
        events = CAMPAIGN_DECIDER.decide(command, campaign)
        return [
            events,
            *registers_follow(campaign, events, orders, newsletters),
            *codes_follow(campaign, events, codes, claims),
        ]

    await request.handle_together(
        store,
        [
            history,
            register_history(dealer),
            newsletter_register_history(dealer),
            *(code_history(dealer, code) for code in codes),
        ],
        decide,
    )
    return await state_of(store, history)


def codes_of(campaign: Campaign, command: OfExisting) -> list[str]:
    """The codes whose owner changes with a draft: its present one, then the one that it gets."""
    match campaign, command:
        case Draft(terms=terms), ChangeTerms(terms=wanted):
            is_same = normalised(terms.code) == normalised(wanted.code)
            return [] if is_same else [terms.code, wanted.code]
        case Draft(terms=terms), DeleteCampaign():
            return [terms.code]
        case _:
            return []


def codes_follow(
    campaign: Campaign,
    events: Sequence[CampaignEvent],
    codes: Sequence[str],
    claims: Sequence[Code],
) -> Sequence[Sequence[Event]]:
    """Raises VersionStaleError when the draft has another code than the first of `codes`."""
    decided: list[Sequence[Event]] = [[] for _ in codes]
    for event in events:
        if not isinstance(event, CampaignDraftEdited | CampaignDeleted):
            continue
        assert isinstance(campaign, Draft)
        edited = event.terms.code if isinstance(event, CampaignDraftEdited) else ""
        held = normalised(campaign.terms.code)
        if held != normalised(edited) and (not codes or normalised(codes[0]) != held):
            raise VersionStaleError(campaign.version)
        if codes:
            decided[0] = CODE_DECIDER.decide(ReleaseCode(event.campaign_id), claims[0])
        if codes[1:]:
            claim = CodeClaimed(event.dealer, normalised(codes[1]), event.campaign_id)
            decided[1] = CODE_DECIDER.decide(ClaimCode(claim), claims[1])
    return decided


def registers_follow(
    before: Campaign, events: Sequence[CampaignEvent], orders: Offers, newsletters: Offers
) -> tuple[Sequence[Event], Sequence[Event]]:
    """Campaigns that issue vouchers are in the register of what earns them (VO-31, VO-36)."""
    match CAMPAIGN_DECIDER.fold(events, before):
        case Active(versions=(*_, latest)) if latest.terms.newsletter:
            return [], followed(NEWSLETTER_REGISTER_DECIDER, events, latest, newsletters)
        case Active(versions=(*_, latest)) if latest.terms.kind == "second-purchase":
            return followed(REGISTER_DECIDER, events, latest, orders), []
        case Unknown() | Draft() | Active():
            return [], []


def followed(
    register: Decider[FollowCampaign, Offers, Any],
    events: Sequence[CampaignEvent],
    latest: TermsVersion,
    offers: Offers,
) -> Sequence[Event]:
    return [
        offer
        for event in events
        for offer in register.decide(FollowCampaign(event, latest.version, latest.terms), offers)
    ]
