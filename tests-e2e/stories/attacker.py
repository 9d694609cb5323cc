"""Somebody with an ordinary account, tools of their own, and bad intentions."""

import asyncio
import json
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import httpx
import jwt

from stories.dealer import Dealer
from zugabe.issuer import ALGORITHM, AUDIENCE, load_key

NOBODY: Mapping[str, str] = {}


def signed(of: Dealer, head: Mapping[str, Any] | None = None, **claims: Any) -> str:
    """A token with the issuer's true signature and claims of choice; None leaves a claim out."""
    key, now = load_key(of.stack.home.key_file), int(time.time())
    usual = {
        "iss": of.stack.addresses["issuer"],
        "aud": AUDIENCE,
        "sub": "mallory",
        "role": "user",
        "dealer": of.name,
        "customer": "So.COMMERCE",
        "iat": now,
        "exp": now + 600,
        "auth_time": now,
    }
    present = {name: value for name, value in (usual | claims).items() if value is not None}
    headers = {"kid": key.public()["kid"], **(head or {})}
    return jwt.encode(present, key.private, ALGORITHM, headers=headers)


async def sent(
    dealer: Dealer,
    method: str,
    service: str,
    path: str,
    bearer: str = "",
    *,
    of: str = "",
    **more: Any,
) -> httpx.Response:
    """A request by hand; `of` is another dealer than the attacker's own."""
    url = f"{dealer.stack.addresses[service]}/dealers/{of or dealer.name}{path}"
    headers = {**({"Authorization": f"Bearer {bearer}"} if bearer else NOBODY)}
    headers |= more.pop("headers", {})
    return await dealer.http.request(method, url, headers=headers, **more)


class HalfSent:
    """Connections that announce a body and send one byte of it."""

    def __init__(self, url: str, path: str, number: int, announced: int = 900_000) -> None:
        self._place = urlsplit(url)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {self._place.netloc}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {announced}\r\n\r\n{{"
        )
        self._head = head.encode()
        self._number = number
        self._writers: list[asyncio.StreamWriter] = []

    async def __aenter__(self) -> "HalfSent":
        for _ in range(self._number):
            _reader, writer = await asyncio.open_connection(self._place.hostname, self._place.port)
            writer.write(self._head)
            self._writers.append(writer)
        await asyncio.gather(*(writer.drain() for writer in self._writers))
        return self

    async def __aexit__(self, *_: object) -> None:
        for writer in self._writers:
            writer.close()
        for writer in self._writers:
            with suppress(OSError):
                await writer.wait_closed()


def log_of(dealer: Dealer, service: str) -> list[str]:
    """The messages of a service's log until now."""
    lines = (dealer.stack.home.logs / f"{service}.log").read_text().splitlines()
    return [message_of(line) for line in lines]


def message_of(line: str) -> str:
    try:
        return str(json.loads(line).get("message", line))
    except ValueError:
        return line
