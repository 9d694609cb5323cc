"""Client for sealing texts about dealers' people; their keys stay with their owner."""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Protocol

import aiohttp
import msgspec

from zugabe_events.encryption.master_key import KeysUnavailableError
from zugabe_events.encryption.remote_opening import REQUEST_TIMEOUT


class SealedTexts(msgspec.Struct, frozen=True):
    """By the name of their fields."""

    texts: dict[str, str]


class Sealing(Protocol):
    async def seal(self, dealer: str, user: str, **texts: str) -> Mapping[str, str] | None:
        """The sealed texts by field, or None if the person was erased.

        Raises KeysUnavailableError.
        """
        ...


class RemoteSealing:
    """`url` is the base URL of the owner."""

    def __init__(
        self, http: aiohttp.ClientSession, url: str, bearer: Callable[[], Awaitable[str]]
    ) -> None:
        self._http = http
        self._url = url
        self._bearer = bearer

    async def seal(self, dealer: str, user: str, **texts: str) -> Mapping[str, str] | None:
        try:
            async with self._http.post(
                f"{self._url}/dealers/{dealer}/people/{user}/sealed",
                json={"texts": texts},
                headers={"Authorization": f"Bearer {await self._bearer()}"},
                timeout=REQUEST_TIMEOUT,
            ) as answer:
                if answer.status == HTTPStatus.CONFLICT:
                    return None
                answer.raise_for_status()
                return msgspec.json.decode(await answer.read(), type=SealedTexts).texts
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise KeysUnavailableError from error
