"""HTTP for platform releases: requested by the two forms, kept track of by central (ON-16)."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Response, status
from pydantic import Field, StringConstraints

from onboarding.brand.releases import (
    ChoosePlatforms,
    GrantRelease,
    MeetPrecondition,
    RefuseRelease,
    RequestRelease,
    WithdrawRelease,
)
from onboarding.brand.working import work_on
from onboarding.partner.requests import Reason
from zugabe_events.domain.event_store import EventStore
from zugabe_events.http.authorization import Access, RequestContext
from zugabe_events.http.fields import Body, Id

Platform = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
"""One spelling only: its preconditions are found by it."""

type Preconditions = Mapping[str, tuple[str, ...]]
"""What a platform alone demands before anything goes live there (ON-20)."""


class Platforms(Body):
    platforms: Annotated[tuple[Platform, ...], Field(min_length=1, max_length=50)]


def release_api(store: EventStore, preconditions: Preconditions, access: Access) -> APIRouter:
    router = APIRouter(
        prefix="/partners/{partner}/brands/{brand}",
        tags=["release"],
        default_response_class=Response,
    )
    chooses = Depends(access.requires("choose-platforms"))
    guides = Depends(access.requires("guide-brands"))
    done = status.HTTP_204_NO_CONTENT

    @router.put("/platforms", status_code=done)
    async def choose(
        partner: Id,
        brand: Id,
        body: Platforms,
        asked: Annotated[RequestContext, chooses],
        response: Response,
    ) -> None:
        command = ChoosePlatforms(body.platforms, asked.context.at)
        await work_on(store, partner, brand, command, asked, response)

    @router.post("/platforms/{platform}/request", status_code=done)
    async def request(
        partner: Id,
        brand: Id,
        platform: Platform,
        asked: Annotated[RequestContext, guides],
        response: Response,
    ) -> None:
        demanded = preconditions.get(platform, ())
        command = RequestRelease(platform, demanded, asked.context.at)
        await work_on(store, partner, brand, command, asked, response)

    @router.post("/platforms/{platform}/grant", status_code=done)
    async def grant(
        partner: Id,
        brand: Id,
        platform: Platform,
        asked: Annotated[RequestContext, guides],
        response: Response,
    ) -> None:
        command = GrantRelease(platform, asked.context.at)
        await work_on(store, partner, brand, command, asked, response)

    @router.post("/platforms/{platform}/refusal", status_code=done)
    async def refuse(
        partner: Id,
        brand: Id,
        platform: Platform,
        body: Reason,
        asked: Annotated[RequestContext, guides],
        response: Response,
    ) -> None:
        command = RefuseRelease(platform, body.reason, asked.context.at)
        await work_on(store, partner, brand, command, asked, response)

    @router.post("/platforms/{platform}/withdrawal", status_code=done)
    async def withdraw(
        partner: Id,
        brand: Id,
        platform: Platform,
        body: Reason,
        asked: Annotated[RequestContext, guides],
        response: Response,
    ) -> None:
        command = WithdrawRelease(platform, body.reason, asked.context.at)
        await work_on(store, partner, brand, command, asked, response)

    @router.put("/platforms/{platform}/preconditions/{precondition}", status_code=done)
    async def meet(
        partner: Id,
        brand: Id,
        platform: Platform,
        precondition: Platform,
        asked: Annotated[RequestContext, guides],
        response: Response,
    ) -> None:
        """Central has seen that it is there, such as Amazon's brand registration (ON-20)."""
        demanded = preconditions.get(platform, ())
        command = MeetPrecondition(platform, precondition, demanded, asked.context.at)
        await work_on(store, partner, brand, command, asked, response)

    return router
