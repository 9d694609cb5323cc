"""The outermost layer: every request gets an id, a bounded readable body, and an answer."""

import asyncio
import contextlib
import logging
import re
import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from uuid import UUID

import msgspec
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from zugabe_events.http.authorization import PUBLIC, sane_correlation
from zugabe_events.http.problems import plain, problem
from zugabe_events.observability import metrics, tracing
from zugabe_events.observability.context import CORRELATION_HEADER, current_correlation

log = logging.getLogger(__name__)

BODY_SECONDS = 30
"""How long a body may take to arrive."""

DRAIN_SECONDS = 3
"""Time for a client to finish sending a body that was already refused."""

MOST_AT_ONCE = 500
"""Requests in work; more are told to come back, before their bodies are read."""

CLOSE = {"Connection": "close"}
NO_MORE: Message = {"type": "http.response.body", "body": b"", "more_body": False}
NO_BODY: Message = {"type": "http.request", "body": b"", "more_body": False}


class RequestLimits:
    """Bodies are held in memory, up to their limit, so that a bad one never reaches a route."""

    def __init__(
        self,
        app: ASGIApp,
        max_body_bytes: int,
        new_id: Callable[[], UUID],
        body_seconds: float = BODY_SECONDS,
        most_at_once: int = MOST_AT_ONCE,
        larger_bodies: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        self.app = app
        self.max_body_bytes = max_body_bytes
        self.larger_bodies = [(pattern_of(route), most) for route, most in larger_bodies.items()]
        self.body_seconds = body_seconds
        self.new_id = new_id
        self.most_at_once = most_at_once
        self.at_once = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        asked = sane_correlation(request) or str(self.new_id())
        scope["zugabe.correlation"] = asked
        current_correlation.set(asked)
        tracing.continue_trace(request.headers.get("traceparent", ""))
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                add_headers(MutableHeaders(scope=message), asked)
            await send(message)

        began = time.perf_counter()
        self.at_once += 1
        try:
            await self._answer(request, answer)
        except Exception:
            log.exception("failed %s %s %s", scope["method"], route_of(scope), asked)
            if status:
                raise
            await plain(request, 500)(scope, receive, answer)
        finally:
            self.at_once -= 1
            metrics.request(scope["method"], route_of(scope), status, time.perf_counter() - began)

    async def _answer(self, request: Request, answer: Send) -> None:
        scope, receive = request.scope, request.receive
        checked: bytes | Response
        if self.at_once > self.most_at_once and scope["path"] not in PUBLIC:
            checked = plain(request, 503, {"Retry-After": "1"})
        else:
            checked = await self._checked(request)
        if not isinstance(checked, Response):
            await self.app(scope, replayed(checked, receive), answer)
        elif checked.headers.get("Connection") == "close":
            await checked(scope, receive, outlasting(receive, answer))
        else:
            await checked(scope, receive, answer)

    async def _checked(self, request: Request) -> bytes | Response:
        """The body, or the problem with it. Reading stops where a limit is passed."""
        length, most = request.headers.get("Content-Length", ""), self.most_for(request)
        if length.isdecimal() and (len(length) > 18 or int(length) > most):
            return plain(request, 413, CLOSE)
        body, more = bytearray(), True
        try:
            async with asyncio.timeout(self.body_seconds):
                while more:
                    message = await request.receive()
                    if message["type"] == "http.disconnect":
                        return plain(request, 400)
                    body += message.get("body", b"")
                    more = message.get("more_body", False)
                    if len(body) > most:
                        return plain(request, 413, CLOSE if more else None)
        except TimeoutError:
            return plain(request, 408, CLOSE)
        if body and says_json(request.headers) and not is_readable(body):
            return problem(
                request, 422, "invalid", "Ungültige Anfrage", "Das ist kein lesbares JSON."
            )
        return bytes(body)

    def most_for(self, request: Request) -> int:
        """Most routes take no more than the usual."""
        asked = f"{request.method} {request.url.path}"
        larger = (most for pattern, most in self.larger_bodies if pattern.fullmatch(asked))
        return max(larger, default=self.max_body_bytes)


def pattern_of(route: str) -> re.Pattern[str]:
    """Of a route such as `PUT /partners/{partner}/documents/{document}`."""
    fixed = re.split(r"{\w+}", route)
    return re.compile("[^/]+".join(map(re.escape, fixed)))


def route_of(scope: Scope) -> str:
    """Its template: what people asked for is nobody's label."""
    return getattr(scope.get("route"), "path", "none")


def outlasting(receive: Receive, send: Send) -> Send:
    """What the client still sends is thrown away for a while before the connection is closed.

    One that is closed at once is reset, and the client may never see the answer.
    """

    async def send_and_drain(message: Message) -> None:
        if message["type"] != "http.response.body":
            await send(message)
            return
        await send({**message, "more_body": True})
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS):
                while (await receive()).get("more_body", False):
                    pass
        await send(NO_MORE)

    return send_and_drain


def says_json(headers: Headers) -> bool:
    return "json" in headers.get("Content-Type", "json").lower()


def is_readable(body: bytearray) -> bool:
    """Python's own parser takes NaN, half surrogate pairs and other encodings; this one does not.

    It also refuses numbers beyond a double's range and nesting that would exhaust the stack.
    """
    try:
        msgspec.json.decode(body)
    except (ValueError, RecursionError):
        return False
    return True


def replayed(body: bytes, receive: Receive) -> Receive:
    """The body that was read already, then whatever the client does."""
    pending = True

    async def receive_again() -> Message:
        nonlocal pending
        if pending:
            pending = False
            return {**NO_BODY, "body": body}
        return await receive()

    return receive_again


def add_headers(headers: MutableHeaders, correlation: str) -> None:
    headers[CORRELATION_HEADER] = correlation
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    headers.setdefault("Cache-Control", "no-store")
