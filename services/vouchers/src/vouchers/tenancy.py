"""Editing by tenant: central marketing edits what is central, dealers' staff theirs (X-16)."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends

from zugabe_events.domain.errors import ForbiddenError
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.domain.views import Follower
from zugabe_events.http.authorization import Requires, reads
from zugabe_events.http.request_context import RequestContext


def edits_own(requires: Requires, *followers: Follower) -> Callable[..., Awaitable[RequestContext]]:
    """As `reads`, for routes that change campaigns: central staff change central ones only."""

    async def checked(
        request: Annotated[RequestContext, Depends(reads(requires, *followers))],
    ) -> RequestContext:
        if request.principal.role == "central" and request.context.tenant != CENTRAL:
            raise ForbiddenError("Das pflegt der Händler selbst.")
        return request

    return checked


def takes_part(
    requires: Requires, *followers: Follower
) -> Callable[..., Awaitable[RequestContext]]:
    """As `edits_own`, for routes by which dealers take part in what is central."""

    async def checked(
        request: Annotated[RequestContext, Depends(edits_own(requires, *followers))],
    ) -> RequestContext:
        if request.context.tenant == CENTRAL:
            raise ForbiddenError("An zentralen Kampagnen nehmen Händler teil.")
        return request

    return checked
