"""uvicorn's HTTP protocol with a maximum size and a timeout for the head of a request.

Unreadable requests never reach the app, so their problem documents are written here.
"""

import asyncio
from http import HTTPStatus

from starlette.requests import Request
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from zugabe_events.http.problems import plain

MAX_HEAD_BYTES = 65_536
HEAD_TIMEOUT_SECONDS = 30.0

LINGER_TIMEOUT_SECONDS = 2.0
"""Time for a refused client to stop sending and to read why (RFC 9112, 9.6)."""


class BoundedHttp(HttpToolsProtocol):
    """For `uvicorn.Config(http=…)`."""

    head_timeout_seconds = HEAD_TIMEOUT_SECONDS
    linger_timeout_seconds = LINGER_TIMEOUT_SECONDS
    in_head = True
    head_bytes = 0
    head_timer: asyncio.TimerHandle | None = None
    linger_timer: asyncio.TimerHandle | None = None
    refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.start_head_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        self.stop_head_timer()
        if self.linger_timer is not None:
            self.linger_timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.refused:
            return
        self.head_bytes += len(data)
        super().data_received(data)
        if self.in_head and self.head_bytes > MAX_HEAD_BYTES:
            self.refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_message_begin(self) -> None:
        self.start_head_timer()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self.stop_head_timer()
        self.in_head = False
        super().on_headers_complete()

    def start_head_timer(self) -> None:
        self.stop_head_timer()
        self.in_head, self.head_bytes = True, 0
        self.head_timer = self.loop.call_later(self.head_timeout_seconds, self.on_head_timeout)

    def stop_head_timer(self) -> None:
        if self.head_timer is not None:
            self.head_timer.cancel()

    def on_head_timeout(self) -> None:
        self.refuse(HTTPStatus.REQUEST_TIMEOUT)

    def send_400_response(self, msg: str) -> None:
        self.refuse(HTTPStatus.BAD_REQUEST)

    def refuse(self, status: HTTPStatus) -> None:
        self.stop_head_timer()
        if self.refused or self.transport.is_closing():
            return
        self.refused = True
        response = plain(Request({"type": "http"}), status, {"Connection": "close"})
        lines = [f"HTTP/1.1 {status.value} {status.phrase}".encode()]
        lines += [name + b": " + value for name, value in response.raw_headers]
        self.transport.write(b"\r\n".join([*lines, b"", bytes(response.body)]))
        self.close_after_client()

    def close_after_client(self) -> None:
        """Discard what the client still sends: closing earlier would reset the connection, and the
        client might not read the answer."""
        answering = self.cycle is not None and not self.cycle.response_complete
        if answering or not self.transport.can_write_eof():
            self.transport.close()
            return
        self.transport.write_eof()
        self.linger_timer = self.loop.call_later(self.linger_timeout_seconds, self.transport.close)
