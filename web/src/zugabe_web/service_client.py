"""A service over its public HTTP, as the person who has signed in."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

import httpx
import msgspec

from zugabe_events.http.request_context import TOKEN_HEADER
from zugabe_events.observability.context import CORRELATION_HEADER, current_correlation

TIMEOUT_SECONDS = 10.0
MAX_ATTEMPTS = 3
"""Of a query, while a service is not reachable or says that it is not available."""

UNAVAILABLE = (HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT)


class Mistake(msgspec.Struct, frozen=True):
    """`where` it is, such as `body.answers.marke`, and what is wrong there, in German."""

    where: str = ""
    detail: str = ""


class Problem(msgspec.Struct, frozen=True):
    """The answer of a service that refuses (RFC 9457)."""

    code: str = ""
    detail: str = ""
    errors: tuple[Mistake, ...] = ()


class RefusedError(Exception):
    """A service refused; `problem.detail` is a German sentence for people."""

    def __init__(self, status: int, problem: Problem, members: Mapping[str, Any]) -> None:
        super().__init__(f"{status} {problem.code}")
        self.status = status
        self.problem = problem
        self.members = members


class UnreachableError(Exception):
    """A service does not answer, or says that it is not available for a while."""


def raise_for(answer: httpx.Response) -> None:
    """Raise RefusedError or UnreachableError unless it succeeded; its body has been read."""
    if answer.is_success:
        return
    if answer.status_code in UNAVAILABLE:
        raise UnreachableError(f"{answer.request.url.host} answers {answer.status_code}")
    try:
        problem = msgspec.json.decode(answer.content, type=Problem)
        members = msgspec.json.decode(answer.content)
    except msgspec.DecodeError:
        problem, members = Problem(), {}
    raise RefusedError(answer.status_code, problem, members)


class ServiceClient:
    """Queries wait for what `tokens` say, and commands add theirs."""

    def __init__(
        self, http: httpx.AsyncClient, url: str, credential: str = "", *tokens: str
    ) -> None:
        self._http = http
        self._url = url.rstrip("/")
        self._credential = credential
        self._waits_for = tokens
        self.tokens: list[str] = []

    async def get[Answer](
        self, path: str, kind: type[Answer], params: Mapping[str, str] | None = None
    ) -> Answer:
        """Raise RefusedError and UnreachableError."""
        for attempt in range(1, MAX_ATTEMPTS + 1):
            try:
                answer = await self._request("GET", path, params=params)
                return msgspec.json.decode(answer.content, type=kind)
            except UnreachableError:
                if attempt == MAX_ATTEMPTS:
                    raise
        raise AssertionError("the last attempt returns or raises")

    async def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        params: Mapping[str, str] | None = None,
        content: bytes | None = None,
        key: str = "",
    ) -> Any:
        """Send a command once; the JSON of its answer, or None. Bytes are sent as they are. With a
        `key`, the service carries it out once, however often it is sent.

        Raise RefusedError and UnreachableError.
        """
        answer = await self._request(
            method, path, params=params, json=body, content=content, key=key
        )
        return msgspec.json.decode(answer.content) if answer.content else None

    @asynccontextmanager
    async def stream(self, path: str) -> AsyncGenerator[httpx.Response]:
        """A file, piece by piece. Raise RefusedError and UnreachableError."""
        try:
            async with self._http.stream(
                "GET", self._url + path, headers=self._headers(reads=True)
            ) as answer:
                if not answer.is_success:
                    await answer.aread()
                    raise_for(answer)
                yield answer
        except httpx.TransportError as error:
            raise UnreachableError(type(error).__name__) from error

    async def _request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        json: Any = None,
        content: bytes | None = None,
        key: str = "",
    ) -> httpx.Response:
        headers = self._headers(reads=method == "GET")
        if key:
            headers["Idempotency-Key"] = key
        if content is not None:
            headers["Content-Type"] = "application/octet-stream"
        try:
            answer = await self._http.request(
                method,
                self._url + path,
                params=params,
                headers=headers,
                json=json,
                content=content,
            )
        except httpx.TransportError as error:
            raise UnreachableError(type(error).__name__) from error
        raise_for(answer)
        if token := answer.headers.get(TOKEN_HEADER):
            self.tokens.append(token)
        return answer

    def _headers(self, *, reads: bool) -> dict[str, str]:
        headers = {"Accept": "application/json"}
        if self._credential:
            headers["Authorization"] = f"Bearer {self._credential}"
        if correlation := current_correlation.get():
            headers[CORRELATION_HEADER] = correlation
        if reads and (tokens := [*self._waits_for, *self.tokens]):
            headers[TOKEN_HEADER] = ",".join(tokens)
        return headers
