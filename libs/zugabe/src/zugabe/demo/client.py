"""The demo talks to the services as anybody would: over HTTP, as one who has a token."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import aiohttp

from zugabe.errors import StackError

TRIES = 8
PAGE = 500
TOKEN = "Zugabe-Token"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Any
    token: str | None


class RefusedError(Exception):
    """A service said no; `code` is the problem's, `detail` its German text."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(problem.get("code", status))
        self.detail = str(problem.get("detail", ""))
        super().__init__(f"{self.code}: {self.detail}")


class Client:
    """Somebody at the services' addresses. `root` is what his paths begin with, such as
    `/dealers/musikhaus`."""

    def __init__(self, http: aiohttp.ClientSession, services: Mapping[str, str], root: str) -> None:
        self._http = http
        self._services = services
        self._root = root

    async def ask(
        self,
        method: str,
        service: str,
        path: str,
        body: Any = None,
        *,
        tokens: Iterable[str] = (),
        query: Mapping[str, str] | None = None,
    ) -> Answer:
        """Asks again while a service is not there or not ready. Raises RefusedError."""
        url = f"{self._services[service]}{self._root}{path}"
        headers = {TOKEN: ",".join(tokens)} if tokens else {}
        for tried in range(TRIES):
            if tried:
                await asyncio.sleep(0.1 * 2**tried)
            try:
                async with self._http.request(
                    method, url, json=body, headers=headers, params=query
                ) as answer:
                    told = await answer.json(content_type=None) if answer.content_length else None
                    if answer.status < HTTPStatus.BAD_REQUEST:
                        return Answer(answer.status, told, answer.headers.get(TOKEN))
                    if answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                        raise RefusedError(answer.status, told or {})
            except (aiohttp.ClientError, TimeoutError):
                continue
        raise StackError(f"{service} does not answer {method} {path}.")

    async def pages(
        self, service: str, path: str, tokens: Iterable[str] = ()
    ) -> AsyncGenerator[dict[str, Any]]:
        """Every item of a list, page by page."""
        after: str | None = None
        while True:
            query = {"limit": str(PAGE)} | ({"after": after} if after else {})
            page = (await self.ask("GET", service, path, tokens=tokens, query=query)).body
            for item in page["items"]:
                yield item
            after, tokens = page["next"], ()
            if after is None:
                return


@asynccontextmanager
async def client(
    services: Mapping[str, str], root: str, bearer: str, connections: int
) -> AsyncGenerator[Client]:
    async with aiohttp.ClientSession(
        headers={"Authorization": f"Bearer {bearer}"},
        connector=aiohttp.TCPConnector(limit=connections),
        timeout=aiohttp.ClientTimeout(total=30),
    ) as http:
        yield Client(http, services, root)
