"""The outermost layer: every request gets an id, a bounded readable body, and an answer."""

import asyncio
import contextlib
import logging
import re
import time
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any
from uuid import UUID

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from zugabe_events.http.authorization import PUBLIC, valid_correlation
from zugabe_events.http.buffered_body import (
    BODY_TIMEOUT_SECONDS,
    BodyBudget,
    BufferedBody,
    has_body,
)
from zugabe_events.http.json_bodies import (
    UnreadableJsonError,
    is_json,
    read_json,
    routes_of_json,
)
from zugabe_events.http.principal import Principal
from zugabe_events.http.problems import plain, problem
from zugabe_events.http.public_routes import public_routes, requirements, routes_of_method
from zugabe_events.http.refusal_log import RefusalLog, route_of
from zugabe_events.http.reserved_text import reserved_body, reserved_head, routes_of_sealed
from zugabe_events.http.streamed_body import StreamedBody, closing
from zugabe_events.observability import metrics, tracing
from zugabe_events.observability.context import CORRELATION_HEADER, current_correlation

log = logging.getLogger(__name__)

DRAIN_TIMEOUT_SECONDS = 3
"""Time for which the rest of a refused body is read, so that the client sees the answer."""

MAX_CONCURRENT_REQUESTS = 500
"""Further requests get 503 and Retry-After before their bodies are read."""

HTTPS_ONLY = "max-age=31536000"
"""For a year; said only where the request came by https (RFC 6797)."""

