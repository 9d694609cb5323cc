"""The application of catalog-shops, assembled from its parts without reading the environment."""

from collections.abc import Awaitable, Callable, Sequence

from fastapi import APIRouter, FastAPI

from zugabe_events.http.app import http_app
from zugabe_events.http.authorization import Access


def create_app(access: Access, *, ready: Callable[[], Awaitable[bool]] | None = None) -> FastAPI:
    return http_app("catalog-shops", routers(access), ready=ready)


def routers(_: Access) -> Sequence[APIRouter]:
    """One for each stream that people can ask about."""
    return []
