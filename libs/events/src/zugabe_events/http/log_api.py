"""Positions and heads of this log, for services that consume it."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import aiohttp
import msgspec
from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel

from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.errors import UnavailableError
from zugabe_events.http.authorization import SERVICES, Access
from zugabe_events.http.request_context import RequestContext
from zugabe_events.messaging.message import Lane
from zugabe_events.observability.context import propagation_headers
from zugabe_events.projections.read_your_writes import AskOwner, Heads, LanePosition, ReadYourWrites

RIGHTS = {
    "see-positions": frozenset({"central", *(f"service:{name}" for name in SERVICES)}),
}
TIMEOUT = aiohttp.ClientTimeout(total=5)


class LogPosition(BaseModel):
    """A position in a lane of a log."""

    log: str
    log_id: str
    part: int
    pos: int


def positions_api(serving: ReadYourWrites, access_of: Callable[[Any], Access]) -> APIRouter:
    router = APIRouter(prefix="/log", tags=["log"])
    access = access_of(RIGHTS)

    @router.get("/positions/{token}")
    async def get_position(
        token: Annotated[str, Path(max_length=100)],
        _: Annotated[RequestContext, Depends(access.requires("see-positions"))],
    ) -> LogPosition:
        """The position of a consistency token, as soon as its commit is sequenced."""
        at = await serving.position_soon(Token.parse(token))
        return LogPosition(log=at.lane.log, log_id=at.lane.log_id, part=at.lane.part, pos=at.pos)

    @router.get("/heads")
    async def get_heads(
        _: Annotated[RequestContext, Depends(access.requires("see-positions"))],
    ) -> Heads:
        """The last sequenced position of each part."""
        return await serving.heads()

    return router


def ask_heads(
    http: aiohttp.ClientSession,
    url_of: Callable[[str], str],
    bearer: Callable[[], Awaitable[str]],
) -> Callable[[str], Awaitable[Heads]]:
    """Raises the error of the request, such as aiohttp.ClientError or TimeoutError."""

    async def ask(log: str) -> Heads:
        headers = {"Authorization": f"Bearer {await bearer()}"}
        async with http.get(
            f"{url_of(log)}/log/heads", headers=headers, timeout=TIMEOUT, raise_for_status=True
        ) as answer:
            return msgspec.json.decode(await answer.read(), type=Heads)

    return ask


def ask_owner(
    http: aiohttp.ClientSession,
    url_of: Callable[[str], str],
    bearer: Callable[[], Awaitable[str]],
) -> AskOwner:
    async def ask(token: Token) -> LanePosition:
        try:
            async with http.get(
                f"{url_of(token.log)}/log/positions/{token}",
                headers={"Authorization": f"Bearer {await bearer()}", **propagation_headers()},
                timeout=TIMEOUT,
                raise_for_status=True,
            ) as answer:
                found = LogPosition.model_validate(await answer.json())
        except (aiohttp.ClientError, TimeoutError, AttributeError) as error:
            raise UnavailableError(
                "Der Stand eines anderen Dienstes ist gerade nicht zu erfahren.",
                code="not-caught-up",
            ) from error
        return LanePosition(Lane(found.log, found.log_id, found.part), found.pos)

    return ask