NO_CONTENT = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""Policy of every answer but pages, which have one of their own."""

CLOSE = {"Connection": "close"}
NO_MORE: Message = {"type": "http.response.body", "body": b"", "more_body": False}


class RequestLimits:
    """Read each body into memory, up to its limit, so that a bad one never reaches a route.

    `body_limits` has the maximum in bytes of routes that have a limit of their own.
    `streamed_bodies` has the maximum in bytes of routes that read their bodies themselves, piece by
    piece, after authorization.
    `routes` are those of the app, also those that it gets before its first request: what they
    require is checked before their bodies are read, which they take as JSON if they have one. A
    HEAD request is answered as a GET without a body, unless a route is declared for it.
    """

    def __init__(
        self,
        app: ASGIApp,
        max_body_bytes: int,
        new_id: Callable[[], UUID],
        body_timeout_seconds: float = BODY_TIMEOUT_SECONDS,
        max_concurrent_requests: int = MAX_CONCURRENT_REQUESTS,
        body_limits: Mapping[str, int] = MappingProxyType({}),
        streamed_bodies: Mapping[str, int] = MappingProxyType({}),
        routes: Sequence[BaseRoute] = (),
    ) -> None:
        self.app = app
        self.budget = BodyBudget()
        self.refusals = RefusalLog()
        self.required = requirements(routes)
        self.json_routes = list(map(pattern_of, routes_of_json(routes)))
        self.sealed_routes = list(map(pattern_of, routes_of_sealed(routes)))
        self.head_routes = list(map(pattern_of, routes_of_method("HEAD", routes)))
        self.streamed_bodies = [
            (pattern_of(route), max_bytes) for route, max_bytes in streamed_bodies.items()
        ]
        self.max_body_bytes = max_body_bytes
        self.body_limits = [
            (pattern_of(route), max_bytes)
            for route, max_bytes in (
                *body_limits.items(),
                *((route, 0) for route in public_routes(routes)),
            )
        ]
        self.body_timeout_seconds = body_timeout_seconds
        self.new_id = new_id
        self.max_concurrent_requests = max_concurrent_requests
        self.running = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        method = scope["method"]
        is_head = method == "HEAD" and not matches(scope, self.head_routes)
        if is_head:
            scope = {**scope, "method": "GET"}  # the server's own scope keeps its method
        request = Request(scope, receive)
        correlation = valid_correlation(request) or str(self.new_id())
        scope["zugabe.correlation"] = correlation
        current_correlation.set(correlation)
        tracing.continue_trace(request.headers.get("traceparent", ""))
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                scheme = scope.get("scheme", "http")
                add_headers(MutableHeaders(scope=message), correlation, scheme)
            elif is_head:
                message = {**message, "body": b""}
            await send(message)

        began = time.perf_counter()
        place = Place(self)
        try:
            await self._answer(request, answer, place.release)
        except Exception:
            log.exception("failed %s %s %s", scope["method"], route_of(scope), correlation)
            if status:
                raise
            await plain(request, 500)(scope, receive, answer)
        finally:
            place.release()
            self.refusals.note(request, method, status)
            metrics.request(method, route_of(scope), status, time.perf_counter() - began)

    async def _answer(self, request: Request, answer: Send, release: Callable[[], None]) -> None:
        """`release` gives back the place of the request, if what is left is to drain it."""
        scope, receive = request.scope, request.receive
        drain = drained(receive, answer, release)
        early = self._early(request)
        if early is not None:
            await early(scope, receive, drain if has_body(request.headers) else answer)
            return
        body = self._streamed(request) or BufferedBody(
            request,
            self.budget,
            self._max_body_bytes(request) if has_body(request.headers) else self.max_body_bytes,
            self.body_timeout_seconds,
            self._authorize,
            self._misread,
        )
        try:
            await self.app(scope, body, closing(body, answer, drain))
        finally:
            if isinstance(body, BufferedBody):
                body.release()

    def _early(self, request: Request) -> Response | None:
        """An answer without asking a route or reading a body, which ends the connection."""
        close = CLOSE if has_body(request.headers) else {}
        if self.running > self.max_concurrent_requests and request.scope["path"] not in PUBLIC:
            return plain(request, 503, {"Retry-After": "1", **close})
        if close:
            max_bytes = self._max_streamed_bytes(request)
            if max_bytes is None:
                max_bytes = self._max_body_bytes(request)
            if max_bytes == 0 or announces_more(request, max_bytes):
                return plain(request, 413, CLOSE)
        refused = reserved_head(request)
        if refused is not None:
            refused.headers.update(close)
        return refused

    def _streamed(self, request: Request) -> StreamedBody | None:
        max_bytes = self._max_streamed_bytes(request)
        return None if max_bytes is None else StreamedBody(request.receive, max_bytes)

    async def _authorize(self, request: Request) -> Principal | None:
        """None: the route asks for no right."""
        scope = request.scope
        required = self.required.get(f"{scope['method']} {route_of(scope)}")
        return None if required is None else await required.authorize(request)

    def _misread(self, request: Request, body: bytearray) -> Response | None:
        """The problem with a body that came whole. Files are read by their routes."""
        read: Any = None
        if body and is_json(request.headers):
            try:
                read = read_json(body)
            except UnreadableJsonError:
                return problem(
                    request, 422, "invalid", "Ungültige Anfrage", "Das ist kein lesbares JSON."
                )
        elif body and matches(request.scope, self.json_routes):
            return plain(request, 415, {"Accept": "application/json"})
        refused = reserved_body(request, body, read)
        return refused if refused and not matches(request.scope, self.sealed_routes) else None

    def _max_body_bytes(self, request: Request) -> int:
        target = target_of(request.scope)
        limits = (size for pattern, size in self.body_limits if pattern.fullmatch(target))
        return max(limits, default=self.max_body_bytes)

    def _max_streamed_bytes(self, request: Request) -> int | None:
        if not self.streamed_bodies:
            return None
        target = target_of(request.scope)
        sizes = (size for pattern, size in self.streamed_bodies if pattern.fullmatch(target))
        return next(sizes, None)


class Place:
    """A place among the concurrent requests, until it is released."""

    def __init__(self, limits: RequestLimits) -> None:
        self._limits = limits
        self._is_taken = True
        limits.running += 1

    def release(self) -> None:
        if self._is_taken:
            self._is_taken = False
            self._limits.running -= 1


def target_of(scope: Scope) -> str:
    return f"{scope['method']} {scope['path']}"


def matches(scope: Scope, routes: Sequence[re.Pattern[str]]) -> bool:
    target = target_of(scope)
    return any(route.fullmatch(target) for route in routes)


def announces_more(request: Request, max_bytes: int) -> bool:
    length = request.headers.get("Content-Length", "")
    return length.isdecimal() and (len(length) > 18 or int(length) > max_bytes)


def pattern_of(route: str) -> re.Pattern[str]:
    """Pattern of a route such as `PUT /partners/{partner}/documents/{document}`."""
    fixed = re.split(r"{\w+}", route)
    return re.compile("[^/]+".join(map(re.escape, fixed)))


def drained(receive: Receive, send: Send, release: Callable[[], None]) -> Send:
    """Discard what the client still sends for a while before the connection is closed.

    A connection closed at once is reset, and the client may never see the answer. That it is
    answered takes no place from others.
    """

    async def send_and_drain(message: Message) -> None:
        if message["type"] != "http.response.body":
            await send(message)
            return
        await send({**message, "more_body": True})
        if message.get("more_body", False):
            return
        release()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_TIMEOUT_SECONDS):
                while (await receive()).get("more_body", False):
                    pass
        await send(NO_MORE)

    return send_and_drain


def add_headers(headers: MutableHeaders, correlation: str, scheme: str) -> None:
    headers[CORRELATION_HEADER] = correlation
    headers["X-Content-Type-Options"] = "nosniff"
    headers.setdefault("Content-Security-Policy", NO_CONTENT)
    headers.setdefault("Referrer-Policy", "no-referrer")
    headers.setdefault("Cache-Control", "no-store")
    if scheme == "https":
        headers["Strict-Transport-Security"] = HTTPS_ONLY
