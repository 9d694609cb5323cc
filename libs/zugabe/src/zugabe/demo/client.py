"""HTTP client of the demo, with a bearer token like any other caller."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import aiohttp

from zugabe.errors import StackError
from zugabe_events.domain.backoff import Backoff

BACKOFF = Backoff(0.2, 12.8)
MAX_ATTEMPTS = 9
PAGE = 500
TOKEN = "Zugabe-Token"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Any
    token: str | None


class RefusedError(Exception):
    """A refusal by a service: `code` and German `detail` of its problem document."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(problem.get("code", status))
        self.detail = str(problem.get("detail", ""))
        super().__init__(f"{self.code}: {self.detail}")


class Client:
    """A caller of the services; `root`, such as `/dealers/musikhaus`, begins every path."""

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
        """Send a request, and repeat it while the service is unavailable; bytes are sent as they
        are. Raises RefusedError."""
        url = f"{self._services[service]}{self._root}{path}"
        headers = {TOKEN: ",".join(tokens)} if tokens else {}
        sent = {"data": body} if isinstance(body, bytes) else {"json": body}
        for attempt in range(MAX_ATTEMPTS):
            if attempt:
                await asyncio.sleep(BACKOFF.wait(attempt))
            try:
                async with self._http.request(
                    method, url, headers=headers, params=query, **sent
                ) as answer:
                    found = await answer.json(content_type=None) if answer.content_length else None
                    if answer.status < HTTPStatus.BAD_REQUEST:
                        return Answer(answer.status, found, answer.headers.get(TOKEN))
                    if answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                        raise RefusedError(answer.status, found or {})
            except (aiohttp.ClientError, TimeoutError):
                continue
        raise StackError(f"{service} does not answer {method} {path}.")

    async def pages(
        self, service: str, path: str, tokens: Iterable[str] = ()
    ) -> AsyncGenerator[dict[str, Any]]:
        """Yield every item of a list, page by page."""
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
