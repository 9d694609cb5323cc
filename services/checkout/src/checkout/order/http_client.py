"""One other service over HTTP: what it is asked may be asked again, so it is."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import aiohttp
import msgspec
from yarl import URL

from checkout.order.ports import HoldRefusedError, Reason
from zugabe_events.domain.backoff import Backoff
from zugabe_events.domain.errors import Number, ThrottledError, UnavailableError
from zugabe_events.observability import tracing
from zugabe_events.observability.context import propagation_headers

TRIES = 3
BACKOFF = Backoff(0.4, 0.8)
TIMEOUT = aiohttp.ClientTimeout(total=2)
REFUSALS = (HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)
LONGEST_DETAIL = 1_000
"""Details are recorded with the order; a peer must not be able to make it too large."""

type Bearer = Callable[[], Awaitable[str]]


class Peer:
    """One other service, at its base URL."""

    def __init__(self, session: aiohttp.ClientSession, base: str, bearer: Bearer) -> None:
        self._session = session
        self._base = URL(base)
        self._bearer = bearer

    async def ask[Answer](
        self, method: str, path: Sequence[str], body: object, answer: type[Answer], offered: str
    ) -> Answer:
        """Raises HoldRefusedError when the peer says no, ThrottledError when the person has asked
        too often, UnavailableError when it says nothing."""
        for tried in range(TRIES):
            if tried:
                await asyncio.sleep(BACKOFF.wait(tried))
            try:
                with tracing.request_span(f"{method} {self._base.authority}"):
                    status, told = await self._send(method, path, body)
            except (aiohttp.ClientError, TimeoutError):
                continue
            if status == HTTPStatus.TOO_MANY_REQUESTS:
                raise throttled(told)
            if status in (HTTPStatus.OK, HTTPStatus.CREATED):
                return decoded(told, answer)
            if status in REFUSALS:
                raise refusal(told, offered)
            if status < HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.REQUEST_TIMEOUT:
                break
        raise no_answer()

    async def _send(self, method: str, path: Sequence[str], body: object) -> tuple[int, bytes]:
        headers = {
            "Authorization": f"Bearer {await self._bearer()}",
            "Content-Type": "application/json",
            **propagation_headers(),
        }
        url = self._base.joinpath(*path)
        data = msgspec.json.encode(body)
        async with self._session.request(
            method, url, data=data, headers=headers, timeout=TIMEOUT, allow_redirects=False
        ) as response:
            return response.status, await response.read()


def no_answer() -> UnavailableError:
    return UnavailableError(
        "Gutscheine und Prämien können gerade nicht geprüft werden. Bitte versuchen Sie es erneut.",
        retry_after=2,
    )


def throttled(told: bytes) -> ThrottledError:
    """Passed on to the person who is meant."""
    reason = reason_of(decoded(told, dict[str, Any]))
    seconds = reason.facts.get("retry_after_seconds")
    return ThrottledError(reason.detail, retry_after=seconds if isinstance(seconds, int) else 1)


def decoded[Answer](told: bytes, answer: type[Answer]) -> Answer:
    try:
        return msgspec.json.decode(told, type=answer)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise no_answer() from error


def refusal(told: bytes, offered: str) -> HoldRefusedError:
    """An answer of problem+json, with all its members that are numbers or words."""
    reason = reason_of(decoded(told, dict[str, Any]))
    return HoldRefusedError(offered, reason.detail, reason.code, **reason.facts)


RESERVED = ("code", "detail", "type", "title", "status", "instance", "offered", "errors")


def reason_of(told: Mapping[str, Any]) -> Reason:
    code, detail = told.get("code"), told.get("detail")
    if not isinstance(code, str) or not isinstance(detail, str):
        raise no_answer()
    facts: dict[str, Number] = {
        name: value
        for name, value in told.items()
        if name not in RESERVED and isinstance(value, int | str | None)
    }
    return Reason(code, detail[:LONGEST_DETAIL], facts)
