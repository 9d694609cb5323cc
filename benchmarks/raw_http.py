"""An HTTP client that costs little: it repeats one request, and counts the bytes of answers."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from zugabe.ports import HOST

END_OF_HEAD = b"\r\n\r\n"


class RawClient:
    """One connection, for one request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def get(self, path: str) -> bytes:
        """The body of an answer with the status 200."""
        self._writer.write(f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
        head = await self._reader.readuntil(END_OF_HEAD)
        assert head.startswith(b"HTTP/1.1 200 "), head
        _, _, rest = head.lower().partition(b"content-length: ")
        return await self._reader.readexactly(int(rest.partition(b"\r\n")[0]))


@asynccontextmanager
async def raw_clients(port: int, count: int) -> AsyncGenerator[list[RawClient]]:
    pairs = [await asyncio.open_connection(HOST, port) for _ in range(count)]
    try:
        yield [RawClient(*pair) for pair in pairs]
    finally:
        for _, writer in pairs:
            writer.close()
