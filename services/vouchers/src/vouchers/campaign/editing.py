"""Changes of campaigns for their routes: who may make them, and what they answer."""

from dataclasses import dataclass
from typing import Literal

from vouchers.assortment.restrictions import Restrictions
from vouchers.campaign.changes import change, draw_up
from vouchers.campaign.decider import (
    Active,
    Campaign,
    ChangeTerms,
    Draft,
    DrawUpCampaign,
    OfExisting,
    Unknown,
)
from vouchers.campaign.warnings import warnings_about
from vouchers.dealer.shipping import ShippingView
from vouchers.quotas import Quotas
from zugabe_events.contracts.vouchers import CampaignTerms
from zugabe_events.domain.errors import NotFoundError
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.marketing_module import ModuleView, check_module
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.domain.views import Views
from zugabe_events.http.request_context import RequestContext


@dataclass(frozen=True, slots=True)
class CampaignResult:
    """`warnings`, in German, name terms that are allowed but hardly intended (VO-17)."""

    campaign_id: str
    version: int
    status: Literal["draft", "active", "paused", "ended"]
    warnings: tuple[str, ...] = ()


class CampaignEditor:
    """Own campaigns need the module "Vermarktung" (CS-1); central ones need none."""

    def __init__(
        self,
        store: EventStore,
        restrictions: Restrictions,
        dealers: Views[ModuleView],
        shipping: Views[ShippingView],
        quotas: Quotas,
    ) -> None:
        self._store = store
        self._restrictions = restrictions
        self._dealers = dealers
        self._shipping = shipping
        self._quotas = quotas

    async def check_dealer(self, dealer: str) -> None:
        """Raise ModuleMissingError."""
        if dealer != CENTRAL:
            await check_module(self._dealers, dealer)

    async def draw_up(
        self, request: RequestContext, campaign_id: str, terms: CampaignTerms, usual: int | None
    ) -> CampaignResult:
        """`usual` is the value in cents from which shipping is free in any case, if it is known.

        Raises ModuleMissingError, InvalidError, ThrottledError, and what `changes.draw_up` raises.
        """
        dealer = request.context.tenant
        await self.check_dealer(dealer)
        await self._restrictions.check(dealer, terms)
        await self._quotas.count("campaigns", request)
        await draw_up(self._store, request, DrawUpCampaign(dealer, campaign_id, terms))
        warnings = await self._warnings(request, terms, usual)
        return CampaignResult(campaign_id, 1, "draft", warnings)

    async def change(
        self,
        request: RequestContext,
        campaign_id: str,
        command: OfExisting,
        usual: int | None = None,
    ) -> CampaignResult:
        """Raises InvalidError, ThrottledError, and what `changes.change` raises."""
        if isinstance(command, ChangeTerms):
            await self._restrictions.check(request.context.tenant, command.terms)
        await self._quotas.count("changes", request)
        campaign = await change(self._store, request, request.context.tenant, campaign_id, command)
        version, terms = latest_of(campaign)
        warnings = await self._warnings(request, terms, usual)
        return CampaignResult(campaign_id, version, status_of(campaign), warnings)

    async def _warnings(
        self, request: RequestContext, terms: CampaignTerms, usual: int | None
    ) -> tuple[str, ...]:
        view = await self._shipping.get(request.context.tenant)
        shipping = view.at(request.context.at) if view else None
        return (
            *warnings_about(terms, shipping, request.context.at, usual),
            *await self._restrictions.warnings(request.context.tenant, terms),
        )


def latest_of(campaign: Campaign) -> tuple[int, CampaignTerms]:
    """Version and terms. Raises NotFoundError."""
    match campaign:
        case Draft(version=version, terms=terms):
            return version, terms
        case Active(latest=latest):
            return latest.version, latest.terms
        case Unknown():
            raise campaign_unknown()


def status_of(campaign: Campaign) -> Literal["draft", "active", "paused", "ended"]:
    match campaign:
        case Active(ended_at=ended_at) if ended_at is not None:
            return "ended"
        case Active(paused_at=paused_at):
            return "active" if paused_at is None else "paused"
        case Draft() | Unknown():
            return "draft"


def campaign_unknown() -> NotFoundError:
    return NotFoundError("Diese Kampagne gibt es nicht.")
