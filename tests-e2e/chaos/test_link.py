"""A link in front of something that answers every line with itself."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress

import pytest
from chaos.link import HOST, Link

type Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture
async def echo() -> AsyncGenerator[int]:
    """Its port; it ends each line with its own address, as a store tells it."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            writer.write(line[:-1] + f" from {HOST}:{port}\n".encode())
        writer.close()

    async with await asyncio.start_server(answer, HOST, 0) as server:
        port: int = server.sockets[0].getsockname()[1]
        yield port


@pytest.fixture
async def link(echo: int) -> AsyncGenerator[Link]:
    async with Link("x>echo", lambda: [echo], "seed") as link:
        yield link


async def ask(line: Line, text: str) -> str:
    """Raises ConnectionError; the answer may be half of one."""
    line[1].write(f"{text}\n".encode())
    return (await asyncio.wait_for(line[0].readline(), 5)).decode()


async def test_a_peers_own_address_becomes_the_links(link: Link) -> None:
    line = await asyncio.open_connection(HOST, link.port)
    assert await ask(line, "who") == f"who from {HOST}:{link.port}\n"


async def test_kafkas_way_to_write_an_address_becomes_the_links_too(link: Link, echo: int) -> None:
    reader, writer = await asyncio.open_connection(HOST, link.port)
    writer.write(b"9" + HOST.encode() + echo.to_bytes(4) + b"\n")
    answer = await asyncio.wait_for(reader.readline(), 5)
    assert answer.startswith(b"9" + HOST.encode() + link.port.to_bytes(4))


async def test_a_torn_line_ends_in_the_middle_and_the_next_one_works(link: Link) -> None:
    line = await asyncio.open_connection(HOST, link.port)
    await ask(line, "before")
    link.tear()
    with suppress(ConnectionError):
        assert not (await ask(line, "torn")).endswith("\n")
    assert await ask(await asyncio.open_connection(HOST, link.port), "after")


async def test_a_refusing_link_ends_every_line_until_it_is_healed(link: Link) -> None:
    link.refusing = True
    with pytest.raises((ConnectionError, AssertionError)):
        assert await ask(await asyncio.open_connection(HOST, link.port), "no")
    link.heal()
    assert await ask(await asyncio.open_connection(HOST, link.port), "yes")


async def test_what_is_held_back_arrives_late(link: Link) -> None:
    line = await asyncio.open_connection(HOST, link.port)
    await ask(line, "before")
    link.hold()
    waiting = asyncio.create_task(ask(line, "late"))
    await asyncio.sleep(0.2)
    assert not waiting.done()
    link.heal()
    assert (await waiting).startswith("late")
