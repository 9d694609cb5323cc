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
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from zugabe_events.domain.errors import UnauthenticatedError, UnavailableError
from zugabe_events.http.principal import OUR_CLAIMS, ClaimNames, Principal, principal_of

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
OF_OTHERS = frozenset({"at_hash", "c_hash", "events"})
"""Claims of ID tokens and of logout tokens, whatever type their heads say."""
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
        self._thumbprints: frozenset[str] = frozenset()
        self._fetched_at: datetime | None = None
        self._fetch_began_at: datetime | None = None
        self._fetching: asyncio.Task[None] | None = None
        self._reached = False

    async def get(self, kid: str | None, algorithm: str | None = None) -> jwt.PyJWK | None:
        """A token without `kid` is of the only key that fits its algorithm (RFC 7515, 4.1.4).

        Raises UnavailableError when the key is unknown and the issuer unreachable."""
        self.renew_if_old()
        if not self._trusted() or (
            self._found(kid, algorithm) is None and (self._is_fetching() or self._may_fetch_again())
        ):
            await asyncio.shield(self._start_fetch())
        found = self._found(kid, algorithm)
        if not self._trusted() or (found is None and not self._reached):
            raise UnavailableError(
                "Die Anmeldung kann gerade nicht geprüft werden.",
                retry_after=5,
                code="issuer-unreachable",
            )
        return found

    def _found(self, kid: str | None, algorithm: str | None) -> jwt.PyJWK | None:
        if kid is not None:
            return self._keys.get(kid)
        fitting = [key for key in self._keys.values() if key.algorithm_name == algorithm]
        return fitting[0] if len(fitting) == 1 else None

    def renew_if_old(self) -> None:
        """Renew in the background; the present keys stay in use meanwhile."""
        if (
            self._fetched_at is not None
            and self._now() - self._fetched_at > KEYS_RENEWAL_INTERVAL
            and self._may_fetch_again()
        ):
            self._start_fetch()

    def withdrawn(self, thumbprint: str) -> bool:
        """Also if another key has its `kid` now."""
        return self._fetched_at is not None and thumbprint not in self._thumbprints

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
            key.key_id or "": key
            for key in published
            if key.algorithm_name in ALGORITHMS
            and key.public_key_use in (None, "sig")
            and getattr(key.key, "key_size", MIN_RSA_BITS) >= min_bits_of(key)
        }
        self._thumbprints = frozenset(map(thumbprint_of, self._keys.values()))
        self._fetched_at = self._now()
        self._reached = True


class TokenVerifier:
    """For `Access(verify=…)`. Caches verified tokens while they are valid.

    Verifying a signature costs more than the rest of a simple request.
    """

    def __init__(
        self,
        issuer: str,
        audience: str,
        keys: SigningKeys,
        now: Callable[[], datetime],
        names: ClaimNames = OUR_CLAIMS,
    ) -> None:
        self._names = names
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
            principal, until, thumbprint = cached
            self._keys.renew_if_old()
            if self._now().timestamp() < until and not self._keys.withdrawn(thumbprint):
                return principal
            del self._verified_tokens[digest]
        principal, until, thumbprint = await self._verified(token)
        self._verified_tokens[digest] = principal, until, thumbprint
        return principal

    async def _verified(self, token: str) -> tuple[Principal, float, str]:
        try:
            header = jwt.get_unverified_header(token)
            kid = header.get("kid")
            if (
                header.get("alg") not in ALGORITHMS
                or not isinstance(kid, str | None)
                or str(header.get("typ", "JWT")).lower() not in TYPES
            ):
                raise invalid_token()
            key = await self._keys.get(kid, header["alg"])
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
            if is_for_others(claims) or lifetime_of(claims) > MAX_LIFETIME:
                raise invalid_token()
            until = float(claims["exp"]) + LEEWAY_SECONDS
            return principal_of(claims, self._names), until, thumbprint_of(key)
        except jwt.ExpiredSignatureError as error:
            raise UnauthenticatedError("Das Token ist abgelaufen.", code="token-expired") from error
        except (jwt.PyJWTError, ValueError, OverflowError, RecursionError) as error:
            raise invalid_token() from error


def is_for_others(claims: Mapping[str, Any]) -> bool:
    """True for tokens that tell clients about a sign-in, and for those about a sign-out."""
    return str(claims.get("typ")).lower() in OTHERS or not OF_OTHERS.isdisjoint(claims)


def thumbprint_of(key: jwt.PyJWK) -> str:
    """Differs for keys that differ."""
    public = key.key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return sha256(public).hexdigest()


def lifetime_of(claims: Mapping[str, Any]) -> timedelta:
    return timedelta(seconds=float(claims["exp"]) - float(claims["iat"]))


def min_bits_of(key: jwt.PyJWK) -> int:
    """The curves of the other algorithms are short and strong."""
    return MIN_RSA_BITS if key.key_type == "RSA" else 0


def invalid_token() -> UnauthenticatedError:
    return UnauthenticatedError("Das Token ist nicht gültig.")
