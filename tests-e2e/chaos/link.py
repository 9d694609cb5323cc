"""TCP passed on between a process and what it talks to, well or badly.

Kafka and MongoDB tell clients where to go on; in what passes, that address becomes the link's own
(both are as long, so the bytes around them stay right). An address that two reads cut apart passes
as it is: that client would go past the link, and nothing worse.
"""

import asyncio
import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

HOST = "127.0.0.1"
CHUNK = 65_536
LOOK_AGAIN_SECONDS = 0.02

type Renaming = tuple[bytes, bytes]


@dataclass(eq=False)
class Connection:
    """`torn`: of the next bytes half arrive, and then the line is dead."""

    ends: tuple[asyncio.StreamWriter, asyncio.StreamWriter]
    torn: bool = False

    def abort(self) -> None:
        for end in self.ends:
            end.transport.abort()


class Link:
    """`targets` are ports; they are asked for with every connection, for they come and go."""

    def __init__(self, name: str, targets: Callable[[], Sequence[int]], seed: str) -> None:
        self.name = name
        self.port = 0
        self.refusing = False
        self.delay_seconds = 0.0
        self._targets = targets
        self._random = random.Random(seed)
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._connections: set[Connection] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, HOST, 0, limit=CHUNK)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()
        self.abort()

    def abort(self) -> None:
        """Every connection, at once."""
        for connection in self._connections:
            connection.abort()

    def tear(self) -> None:
        """Every connection, in the middle of what it carries next."""
        for connection in self._connections:
            connection.torn = True

    def hold(self) -> None:
        """Nothing arrives, without an error; it may arrive late."""
        self._flowing.clear()

    def heal(self) -> None:
        self.refusing, self.delay_seconds = False, 0.0
        self._flowing.set()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            await self._connect(reader, writer)
        writer.transport.abort()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._flowing.wait()
        if self.refusing:
            return
        port = self._random.choice(self._targets() or [0])
        there, back = await asyncio.open_connection(HOST, port, limit=CHUNK)
        connection = Connection((writer, back))
        self._connections.add(connection)
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._pass(reader, back, connection, ()))
                both.create_task(self._pass(there, writer, connection, self._renamings(port)))
        except* OSError:
            pass
        finally:
            self._connections.discard(connection)
            connection.abort()

    async def _pass(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        connection: Connection,
        renamings: Sequence[Renaming],
    ) -> None:
        while data := await reader.read(CHUNK):
            if self.delay_seconds:
                await asyncio.sleep(self._random.uniform(0, self.delay_seconds))
            await self._flowing.wait()
            for old, new in renamings:
                data = data.replace(old, new)
            if writer.is_closing():
                return
            if connection.torn:
                writer.write(data[: len(data) // 2])
                await asyncio.sleep(LOOK_AGAIN_SECONDS)
                return connection.abort()
            writer.write(data)
            await writer.drain()
        writer.close()

    def _renamings(self, target: int) -> Sequence[Renaming]:
        """MongoDB writes an address as text, Kafka a host and then a number of four bytes."""
        text, number = f"{HOST}:{target}".encode(), HOST.encode() + target.to_bytes(4)
        own = f"{HOST}:{self.port}".encode(), HOST.encode() + self.port.to_bytes(4)
        assert len(text) == len(own[0]), "ports have five digits here"
        return (text, own[0]), (number, own[1])
