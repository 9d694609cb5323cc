"""Verification of OIDC tokens: the issuer's keys are fetched, cached, and renewed in time."""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import aiohttp
import jwt
from cachetools import LRUCache

from zugabe_events.domain.errors import UnauthenticatedError, UnavailableError
from zugabe_events.http.principal import Principal, principal_of

log = logging.getLogger(__name__)

ALGORITHMS = ("ES256", "EdDSA", "RS256")
"""Asymmetric algorithms only, so that those who verify cannot sign."""

LEEWAY_SECONDS = 30
TIMEOUT = aiohttp.ClientTimeout(total=5)
KEYS_RENEWAL_INTERVAL = timedelta(minutes=10)
KEYS_TTL = timedelta(hours=1)
"""Time for which keys are trusted while the issuer is unreachable and may have withdrawn them."""
MIN_FETCH_INTERVAL = timedelta(seconds=30)
MAX_CACHED_TOKENS = 10_000

TYPES = ("jwt", "at+jwt", "application/at+jwt")
"""Types in the heads of access tokens; tokens for other purposes name theirs (RFC 9068)."""
OTHERS = ("id", "refresh", "offline", "logout")
"""The claim `typ` of Keycloak's other tokens, which the same key signs."""
MAX_LIFETIME = timedelta(days=1)
MIN_RSA_BITS = 2_048

UNREACHABLE = (aiohttp.ClientError, TimeoutError, ValueError, jwt.PyJWTError)


async def openid_configuration(http: aiohttp.ClientSession, issuer: str) -> Mapping[str, Any]:
    """Raises one of `UNREACHABLE`."""
    url = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
    found = await fetched(http, url)
    if found.get("issuer") != issuer:
        message = f"the issuer at {url} calls itself {found.get('issuer')!r}"
        raise ValueError(message)
    return found


async def fetched(http: aiohttp.ClientSession, url: object) -> Mapping[str, Any]:
    if not isinstance(url, str):
        message = "the issuer's configuration lacks an address"
        raise ValueError(message)
    async with http.get(url, timeout=TIMEOUT, raise_for_status=True) as response:
        found = json.loads(await response.read())
    if not isinstance(found, dict):
        message = f"{url} holds no object"
        raise ValueError(message)
    return found


class SigningKeys:
    """The issuer's public keys by `kid`, fetched by one request at a time."""

    def __init__(
        self, issuer: str, http: aiohttp.ClientSession, now: Callable[[], datetime]
    ) -> None:
        self.issuer = issuer
        self._http = http
        self._now = now
        self._keys: Mapping[str, jwt.PyJWK] = {}
        self._fetched_at: datetime | None = None
        self._fetch_began_at: datetime | None = None
        self._fetching: asyncio.Task[None] | None = None
        self._reached = False

    async def get(self, kid: str) -> jwt.PyJWK | None:
        """Raises UnavailableError when the key is unknown and the issuer unreachable."""
        self.renew_if_old()
        if not self._trusted() or (
            kid not in self._keys and (self._is_fetching() or self._may_fetch_again())
        ):
            await asyncio.shield(self._start_fetch())
        if not self._trusted() or (kid not in self._keys and not self._reached):
            raise UnavailableError(
                "Die Anmeldung kann gerade nicht geprüft werden.",
                retry_after=5,
                code="issuer-unreachable",
            )
        return self._keys.get(kid)

    def renew_if_old(self) -> None:
        """Renew in the background; the present keys stay in use meanwhile."""
        if (
            self._fetched_at is not None
            and self._now() - self._fetched_at > KEYS_RENEWAL_INTERVAL
            and self._may_fetch_again()
        ):
            self._start_fetch()

    def withdrawn(self, kid: str) -> bool:
        return self._fetched_at is not None and kid not in self._keys

    def _trusted(self) -> bool:
        return self._fetched_at is not None and self._now() - self._fetched_at <= KEYS_TTL

    def _may_fetch_again(self) -> bool:
        return (
            self._fetch_began_at is None or self._now() - self._fetch_began_at >= MIN_FETCH_INTERVAL
        )

    def _is_fetching(self) -> bool:
        return self._fetching is not None and not self._fetching.done()

    def _start_fetch(self) -> asyncio.Task[None]:
        if self._fetching is None or self._fetching.done():
            self._fetch_began_at = self._now()
            self._fetching = asyncio.create_task(self._fetch())
        return self._fetching

    async def _fetch(self) -> None:
        try:
            configuration = await openid_configuration(self._http, self.issuer)
            published = jwt.PyJWKSet.from_dict(
                dict(await fetched(self._http, configuration.get("jwks_uri")))
            )
        except UNREACHABLE as error:
            log.warning("the keys of %s cannot be fetched: %s", self.issuer, error)
            self._reached = False
            return
        self._keys = {
            key.key_id: key
            for key in published
            if key.key_id
            and key.algorithm_name in ALGORITHMS
            and key.public_key_use in (None, "sig")
            and getattr(key.key, "key_size", MIN_RSA_BITS) >= min_bits_of(key)
        }
        self._fetched_at = self._now()
        self._reached = True


