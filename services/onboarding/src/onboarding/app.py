"""onboarding, put together from its parts. Nothing here reads the environment."""

from collections.abc import Awaitable, Callable

from fastapi import FastAPI

from zugabe_events.http import http_app


def create_app(*, ready: Callable[[], Awaitable[bool]] | None = None) -> FastAPI:
    return http_app("onboarding", [], ready=ready)
