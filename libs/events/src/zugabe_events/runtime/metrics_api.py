"""What Prometheus reads. Public like health: it says nothing of dealers and people."""

import asyncio
import time

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from zugabe_events.runtime.metrics_collectors import Watched

FRESH_SECONDS = 1.0
"""Whoever asks more often gets the same text: looking costs the database something."""


def metrics_api(watched: Watched) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    turn = asyncio.Lock()
    text, at = b"", float("-inf")

    @router.get("/metrics")
    async def metrics() -> Response:
        nonlocal text, at
        async with turn:
            if time.monotonic() - at >= FRESH_SECONDS:
                text, at = await watched.text(), time.monotonic()
        return Response(text, headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})

    return router
