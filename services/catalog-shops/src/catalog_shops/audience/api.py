"""HTTP for who sees a dealer's front."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends

from catalog_shops.audience.decider import (
    Command,
    DeclareBusinessOnly,
    SetVisibility,
    audience_history,
)
from catalog_shops.quotas import Quotas
from catalog_shops.tenancy import edits_own
from zugabe_events.contracts.catalog_shops import FrontVisibility
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.http.authorization import Access
from zugabe_events.http.fields import Body, Id
from zugabe_events.http.request_context import RequestContext


class Visibility(Body):
    visibility: FrontVisibility


class BusinessOnly(Body):
    business_only: bool


@dataclass(frozen=True, slots=True)
class AudienceAnswer:
    visibility: FrontVisibility
    business_only: bool


def audience_api(store: EventStore, access: Access, quotas: Quotas) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}", tags=["front"])
    edits = Depends(access.requires("edit-shops"))

    async def change(command: Command, request: RequestContext) -> None:
        edits_own(request)
        await quotas.count("shop-changes", request)
        await request.handle(store, audience_history(command.dealer), command)

    @router.put("/front-visibility", status_code=204)
    async def set_front_visibility(
        dealer: Id, body: Visibility, request: Annotated[RequestContext, edits]
    ) -> None:
        """Show the front to everybody, or to those who have a token of the dealer."""
        await change(SetVisibility(dealer, body.visibility, request.context.at), request)

    @router.put("/business-only", status_code=204)
    async def declare_business_only(
        dealer: Id, body: BusinessOnly, request: Annotated[RequestContext, edits]
    ) -> None:
        """Declare that only businesses buy here: strike prices then stand alone (Q13)."""
        await change(DeclareBusinessOnly(dealer, body.business_only, request.context.at), request)

    @router.get("/front-audience")
    async def get_front_audience(
        dealer: Id, _: Annotated[RequestContext, Depends(access.requires("see-shops"))]
    ) -> AudienceAnswer:
        """The audience of the dealer's front."""
        audience = await state_of(store, audience_history(dealer))
        return AudienceAnswer(audience.visibility, audience.business_only)

    return router