class TokenVerifier:
    """For `Access(verify=…)`. Caches verified tokens while they are valid.

    Verifying a signature costs more than the rest of a simple request.
    """

    def __init__(
        self, issuer: str, audience: str, keys: SigningKeys, now: Callable[[], datetime]
    ) -> None:
        self._issuer = issuer
        self._audience = audience
        self._keys = keys
        self._now = now
        self._verified_tokens: LRUCache[bytes, tuple[Principal, float, str]] = LRUCache(
            MAX_CACHED_TOKENS
        )

    async def __call__(self, token: str) -> Principal:
        """Raises UnauthenticatedError and UnavailableError."""
        digest = sha256(token.encode()).digest()
        if cached := self._verified_tokens.get(digest):
            principal, until, kid = cached
            self._keys.renew_if_old()
            if self._now().timestamp() < until and not self._keys.withdrawn(kid):
                return principal
            del self._verified_tokens[digest]
        principal, until, kid = await self._verified(token)
        self._verified_tokens[digest] = principal, until, kid
        return principal

    async def _verified(self, token: str) -> tuple[Principal, float, str]:
        try:
            header = jwt.get_unverified_header(token)
            kid = header.get("kid")
            if (
                header.get("alg") not in ALGORITHMS
                or not isinstance(kid, str)
                or str(header.get("typ", "JWT")).lower() not in TYPES
            ):
                raise invalid_token()
            key = await self._keys.get(kid)
            if key is None:
                raise invalid_token()
            claims = jwt.decode(
                token,
                key,
                algorithms=[key.algorithm_name],
                issuer=self._issuer,
                audience=self._audience,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iat", "sub", "iss", "aud"]},
            )
            if str(claims.get("typ")).lower() in OTHERS or lifetime_of(claims) > MAX_LIFETIME:
                raise invalid_token()
            return principal_of(claims), float(claims["exp"]) + LEEWAY_SECONDS, kid
        except jwt.ExpiredSignatureError as error:
            raise UnauthenticatedError("Das Token ist abgelaufen.", code="token-expired") from error
        except (jwt.PyJWTError, ValueError, OverflowError, RecursionError) as error:
            raise invalid_token() from error


def lifetime_of(claims: Mapping[str, Any]) -> timedelta:
    return timedelta(seconds=float(claims["exp"]) - float(claims["iat"]))


def min_bits_of(key: jwt.PyJWK) -> int:
    """The curves of the other algorithms are short and strong."""
    return MIN_RSA_BITS if key.key_type == "RSA" else 0


def invalid_token() -> UnauthenticatedError:
    return UnauthenticatedError("Das Token ist nicht gültig.")
