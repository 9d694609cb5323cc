"""HTTP as uvicorn reads it, within bounds: the head of a request is neither endless nor for ever.

What cannot be read is answered with a problem here, since no app comes to see it.
"""

import asyncio
from http import HTTPStatus

from starlette.requests import Request
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from zugabe_events.http.problems import plain

HEAD_BYTES = 65_536
HEAD_SECONDS = 30.0


class BoundedHttp(HttpToolsProtocol):
    """For `uvicorn.Config(http=…)`."""

    head_seconds = HEAD_SECONDS
    in_head = True
    head_bytes = 0
    head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.watch_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self.unwatch_head()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self.head_bytes += len(data)
        super().data_received(data)
        if self.in_head and self.head_bytes > HEAD_BYTES and not self.transport.is_closing():
            self.refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_message_begin(self) -> None:
        self.watch_head()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self.unwatch_head()
        self.in_head = False
        super().on_headers_complete()

    def watch_head(self) -> None:
        self.unwatch_head()
        self.in_head, self.head_bytes = True, 0
        self.head_timer = self.loop.call_later(self.head_seconds, self.head_is_late)

    def unwatch_head(self) -> None:
        if self.head_timer is not None:
            self.head_timer.cancel()

    def head_is_late(self) -> None:
        if not self.transport.is_closing():
            self.refuse(HTTPStatus.REQUEST_TIMEOUT)

    def send_400_response(self, msg: str) -> None:
        self.refuse(HTTPStatus.BAD_REQUEST)

    def refuse(self, status: HTTPStatus) -> None:
        self.unwatch_head()
        response = plain(Request({"type": "http"}), status, {"Connection": "close"})
        lines = [f"HTTP/1.1 {status.value} {status.phrase}".encode()]
        lines += [name + b": " + value for name, value in response.raw_headers]
        self.transport.write(b"\r\n".join([*lines, b"", bytes(response.body)]))
        self.transport.close()
