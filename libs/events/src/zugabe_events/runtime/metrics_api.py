"""The route `/metrics` for Prometheus. Public like health: nothing in it is about a tenant."""

import asyncio
import time

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from zugabe_events.runtime.metrics_collectors import Collectors

CACHE_TTL_SECONDS = 1.0
"""Scrapes within it share one answer, to spare the database."""


def metrics_api(collectors: Collectors) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    lock = asyncio.Lock()
    text, at = b"", float("-inf")

    @router.get("/metrics")
    async def metrics() -> Response:
        nonlocal text, at
        async with lock:
            if time.monotonic() - at >= CACHE_TTL_SECONDS:
                text, at = await collectors.text(), time.monotonic()
        return Response(text, headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})

    return router
