"""Bytes that are hardly HTTP: each connection is answered and let go of."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from fastapi import FastAPI
from uvicorn.server import ServerState

from zugabe_events.http.uvicorn_protocol import BoundedHttp

GET = b"GET /livez HTTP/1.1\r\nHost: x\r\n"


class Impatient(BoundedHttp):
    head_timeout_seconds = 0.5
    linger_timeout_seconds = 0.5


@asynccontextmanager
async def served(app: FastAPI, protocol: type[BoundedHttp]) -> AsyncGenerator[int]:
    config = uvicorn.Config(app, log_level="critical")
    config.load()
    state = ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: protocol(config, state, {}), "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


@pytest.fixture
async def port(app: FastAPI) -> AsyncGenerator[int]:
    async with served(app, BoundedHttp) as port:
        yield port


@pytest.fixture
async def impatient(app: FastAPI) -> AsyncGenerator[int]:
    async with served(app, Impatient) as port:
        yield port


async def answer_to(port: int, *pieces: bytes) -> tuple[bytes, str]:
    """The status line and the code of the problem."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for piece in pieces:
        writer.write(piece)
        await asyncio.sleep(0.01)
    head, _, body = (await asyncio.wait_for(reader.read(5_000), 5)).partition(b"\r\n\r\n")
    assert await reader.read() == b""
    writer.close()
    assert b"content-type: application/problem+json" in head
    assert json.loads(body)["detail"].endswith(".")
    return head.partition(b"\r\n")[0], json.loads(body)["code"]


@pytest.mark.parametrize(
    "sent",
    [b"\x16\x03\x01\x02\x00", b"HELLO\r\n\r\n", b"GET /\xff HTTP/1.1\r\n\r\n", GET + b"A\r\n\r\n"],
)
async def test_what_is_not_http_is_a_problem(port: int, sent: bytes) -> None:
    assert await answer_to(port, sent) == (b"HTTP/1.1 400 Bad Request", "unreadable")


@pytest.mark.parametrize("piece", [b"b" * 20_000, b"A: b\r\n" * 3_000], ids=["one", "many"])
async def test_a_head_without_end_is_a_problem(port: int, piece: bytes) -> None:
    status, code = await answer_to(port, GET + b"A: ", *[piece] * 4)
    assert status == b"HTTP/1.1 431 Request Header Fields Too Large"
    assert code == "head-too-large"


async def test_whoever_sends_on_reads_the_problem_before_the_connection_closes(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"HELLO\r\n\r\n")
    assert await reader.readline() == b"HTTP/1.1 400 Bad Request\r\n"
    for _ in range(20):
        writer.write(b"more" * 10_000)
        await asyncio.wait_for(writer.drain(), 5)
    _, _, body = (await asyncio.wait_for(reader.read(), 5)).partition(b"\r\n\r\n")
    assert json.loads(body)["code"] == "unreadable"
    writer.close()


async def test_a_connection_that_is_refused_is_not_kept_open_by_its_client(impatient: int) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", impatient)
    writer.write(b"HELLO\r\n\r\n")
    with pytest.raises(ConnectionError):
        await asyncio.wait_for(send_for_ever(writer), 30)


async def send_for_ever(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"more")
        await writer.drain()
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("sent", [b"", b"GET", GET])
async def test_a_head_that_ends_too_late_is_a_problem(impatient: int, sent: bytes) -> None:
    assert await answer_to(impatient, sent) == (b"HTTP/1.1 408 Request Timeout", "request-timeout")


async def test_only_heads_are_counted_and_every_request_has_its_own(impatient: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", impatient)
    large = b"Authorization: Bearer x\r\nContent-Length: 90002\r\n\r\n" + b" " * 90_000 + b"{}"
    for _ in range(3):
        await asyncio.sleep(0.2)
        writer.write(GET + large + GET + b"A: " + b"b" * 30_000)
        await asyncio.sleep(0.02)
        writer.write(b"\r\n\r\n")
        for _ in range(2):
            assert await reader.readline() == b"HTTP/1.1 200 OK\r\n"
            await reader.readuntil(b'{"status":"alive"}')
    writer.close()
