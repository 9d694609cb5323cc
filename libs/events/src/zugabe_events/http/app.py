"""The FastAPI app of every service: problems, limits, health, schemas and OpenAPI."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

from fastapi import APIRouter, FastAPI
from fastapi.telemetry import TelemetryConfig

from zugabe_events.domain.errors import UnavailableError
from zugabe_events.domain.release import about
from zugabe_events.http.api_pages import api_pages
from zugabe_events.http.api_words import ApiWords
from zugabe_events.http.authorization import PUBLIC
from zugabe_events.http.openapi import DESCRIPTION, describe
from zugabe_events.http.problems import add_problems
from zugabe_events.http.request_limits import RequestLimits
from zugabe_events.http.schemas_api import documents, documents_of

SPANS_OF_REQUESTS: TelemetryConfig = {
    "tracing": True,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
    "exclude": lambda scope: scope.get("path") in PUBLIC,
}
"""FastAPI makes these spans if the process records any; they contain nothing of bodies."""

NO_WORDS = ApiWords()

type Work = Callable[[], Coroutine[Any, Any, None]]
"""Goes on in the background until it is cancelled."""


def http_app(
    title: str,
    routers: Sequence[APIRouter],
    background: Sequence[Work] = (),
    *,
    ready: Callable[[], Awaitable[bool]] | None = None,
    max_body_bytes: int = 1_000_000,
    larger_bodies: Mapping[str, int] = MappingProxyType({}),
    streamed_bodies: Mapping[str, int] = MappingProxyType({}),
    new_id: Callable[[], UUID] = uuid4,
    words: ApiWords = NO_WORDS,
) -> FastAPI:
    """`larger_bodies` has the maximum in bytes of routes that take more than `max_body_bytes`,
    `streamed_bodies` that of routes that read their bodies piece by piece."""
    version, summary = about(title)
    app = FastAPI(
        title=f"Zugabe: {title}",
        summary=summary,
        version=version,
        description=DESCRIPTION,
        servers=[{"url": "/", "description": "The service that serves this document"}],
        lifespan=partial(while_served, background),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry=SPANS_OF_REQUESTS,
    )
    add_problems(app)
    app.include_router(health(ready))
    app.include_router(documents(title))
    publishes = documents_of(title) is not None
    app.include_router(api_pages(title, version, summary, publishes=publishes))
    for router in routers:
        app.include_router(router)
    app.add_middleware(
        RequestLimits,
        max_body_bytes=max_body_bytes,
        new_id=new_id,
        body_limits=larger_bodies,
        streamed_bodies=streamed_bodies,
        routes=app.routes,  # read at the first request, when all are there
    )
    describe(app, words)
    return app


@asynccontextmanager
async def while_served(works: Sequence[Work], _: object) -> AsyncGenerator[None]:
    """Works that begin and end with the app."""
    tasks = [asyncio.create_task(work()) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


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
