"""HTTP for a brand's phases and platform releases, guided by central (ON-1, ON-16)."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Response, status
from pydantic import StringConstraints

from onboarding.brand.decider import brand_history, with_partner
from onboarding.brand.phases import CompletePhase, GrantWaiver
from onboarding.brand.releases import (
    GrantRelease,
    MeetPrecondition,
    RefuseRelease,
    RequestRelease,
    WithdrawRelease,
)
from onboarding.brand.reminders import Remind
from onboarding.brand.state import brand_of
from onboarding.form.decider import Form, FormKey, form_history
from onboarding.form.planned_stock import STOCK_FORM, planned_stock_of
from onboarding.partner.requests import Reason
from onboarding.partner.state import Open
from onboarding.warehouse.decider import ChooseWarehouse, Warehouse, kept, warehouse_history
from zugabe_events.contracts.onboarding import Phase
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.http.authorization import Access
from zugabe_events.http.fields import Body, Id
from zugabe_events.http.request_context import RequestContext

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
        request: Annotated[RequestContext, guides],
    ) -> None:
        """Complete a phase and start the next one. Refused with a list of unmet requirements
        (ON-11)."""
        at = request.context.at
        reads = []
        if phase == "content":
            state = brand_of(await state_of(store, brand_history(partner, brand)))
            if state.progress.warehouse is not None:
                reads = [warehouse_history(state.progress.warehouse)]

        def command(onboarding: Open, *warehouse: Warehouse) -> CompletePhase:
            place = kept(warehouse[0]) if warehouse else None
            return CompletePhase(phase, onboarding.contact, place, at)

        await request.handle_together(store, *with_partner(partner, brand, command, *reads))

    @router.put("/waivers/{requirement}", status_code=done)
    async def waive(
        partner: Id,
        brand: Id,
        requirement: Requirement,
        body: Reason,
        request: Annotated[RequestContext, guides],
    ) -> None:
        """Waive a requirement of the running phase, with a reason."""
        command = GrantWaiver(requirement, body.reason, request.context.at)
        await request.handle_together(store, *with_partner(partner, brand, command))

    @router.put("/warehouse", status_code=done)
    async def choose_warehouse(
        partner: Id,
        brand: Id,
        body: Choice,
        request: Annotated[RequestContext, guides],
    ) -> None:
        """Choose the warehouse for the brand's goods, once its planned stock is in (ON-4)."""
        at = request.context.at

        def command(onboarding: Open, warehouse: Warehouse, form: Form) -> ChooseWarehouse:
            planned = planned_stock_of(form)
            return ChooseWarehouse(kept(warehouse), onboarding.contact, at, planned)

        reads = (
            warehouse_history(body.warehouse),
            form_history(FormKey(partner, brand, STOCK_FORM)),
        )
        await request.handle_together(store, *with_partner(partner, brand, command, *reads))

    @router.post("/reminders", status_code=done)
    async def remind(
        partner: Id,
        brand: Id,
        request: Annotated[RequestContext, guides],
        again: bool = False,
    ) -> None:
        """Remind the partner by mail of what they still have to provide, once a day unless
        `again` is true (D11)."""
        at = request.context.at

        def command(onboarding: Open) -> Remind:
            return Remind(onboarding.contact, at, again=again)

        await request.handle_together(store, *with_partner(partner, brand, command))

    return router


Platform = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
"""Lower-case id, as preconditions name it."""


type Preconditions = Mapping[str, tuple[str, ...]]
"""Preconditions of single platforms for going live there (ON-20)."""


def demanded_by(platform: str, preconditions: Preconditions) -> tuple[str, ...]:
    """Those of amazon hold for amazon-eu, too, unless it has its own (ON-20, Q33)."""
    family = platform.partition("-")[0]
    return preconditions.get(platform, preconditions.get(family, ()))


def release_api(store: EventStore, preconditions: Preconditions, access: Access) -> APIRouter:
    """Platforms are chosen by the accepted form alone, so no route sets them (ON-16)."""
    router = APIRouter(
        prefix="/partners/{partner}/brands/{brand}",
        tags=["release"],
        default_response_class=Response,
    )
    guides = Depends(access.requires("guide-brands"))
    done = status.HTTP_204_NO_CONTENT

    @router.post("/platforms/{platform}/request", status_code=done)
    async def request_release(
        partner: Id,
        brand: Id,
        platform: Platform,
        request: Annotated[RequestContext, guides],
    ) -> None:
        """Tell a platform that the brand asks for its release (ON-20)."""
        demanded = demanded_by(platform, preconditions)
        command = RequestRelease(platform, demanded, request.context.at)
        await request.handle_together(store, *with_partner(partner, brand, command))

    @router.post("/platforms/{platform}/grant", status_code=done)
    async def grant_release(
        partner: Id,
        brand: Id,
        platform: Platform,
        request: Annotated[RequestContext, guides],
    ) -> None:
        """Record that the platform has released the brand."""
        command = GrantRelease(platform, request.context.at)
        await request.handle_together(store, *with_partner(partner, brand, command))

    @router.post("/platforms/{platform}/refusal", status_code=done)
    async def refuse_release(
        partner: Id,
        brand: Id,
        platform: Platform,
        body: Reason,
        request: Annotated[RequestContext, guides],
    ) -> None:
        """Record that the platform has refused the brand, with its reason."""
        command = RefuseRelease(platform, body.reason, request.context.at)
        await request.handle_together(store, *with_partner(partner, brand, command))

    @router.post("/platforms/{platform}/withdrawal", status_code=done)
    async def withdraw_release(
        partner: Id,
        brand: Id,
        platform: Platform,
        body: Reason,
        request: Annotated[RequestContext, guides],
    ) -> None:
        """Withdraw the request for release."""
        command = WithdrawRelease(platform, body.reason, request.context.at)
        await request.handle_together(store, *with_partner(partner, brand, command))

    @router.put("/platforms/{platform}/preconditions/{precondition}", status_code=done)
    async def meet_precondition(
        partner: Id,
        brand: Id,
        platform: Platform,
        precondition: Platform,
        request: Annotated[RequestContext, guides],
    ) -> None:
        """Record that a precondition is met, such as Amazon's brand registration (ON-20)."""
        demanded = demanded_by(platform, preconditions)
        command = MeetPrecondition(platform, precondition, demanded, request.context.at)
        await request.handle_together(store, *with_partner(partner, brand, command))

    return router
