"""Client of a key service: the transit engine of OpenBao or Vault, with OIDC login.

Master keys never leave it. `POST /v1/auth/jwt/login` exchanges the client-credentials token;
`/v1/transit/encrypt` and `decrypt` wrap and unwrap.
"""

from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import aiohttp

from zugabe_events.encryption.master_key import KeysUnavailableError

REQUEST_TIMEOUT = aiohttp.ClientTimeout(total=5)
FORBIDDEN = 403


class KeyService:
    """`url` is its base address, `name` the key's, and `role` the one to log in with."""

    def __init__(
        self,
        url: str,
        name: str,
        role: str,
        http: aiohttp.ClientSession,
        bearer: Callable[[], Awaitable[str]],
        now: Callable[[], datetime],
    ) -> None:
        self._url = url.rstrip("/")
        self._name = name
        self._role = role
        self._http = http
        self._bearer = bearer
        self._now = now
        self._token = ""
        self._renew_at = now()

    async def version(self) -> str:
        answer = await self._ask("GET", f"/v1/transit/keys/{self._name}")
        return f"v{int(answer['latest_version'])}"

    async def wrap(self, key: bytes, person: str) -> str:
        body = {"plaintext": b64encode(key).decode(), "associated_data": encoded(person)}
        answer = await self._ask("POST", f"/v1/transit/encrypt/{self._name}", body)
        return str(answer["ciphertext"]).removeprefix("vault:")

    async def unwrap(self, wrapped: str, person: str) -> bytes:
        body = {"ciphertext": f"vault:{wrapped}", "associated_data": encoded(person)}
        answer = await self._ask("POST", f"/v1/transit/decrypt/{self._name}", body)
        return b64decode(answer["plaintext"])

    async def _ask(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request, and log in again once if the session was ended early."""
        try:
            token = await self._session()
            try:
                return await self._send(method, path, body, token)
            except aiohttp.ClientResponseError as error:
                if error.status != FORBIDDEN:
                    raise
            self._renew_at = self._now()
            return await self._send(method, path, body, await self._session())
        except (aiohttp.ClientError, TimeoutError, KeyError, TypeError, ValueError) as error:
            raise KeysUnavailableError from error

    async def _session(self) -> str:
        if self._now() >= self._renew_at:
            body = {"role": self._role, "jwt": await self._bearer()}
            now = self._now()
            session = (await self._post("/v1/auth/jwt/login", body))["auth"]
            self._token = str(session["client_token"])
            self._renew_at = now + timedelta(seconds=int(session["lease_duration"]) / 2)
        return self._token

    async def _post(self, path: str, body: Any) -> Any:
        async with self._http.post(
            self._url + path, json=body, timeout=REQUEST_TIMEOUT, raise_for_status=True
        ) as answer:
            return await answer.json()

    async def _send(self, method: str, path: str, body: Any, token: str) -> Any:
        async with self._http.request(
            method,
            self._url + path,
            json=body,
            headers={"X-Vault-Token": token},
            timeout=REQUEST_TIMEOUT,
            raise_for_status=True,
        ) as answer:
            return (await answer.json())["data"]


def encoded(person: str) -> str:
    return b64encode(person.encode()).decode()
