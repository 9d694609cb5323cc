"""Virus scanner for uploads, if one is configured; while it does not answer, files are refused."""

import asyncio
import logging
from dataclasses import dataclass
from typing import Annotated, Protocol

from pydantic import StringConstraints

from zugabe_events.files.refusals import InfectedError, ScannerAwayError

log = logging.getLogger(__name__)

SECONDS = 20.0
CHUNK = 256 * 1024
MAX_ANSWER_BYTES = 4_096

ScannerAddress = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.-]{1,253}:[0-9]{1,5}$")]


class Scanner(Protocol):
    async def check(self, content: bytes) -> None:
        """Raise InfectedError and ScannerAwayError."""
        ...


class NoScanner:
    async def check(self, content: bytes) -> None:
        pass


@dataclass(frozen=True, slots=True)
class ClamAv:
    """`clamd` over TCP, by its command INSTREAM."""

    host: str
    port: int
    seconds: float = SECONDS

    async def check(self, content: bytes) -> None:
        try:
            async with asyncio.timeout(self.seconds):
                answer = await self._ask(content)
        except (OSError, EOFError, TimeoutError) as error:
            log.error("the scanner does not answer: %s", type(error).__name__)
            raise ScannerAwayError from error
        if answer.endswith(b"FOUND"):
            log.warning("a file was refused by the scanner")
            raise InfectedError
        if answer != b"stream: OK":
            log.error("the scanner answered neither OK nor FOUND")
            raise ScannerAwayError

    async def _ask(self, content: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(self.host, self.port)
        try:
            writer.write(b"zINSTREAM\0")
            for start in range(0, len(content), CHUNK):
                chunk = content[start : start + CHUNK]
                writer.write(len(chunk).to_bytes(4, "big") + chunk)
                await writer.drain()
            writer.write(bytes(4))
            await writer.drain()
            return (await reader.read(MAX_ANSWER_BYTES)).strip(b"\0\r\n ")
        finally:
            writer.close()


def scanner_at(address: str | None) -> Scanner:
    """None: nothing looks through files."""
    if address is None:
        return NoScanner()
    host, _, port = address.rpartition(":")
    return ClamAv(host, int(port))
