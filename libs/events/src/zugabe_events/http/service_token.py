"""Access tokens for requests to other services, by the client credentials grant."""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import aiohttp

from zugabe_events.domain.errors import UnavailableError
from zugabe_events.http.oidc import TIMEOUT, UNREACHABLE, openid_configuration

log = logging.getLogger(__name__)

RENEWAL_MARGIN = timedelta(seconds=60)
DEFAULT_LIFETIME_SECONDS = 60
"""Lifetime of a token if the issuer names none."""


class ServiceToken:
    """A cached access token, renewed before it expires."""

    def __init__(
        self,
        issuer: str,
        client_id: str,
        client_secret: str,
        http: aiohttp.ClientSession,
        now: Callable[[], datetime],
    ) -> None:
        self.issuer = issuer
        self.client_id = client_id
        self._secret = client_secret
        self._http = http
        self._now = now
        self._token: str | None = None
        self._expires_at = self._renew_at = now()
        self._lock = asyncio.Lock()

    async def bearer(self) -> str:
        """Raises UnavailableError when the issuer gives none and the last one has expired."""
        if self._token is None or self._now() >= self._renew_at:
            async with self._lock:
                if self._token is None or self._now() >= self._renew_at:
                    await self._renew()
        if self._token is None or self._now() >= self._expires_at:
            raise UnavailableError(
                "Die Dienste können sich gerade nicht untereinander anmelden.",
                retry_after=5,
                code="issuer-unreachable",
            )
        return self._token

    async def _renew(self) -> None:
        requested_at = self._now()
        try:
            granted = await self._request()
            token = granted["access_token"]
            seconds = int(granted.get("expires_in", DEFAULT_LIFETIME_SECONDS))
            if not isinstance(token, str) or not token.isascii():
                raise ValueError("the issuer's token is no text")
        except (*UNREACHABLE, KeyError, TypeError) as error:
            log.warning("%s gives %s no token: %r", self.issuer, self.client_id, error)
            return
        lifetime = timedelta(seconds=min(max(seconds, 0), 86_400))
        self._token = token
        self._expires_at = requested_at + lifetime
        self._renew_at = requested_at + max(lifetime - RENEWAL_MARGIN, lifetime / 2)

    async def _request(self) -> Mapping[str, Any]:
        configuration = await openid_configuration(self._http, self.issuer)
        form = {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self._secret,
        }
        async with self._http.post(
            configuration["token_endpoint"], data=form, timeout=TIMEOUT, raise_for_status=True
        ) as response:
            granted: Mapping[str, Any] = json.loads(await response.read())
            return granted
