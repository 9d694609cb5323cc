"""One application for many tests: its routes are built once, its parts are those of each test."""

from collections.abc import Callable
from contextvars import ContextVar
from copy import copy
from typing import Any

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send


class StandIn:
    """Whatever `get` returns at the moment, by each attribute and each call."""

    def __init__(self, get: Callable[[], Any]) -> None:
        self._get = get

    def __getattr__(self, name: str) -> Any:
        return getattr(self._get(), name)

    def __call__(self, *args: Any, **named: Any) -> Any:
        return self._get()(*args, **named)


class SharedApp[Parts]:
    """`build` makes the application, once, from parts for which others stand in.

    It must keep no state outside of the parts, and read none of them before the first request.
    """

    def __init__(self, build: Callable[["SharedApp[Parts]"], FastAPI]) -> None:
        self._build = build
        self._app: FastAPI | None = None
        self._parts: ContextVar[Parts] = ContextVar("parts")

    @property
    def parts(self) -> Parts:
        """Return the parts of the request that is being answered."""
        return self._parts.get()

    def part(self, get: Callable[[Parts], Any]) -> Any:
        """Return a stand-in for one of the parts."""
        return StandIn(lambda: get(self.parts))

    def over(self, parts: Parts) -> FastAPI:
        """Return an application that answers from these parts."""
        if self._app is None:
            self._app = self._build(self)
        app = copy(self._app)
        app.user_middleware = [Middleware(Over, self._parts, parts), *app.user_middleware]
        return app


class Over:
    """Middleware that names the parts of a request."""

    def __init__(self, app: ASGIApp, variable: ContextVar[Any], parts: Any) -> None:
        self._app = app
        self._variable = variable
        self._parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        token = self._variable.set(self._parts)
        try:
            await self._app(scope, receive, send)
        finally:
            self._variable.reset(token)
