"""catalog-shops, put together from its parts. Nothing here reads the environment."""

from collections.abc import Awaitable, Callable

from fastapi import FastAPI

from zugabe_events.http.app import http_app


def create_app(*, ready: Callable[[], Awaitable[bool]] | None = None) -> FastAPI:
    return http_app("catalog-shops", [], ready=ready)
