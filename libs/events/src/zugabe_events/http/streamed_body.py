"""Bodies that a route reads piece by piece, because they are too large for memory."""

import asyncio
from typing import Protocol

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Send

PIECE_TIMEOUT_SECONDS = 30.0
"""Timeout for the arrival of the next PIECE_BYTES of a body, or of its end."""

PIECE_BYTES = 256 * 1_024
"""Whoever sends slower, byte by byte, keeps a place that others need (S3)."""

STREAM_TIMEOUT_SECONDS = 3_600.0
"""Timeout for the arrival of a whole body."""


class Body(Protocol):
    """Receives for an app."""

    is_complete: bool

    async def __call__(self) -> Message: ...

    async def settle(self) -> None:
        """Called before an answer that ends the connection unless the body is complete."""
        ...


class StreamedBody:
    """Receives for an app, until a limit is exceeded: then the app gets an HTTPException."""

    def __init__(
        self,
        receive: Receive,
        max_bytes: int,
        piece_timeout_seconds: float = PIECE_TIMEOUT_SECONDS,
        timeout_seconds: float = STREAM_TIMEOUT_SECONDS,
    ) -> None:
        self.is_complete = False
        self._receive = receive
        self._left = max_bytes
        self._piece_timeout_seconds = piece_timeout_seconds
        now = asyncio.get_running_loop().time()
        self._ends = now + timeout_seconds
        self._piece_ends = now + piece_timeout_seconds
        self._piece_left = PIECE_BYTES

    async def __call__(self) -> Message:
        if self.is_complete:
            return await self._receive()  # waits for the client to disconnect
        try:
            async with asyncio.timeout_at(min(self._ends, self._piece_ends)):
                message = await self._receive()
        except TimeoutError:
            raise HTTPException(408) from None
        if message["type"] == "http.disconnect":
            self.is_complete = True
            raise HTTPException(400)
        self.is_complete = not message.get("more_body", False)
        self._count(len(message.get("body", b"")))
        return message

    async def settle(self) -> None:
        pass

    def _count(self, received: int) -> None:
        self._left -= received
        if self._left < 0:
            raise HTTPException(413)
        self._piece_left -= received
        if self._piece_left <= 0:
            self._piece_left = PIECE_BYTES
            self._piece_ends = asyncio.get_running_loop().time() + self._piece_timeout_seconds


def closing(body: Body, send: Send, drained: Send) -> Send:
    """Send the answer, by `drained` and as the last one of its connection if the body was not read
    to its end."""
    is_last = False

    async def answer(message: Message) -> None:
        nonlocal is_last
        if message["type"] == "http.response.start":
            await body.settle()
            is_last = not body.is_complete
            if is_last:
                MutableHeaders(scope=message)["Connection"] = "close"
        await (drained if is_last else send)(message)

    return answer
