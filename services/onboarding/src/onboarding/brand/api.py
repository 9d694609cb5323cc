"""HTTP for a brand's phases: central staff open one gate after the other (ON-1)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response, status
from pydantic import StringConstraints

from onboarding.brand.phases import CompletePhase, GrantWaiver
from onboarding.brand.reminder import Remind
from onboarding.brand.warehousing import ChooseWarehouse
from onboarding.brand.working import warehouse_of, work_at, work_on
from onboarding.partner.history import Open
from onboarding.partner.requests import Reason
from onboarding.warehouse.decider import Kept
from zugabe_events.contracts.onboarding import Phase
from zugabe_events.domain.event_store import EventStore
from zugabe_events.http.authorization import Access, RequestContext
from zugabe_events.http.fields import Body, Id

Requirement = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z:-]{0,63}$")]
"""Such as `form:contacts`."""


class Choice(Body):
    warehouse: Id


def brand_api(store: EventStore, access: Access) -> APIRouter:
    router = APIRouter(
        prefix="/partners/{partner}/brands/{brand}",
        tags=["brand"],
        default_response_class=Response,
    )
    guides = Depends(access.requires("guide-brands"))
    done = status.HTTP_204_NO_CONTENT

    @router.post("/phases/{phase}/completion", status_code=done)
    async def complete(
        partner: Id,
        brand: Id,
        phase: Phase,
        asked: Annotated[RequestContext, guides],
        response: Response,
    ) -> None:
        """Refused with everything that is missing; else the next phase begins (ON-11)."""
        at = asked.context.at
        place = await warehouse_of(store, partner, brand) if phase == "content" else None

        def command(its: Open, told: Kept | None) -> CompletePhase:
            return CompletePhase(phase, its.contact, told, at)

        await work_at(store, partner, brand, place, command, asked, response)

    @router.put("/waivers/{requirement}", status_code=done)
    async def waive(
        partner: Id,
        brand: Id,
        requirement: Requirement,
        body: Reason,
        asked: Annotated[RequestContext, guides],
        response: Response,
    ) -> None:
        command = GrantWaiver(requirement, body.reason, asked.context.at)
        await work_on(store, partner, brand, command, asked, response)

    @router.put("/warehouse", status_code=done)
    async def choose_warehouse(
        partner: Id,
        brand: Id,
        body: Choice,
        asked: Annotated[RequestContext, guides],
        response: Response,
    ) -> None:
        """On the basis of the partner's data (ON-4)."""
        at = asked.context.at

        def command(its: Open, place: Kept | None) -> ChooseWarehouse:
            assert place is not None, "the warehouse of the request was read"
            return ChooseWarehouse(place, its.contact, at)

        await work_at(store, partner, brand, body.warehouse, command, asked, response)

    @router.post("/reminders", status_code=done)
    async def remind(
        partner: Id, brand: Id, asked: Annotated[RequestContext, guides], response: Response
    ) -> None:
        """Of what the partner owes now, by mail."""
        at = asked.context.at

        def command(its: Open) -> Remind:
            return Remind(its.contact, at)

        await work_on(store, partner, brand, command, asked, response)

    return router
