"""Bodies that are read whole before a route begins, by those who may ask for it (S3).

Token, tenant and right come first, so that strangers get their answer without anybody waiting for
what they send. What waits for bodies has places by caller, and a budget of bytes.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message

from zugabe_events.domain.errors import RefusedError, ThrottledError, UnavailableError
from zugabe_events.http.principal import ANONYMOUS, Principal
from zugabe_events.http.problems import AnsweredError, plain, refused
from zugabe_events.http.throttling import network_of

BODY_TIMEOUT_SECONDS = 30
"""Timeout for the arrival of a whole body."""

SETTLE_TIMEOUT_SECONDS = 0.05
"""Time in which a body arrives that was sent together with its head."""

MAX_BUFFERED_BYTES = 256 * 1_024 * 1_024
"""Of all bodies of a process together."""

MAX_WAITING_BY_PERSON = 200
MAX_WAITING_BY_ADDRESS = 100
MAX_WAITING_BY_SERVICE = 400
"""Bodies on their way at once: of one person, without a token from one address, of one service."""

NO_BODY: Message = {"type": "http.request", "body": b"", "more_body": False}


class BodyBudget:
    """Bytes and places of all bodies of a process that are on their way or in use."""

    def __init__(self, max_bytes: int = MAX_BUFFERED_BYTES) -> None:
        self.max_bytes = max_bytes
        self.bytes = 0
        self.waiting: Counter[str] = Counter()

    @contextmanager
    def place(self, who: str, most: int) -> Iterator[None]:
        """Raises ThrottledError."""
        if self.waiting[who] >= most:
            raise ThrottledError(
                "Zu viele Anfragen sind gleichzeitig unterwegs. Bitte gleich noch einmal.",
                retry_after=1,
            )
        self.waiting[who] += 1
        try:
            yield
        finally:
            self.waiting[who] -= 1
            if not self.waiting[who]:
                del self.waiting[who]

    def take(self, size: int) -> None:
        """Raises UnavailableError."""
        if self.bytes + size > self.max_bytes:
            raise UnavailableError("Der Dienst ist gerade überlastet.", code="overloaded")
        self.bytes += size

    def give_back(self, size: int) -> None:
        self.bytes -= size


class BufferedBody:
    """Receives for an app. Whatever is wrong is an AnsweredError for whoever asks for the body.

    `authorize` raises a RefusedError for those who may not ask the route; `check` returns the
    problem with a body that came whole.
    """

    def __init__(
        self,
        request: Request,
        budget: BodyBudget,
        max_bytes: int,
        timeout_seconds: float,
        authorize: Callable[[Request], Awaitable[Principal | None]],
        check: Callable[[Request, bytearray], Response | None],
    ) -> None:
        self.is_complete = not has_body(request.headers)
        self.size = 0
        self._request = request
        self._budget = budget
        self._max_bytes = max_bytes
        self._timeout_seconds = timeout_seconds
        self._authorize = authorize
        self._check = check
        self._is_read = False

    async def __call__(self) -> Message:
        if self._is_read:
            return await self._request.receive()  # waits for the client to disconnect
        try:
            principal = await self._authorize(self._request)
            with self._budget.place(*place_of(self._request, principal)):
                body = await self._whole()
        except RefusedError as error:
            raise AnsweredError(await refused(self._request, error)) from None
        problem = self._check(self._request, body)
        if problem is not None:
            raise AnsweredError(problem)
        return {**NO_BODY, "body": bytes(body)}

    async def _whole(self) -> bytearray:
        """Stop reading at the first exceeded limit."""
        self._is_read = True
        body, more = bytearray(), True
        try:
            async with asyncio.timeout(self._timeout_seconds):
                while more:
                    message = await self._request.receive()
                    if message["type"] == "http.disconnect":
                        self.is_complete = True
                        raise AnsweredError(plain(self._request, 400))
                    piece = message.get("body", b"")
                    more = message.get("more_body", False)
                    self.is_complete = not more
                    if len(body) + len(piece) > self._max_bytes:
                        raise AnsweredError(plain(self._request, 413))
                    self._budget.take(len(piece))
                    self.size += len(piece)
                    body += piece
        except TimeoutError:
            raise AnsweredError(plain(self._request, 408)) from None
        return body

    async def settle(self) -> None:
        """Discard a body that nobody asked for and that is here, so that the connection lasts."""
        if self._is_read:
            return
        self._is_read = True
        with suppress(TimeoutError):
            async with asyncio.timeout(SETTLE_TIMEOUT_SECONDS):
                while not self.is_complete:
                    self.is_complete = not (await self._request.receive()).get("more_body", False)

    def release(self) -> None:
        self._budget.give_back(self.size)
        self.size = 0


def has_body(headers: Headers) -> bool:
    return "Transfer-Encoding" in headers or headers.get("Content-Length", "0") != "0"


def place_of(request: Request, principal: Principal | None) -> tuple[str, int]:
    """The key by which bodies are counted, and the limit of concurrent ones for it."""
    if principal is None or principal.role == ANONYMOUS:
        return address_of(request), MAX_WAITING_BY_ADDRESS
    if principal.role == "service":
        return f"service/{principal.subject}", MAX_WAITING_BY_SERVICE
    tenant = principal.dealer or principal.partner or ""
    return f"{principal.role}/{tenant}/{principal.subject}", MAX_WAITING_BY_PERSON


def address_of(request: Request) -> str:
    try:
        return network_of(request.client.host if request.client else "")
    except ValueError:
        return "client/unknown"
