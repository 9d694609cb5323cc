"""The FastAPI app of every service: problems, limits, health, schemas and OpenAPI."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from types import MappingProxyType
from uuid import UUID, uuid4

from fastapi import APIRouter, FastAPI
from fastapi.telemetry import TelemetryConfig

from zugabe_events.domain.errors import UnavailableError
from zugabe_events.http.authorization import PUBLIC
from zugabe_events.http.openapi import describe
from zugabe_events.http.problems import add_problems
from zugabe_events.http.public_routes import public_routes
from zugabe_events.http.request_limits import RequestLimits
from zugabe_events.http.schemas_api import documents

SPANS_OF_REQUESTS: TelemetryConfig = {
    "tracing": True,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
    "exclude": lambda scope: scope.get("path") in PUBLIC,
}
"""FastAPI makes these spans if the process records any; they contain nothing of bodies."""

type Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def http_app(
    title: str,
    routers: Sequence[APIRouter],
    lifespan: Lifespan | None = None,
    *,
    ready: Callable[[], Awaitable[bool]] | None = None,
    max_body_bytes: int = 1_000_000,
    larger_bodies: Mapping[str, int] = MappingProxyType({}),
    streamed_bodies: Mapping[str, int] = MappingProxyType({}),
    new_id: Callable[[], UUID] = uuid4,
) -> FastAPI:
    """`larger_bodies` has the maximum in bytes of routes that take more than `max_body_bytes`,
    `streamed_bodies` that of routes that read their bodies piece by piece."""
    app = FastAPI(
        title=title,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry=SPANS_OF_REQUESTS,
    )
    add_problems(app)
    app.include_router(health(ready))
    app.include_router(documents(title))
    for router in routers:
        app.include_router(router)
    without_body = dict.fromkeys(public_routes(app.routes), 0)
    app.add_middleware(
        RequestLimits,
        max_body_bytes=max_body_bytes,
        new_id=new_id,
        body_limits={**larger_bodies, **without_body},
        streamed_bodies=streamed_bodies,
    )
    describe(app)
    return app


def health(ready: Callable[[], Awaitable[bool]] | None) -> APIRouter:
    """Alive: this process answers. Ready: what it depends on answers as well."""
    router = APIRouter(include_in_schema=False)

    @router.get("/livez")
    async def livez() -> dict[str, str]:
        return {"status": "alive"}

    @router.get("/readyz")
    async def readyz() -> dict[str, str]:
        if ready is not None and not await ready():
            raise UnavailableError("Der Dienst ist noch nicht bereit.", code="not-ready")
        return {"status": "ready"}

    return router
