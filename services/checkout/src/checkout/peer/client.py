"""Client of another service over HTTP; its requests are idempotent, so it retries them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import aiohttp
import msgspec
from yarl import URL

from checkout.peer.ports import HoldRefusedError, Reason
from zugabe_events.domain.backoff import Backoff
from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.errors import Number, ThrottledError, UnavailableError
from zugabe_events.http.request_context import TOKEN_HEADER
from zugabe_events.observability import tracing
from zugabe_events.observability.context import propagation_headers

MAX_TRIES = 3
BACKOFF = Backoff(0.4, 0.8)
TIMEOUT = aiohttp.ClientTimeout(total=2)
CATCHING_UP_TIMEOUT = aiohttp.ClientTimeout(total=8)
"""For requests with tokens, which a peer answers once it has caught up with them."""

REFUSALS = (HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)
MAX_DETAIL_LENGTH = 1_000
"""Details are recorded with the order; a peer must not be able to make it too large."""

type Bearer = Callable[[], Awaitable[str]]


class Peer:
    """One other service, at its base URL."""

    def __init__(self, session: aiohttp.ClientSession, base: str, bearer: Bearer) -> None:
        self._session = session
        self._base = URL(base)
        self._bearer = bearer

    async def ask[Answer](
        self,
        method: str,
        path: Sequence[str],
        body: object,
        answer: type[Answer],
        offered: str,
        tokens: Sequence[Token] = (),
    ) -> Answer:
        """The peer's answer, which includes the effects of the events of `tokens`.

        Raises HoldRefusedError when the peer refuses, ThrottledError when the user has asked too
        often, UnavailableError when there is no usable answer.
        """
        for tried in range(MAX_TRIES):
            if tried:
                await asyncio.sleep(BACKOFF.wait(tried))
            try:
                with tracing.request_span(f"{method} {self._base.authority}"):
                    status, content = await self._send(method, path, body, tokens)
            except (aiohttp.ClientError, TimeoutError):
                continue
            if status == HTTPStatus.TOO_MANY_REQUESTS:
                raise throttled(content)
            if status in (HTTPStatus.OK, HTTPStatus.CREATED):
                return decoded(content, answer)
            if status in REFUSALS:
                raise refusal(content, offered)
            if status < HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.REQUEST_TIMEOUT:
                break
        raise no_answer()

    async def _send(
        self, method: str, path: Sequence[str], body: object, tokens: Sequence[Token]
    ) -> tuple[int, bytes]:
        headers = {
            "Authorization": f"Bearer {await self._bearer()}",
            "Content-Type": "application/json",
            **propagation_headers(),
            **({TOKEN_HEADER: ",".join(map(str, tokens))} if tokens else {}),
        }
        timeout = CATCHING_UP_TIMEOUT if tokens else TIMEOUT
        url = self._base.joinpath(*path)
        data = None if body is None else msgspec.json.encode(body)
        async with self._session.request(
            method, url, data=data, headers=headers, timeout=timeout, allow_redirects=False
        ) as response:
            return response.status, await response.read()


def no_answer() -> UnavailableError:
    return UnavailableError(
        "Gutscheine und Prämien können gerade nicht geprüft werden. Bitte versuchen Sie es erneut.",
        retry_after=2,
    )


def throttled(content: bytes) -> ThrottledError:
    """The peer's throttling, passed on to the user."""
    reason = reason_of(decoded(content, dict[str, Any]))
    seconds = reason.facts.get("retry_after_seconds")
    return ThrottledError(reason.detail, retry_after=seconds if isinstance(seconds, int) else 1)


def decoded[Answer](content: bytes, answer: type[Answer]) -> Answer:
    try:
        return msgspec.json.decode(content, type=answer)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise no_answer() from error


def refusal(content: bytes, offered: str) -> HoldRefusedError:
    """The refusal in a problem document, with all its members that are numbers or strings."""
    reason = reason_of(decoded(content, dict[str, Any]), offered)
    return HoldRefusedError(reason.offered, reason.detail, reason.code, **reason.facts)


RESERVED = frozenset(
    {"code", "detail", "type", "title", "status", "instance", "offered", "errors", "voucher_code"}
)


def reason_of(problem: Mapping[str, Any], offered: str = "") -> Reason:
    """A reason against what was `offered`, unless the problem names a `voucher_code` itself."""
    code, detail = problem.get("code"), problem.get("detail")
    if not isinstance(code, str) or not isinstance(detail, str):
        raise no_answer()
    facts: dict[str, Number] = {
        name: value
        for name, value in problem.items()
        if name not in RESERVED and isinstance(value, int | str | None)
    }
    named = problem.get("voucher_code")
    said = named if isinstance(named, str) else offered
    return Reason(code, detail[:MAX_DETAIL_LENGTH], facts, said)
