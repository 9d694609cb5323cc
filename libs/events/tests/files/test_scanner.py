"""The scanner is asked in ClamAV's own protocol; without an answer nothing is let in."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from zugabe_events.files.refusals import InfectedError, ScannerAwayError
from zugabe_events.files.scanner import ClamAv, NoScanner, scanner_at

CONTENT = bytes(range(256)) * 2_000


@asynccontextmanager
async def clamd(
    answer: Callable[[bytes], Awaitable[bytes]],
) -> AsyncGenerator[ClamAv]:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readexactly(10) == b"zINSTREAM\0"
        content = b""
        while size := int.from_bytes(await reader.readexactly(4), "big"):
            content += await reader.readexactly(size)
        writer.write(await answer(content))
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield ClamAv("127.0.0.1", server.sockets[0].getsockname()[1], seconds=0.5)


async def test_a_clean_file_passes_whole() -> None:
    async def clean(content: bytes) -> bytes:
        return b"stream: OK\0" if content == CONTENT else b"stream: Cut FOUND\0"

    async with clamd(clean) as scanner:
        await scanner.check(CONTENT)


async def test_an_infected_file_is_refused() -> None:
    async def found(_: bytes) -> bytes:
        return b"stream: Eicar-Test-Signature FOUND\0"

    async with clamd(found) as scanner:
        with pytest.raises(InfectedError):
            await scanner.check(CONTENT)


@pytest.mark.parametrize("said", [b"INSTREAM size limit exceeded. ERROR\0", b""])
async def test_what_the_scanner_cannot_judge_is_not_let_in(said: bytes) -> None:
    async def odd(_: bytes) -> bytes:
        return said

    async with clamd(odd) as scanner:
        with pytest.raises(ScannerAwayError):
            await scanner.check(CONTENT)


async def test_a_scanner_that_is_silent_or_away_lets_nothing_in() -> None:
    async def silent(_: bytes) -> bytes:
        await asyncio.sleep(2)
        return b""

    async with clamd(silent) as scanner:
        with pytest.raises(ScannerAwayError):
            await scanner.check(b"x")
    with pytest.raises(ScannerAwayError):
        await scanner.check(b"x")


def test_the_address_says_which_scanner() -> None:
    assert isinstance(scanner_at(None), NoScanner)
    assert scanner_at("clamav:3310") == ClamAv("clamav", 3310)
