"""Routes that draw up and activate campaigns.

Own campaigns need the module "Vermarktung" (CS-1); those that run outlast it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from pydantic import Field, StringConstraints

from vouchers.assortment.restrictions import Restrictions
from vouchers.campaign.code import CODE_DECIDER, ClaimCode, code_history, normalised, presentable
from vouchers.campaign.decider import (
    CAMPAIGN_DECIDER,
    ActivateCampaign,
    Active,
    Draft,
    DrawUpCampaign,
    Unknown,
    campaign_history,
)
from vouchers.campaign.register import REGISTER_DECIDER, FollowCampaign, register_history
from vouchers.campaign.warnings import warnings_about
from vouchers.dealer.shipping import ShippingView
from zugabe_events.contracts.vouchers import (
    CampaignActivated,
    CampaignKind,
    CampaignTerms,
    CodeClaimed,
    DiscountType,
)
from zugabe_events.domain.errors import NotFoundError
from zugabe_events.domain.event import Event
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.domain.marketing_module import ModuleView, check_module
from zugabe_events.domain.views import Views
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Body, Cents, Day, Id, LongText, Text
from zugabe_events.http.request_context import RequestContext

Code = Annotated[str, StringConstraints(min_length=1, max_length=40)]

# A limit remembers the order behind each of its uses; more of them would make its state too large.
MaxShared = Annotated[int, Field(strict=True, ge=1, le=100_000)]


class NewCampaign(Body):
    """Fields without a default are mandatory (Q22); free shipping has no `value` (VO-9)."""

    kind: CampaignKind = "own"
    title: Text
    description: LongText = ""
    code: Code
    discount_type: DiscountType
    value: Cents = 0
    valid_from: Day
    valid_until: Day
    minimum_cents: Cents
    max_uses: MaxShared | None = None
    max_per_customer: MaxShared | None = None
    max_per_user: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] | None = 1
    combines: bool = False
    earning_minimum_cents: Cents = 0
    usual_free_shipping_from_cents: Cents | None = None

    def terms(self) -> CampaignTerms:
        return CampaignTerms(
            kind=self.kind,
            title=self.title,
            description=self.description,
            code=presentable(self.code),
            discount_type=self.discount_type,
            value=self.value,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            minimum_cents=self.minimum_cents,
            max_uses=self.max_uses,
            max_per_customer=self.max_per_customer,
            max_per_user=self.max_per_user,
            combines=self.combines,
            earning_minimum_cents=self.earning_minimum_cents,
        )


@dataclass(frozen=True, slots=True)
class DrawnUp:
    """`warnings`, in German, name terms that are allowed but hardly intended (VO-17)."""

    campaign_id: str
    version: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActivationResult:
    campaign_id: str
    status: Literal["active"] = "active"
    warnings: tuple[str, ...] = ()


def campaign_api(
    store: EventStore,
    restrictions: Restrictions,
    dealers: Views[ModuleView],
    shipping: Views[ShippingView],
    access: Access,
) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}/campaigns", tags=["campaign"])
    edits = Depends(reads(access.requires("edit-campaigns"), dealers, shipping))

    async def warned(
        request: RequestContext, terms: CampaignTerms, usual: int | None = None
    ) -> tuple[str, ...]:
        view = await shipping.get(request.context.tenant)
        in_force = view.at(request.context.at) if view else None
        return tuple(warnings_about(terms, in_force, usual))

    @router.put("/{campaign_id}")
    async def draw_up(
        dealer: Id,
        campaign_id: Id,
        body: NewCampaign,
        request: Annotated[RequestContext, edits],
    ) -> DrawnUp:
        await check_module(dealers, dealer)
        terms = body.terms()
        await restrictions.check(dealer, terms)

        def decide(states: Sequence[Any]) -> Sequence[Sequence[Event]]:
            campaign, code = states
            claim = ClaimCode(CodeClaimed(dealer, normalised(terms.code), campaign_id))
            return [
                CAMPAIGN_DECIDER.decide(DrawUpCampaign(dealer, campaign_id, terms), campaign),
                CODE_DECIDER.decide(claim, code),
            ]

        await request.handle_together(
            store, [campaign_history(dealer, campaign_id), code_history(dealer, terms.code)], decide
        )
        warnings = await warned(request, terms, body.usual_free_shipping_from_cents)
        return DrawnUp(campaign_id, 1, warnings)

    @router.post("/{campaign_id}/activation")
    async def activate(
        dealer: Id, campaign_id: Id, request: Annotated[RequestContext, edits]
    ) -> ActivationResult:
        await check_module(dealers, dealer)

        def decide(states: Sequence[Any]) -> Sequence[Sequence[Event]]:
            campaign, register = states
            activated = CAMPAIGN_DECIDER.decide(ActivateCampaign(request.context.at), campaign)
            offered = [
                offer
                for event in activated
                if isinstance(event, CampaignActivated) and event.terms.kind == "second-purchase"
                for offer in REGISTER_DECIDER.decide(
                    FollowCampaign(event, event.version, event.terms), register
                )
            ]
            return [activated, offered]

        history = campaign_history(dealer, campaign_id)
        await request.handle_together(store, [history, register_history(dealer)], decide)
        match await state_of(store, history):
            case Active() as active:
                return ActivationResult(
                    campaign_id, warnings=await warned(request, active.latest.terms)
                )
            case Unknown() | Draft():
                raise NotFoundError("Diese Kampagne gibt es nicht.")

    return router
