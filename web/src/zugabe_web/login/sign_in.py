"""Sign-in at the organisation's issuer: authorization code with PKCE, for a confidential client.

Authlib knows the messages of OAuth and the rules for id tokens; keys and access tokens are checked
by the kernel, as services do it. Nothing here keeps anything about anybody.
"""

import json
import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

import aiohttp
import jwt
import msgspec
from authlib.oauth2.rfc6749 import OAuth2Error
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc.errors import JoseError

from zugabe_events.domain.errors import UnauthenticatedError, UnavailableError
from zugabe_events.http.oidc import (
    LEEWAY_SECONDS,
    TIMEOUT,
    UNREACHABLE,
    SigningKeys,
    TokenVerifier,
    openid_configuration,
)
from zugabe_events.http.principal import OUR_CLAIMS, ClaimNames, Principal, claim, internal_id

log = logging.getLogger(__name__)

SCOPE = "openid"
CONFIGURATION_TTL = timedelta(minutes=10)
DEFAULT_LIFETIME_SECONDS = 60


class SignInFailedError(Exception):
    """The issuer or the browser brought something that does not fit; the person may try again."""


class IssuerUnreachableError(Exception):
    """The issuer does not answer."""


class Attempt(msgspec.Struct, frozen=True):
    """Memory of a browser while its person is at the issuer; `back` is the page they wanted."""

    state: str
    nonce: str
    verifier: str
    back: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """`expires` is when the access token does; without `refresh`, the person signs in again."""

    access: str
    refresh: str
    expires: datetime


@dataclass(frozen=True, slots=True)
class SignedIn:
    tokens: Tokens
    principal: Principal
    name: str


@dataclass(frozen=True, slots=True)
class Client:
    """`audience` is that of the services; `callback` and `after_sign_out` are registered."""

    issuer: str
    client_id: str
    secret: str
    audience: str
    callback: str
    after_sign_out: str
    claims: ClaimNames = OUR_CLAIMS


class SignIn:
    def __init__(
        self, client: Client, http: aiohttp.ClientSession, now: Callable[[], datetime]
    ) -> None:
        self.client = client
        self._http = http
        self._now = now
        self._keys = SigningKeys(client.issuer, http, now)
        self._verify = TokenVerifier(client.issuer, client.audience, self._keys, now, client.claims)
        self._configuration: tuple[Mapping[str, Any], datetime] | None = None

    async def begin(self, back: str) -> tuple[str, Attempt]:
        """The issuer's address to send a browser to. Raise IssuerUnreachableError."""
        state, nonce, verifier = (secrets.token_urlsafe(48) for _ in range(3))
        attempt = Attempt(state, nonce, verifier, back)
        url = prepare_grant_uri(
            await self._address("authorization_endpoint"),
            self.client.client_id,
            "code",
            redirect_uri=self.client.callback,
            scope=SCOPE,
            state=attempt.state,
            nonce=attempt.nonce,
            code_challenge=create_s256_code_challenge(attempt.verifier),
            code_challenge_method="S256",
        )
        return str(url), attempt

    async def finish(self, attempt: Attempt, answer: Mapping[str, str]) -> SignedIn:
        """The parameters that the browser came back with become tokens, which are checked.

        Raise SignInFailedError and IssuerUnreachableError.
        """
        if not secrets.compare_digest(answer.get("state", "").encode(), attempt.state.encode()):
            raise SignInFailedError("another state")
        await self._check_issuer(answer)
        if "error" in answer or "code" not in answer:
            raise SignInFailedError(f"the issuer says {answer.get('error', 'nothing')!r}")
        granted = await self._granted(
            "authorization_code",
            code=answer["code"],
            redirect_uri=self.client.callback,
            code_verifier=attempt.verifier,
        )
        tokens = tokens_of(granted, self._now())
        claims = await self._identity(granted.get("id_token"), attempt.nonce, tokens.access)
        principal = await self._principal(tokens)
        if internal_id(claim(claims, self.client.claims.subject)) != principal.subject:
            raise SignInFailedError("the tokens are of two people")
        return SignedIn(tokens, principal, principal.name or str(claims.get("name", "")))

    async def refreshed(self, refresh: str) -> Tokens:
        """New tokens; the issuer may replace the refresh token. Raise SignInFailedError when the
        person has to sign in again, and IssuerUnreachableError."""
        granted = await self._granted("refresh_token", refresh_token=refresh)
        tokens = tokens_of(granted, self._now(), refresh)
        await self._principal(tokens)
        return tokens

    async def sign_out_address(self) -> str | None:
        """The address at which the issuer ends its own session, without a token in it; None if it
        has no such address. Raise IssuerUnreachableError."""
        found = (await self._configured()).get("end_session_endpoint")
        if not isinstance(found, str):
            return None
        said = {
            "client_id": self.client.client_id,
            "post_logout_redirect_uri": self.client.after_sign_out,
        }
        return f"{found}{'&' if '?' in found else '?'}{urlencode(said)}"

    async def _check_issuer(self, answer: Mapping[str, str]) -> None:
        """An answer of another issuer is none (RFC 9207)."""
        configuration = await self._configured()
        says = configuration.get("authorization_response_iss_parameter_supported") is True
        if answer.get("iss", None if says else self.client.issuer) != self.client.issuer:
            raise SignInFailedError("another issuer")

    async def _granted(self, grant_type: str, **said: str) -> Mapping[str, Any]:
        url = await self._address("token_endpoint")
        try:
            body = prepare_token_request(grant_type, **said)
            login = quote(self.client.client_id, safe=""), quote(self.client.secret, safe="")
            headers = {
                "Authorization": aiohttp.encode_basic_auth(*login),
                "Content-Type": "application/x-www-form-urlencoded",
            }
            async with self._http.post(
                url,
                data=body,
                headers=headers,
                timeout=TIMEOUT,
                allow_redirects=False,
            ) as response:
                status, text = response.status, await response.read()
        except OAuth2Error as error:
            raise SignInFailedError(str(error)) from error
        except UNREACHABLE as error:
            raise IssuerUnreachableError(repr(error)) from error
        if status >= 500:
            raise IssuerUnreachableError(f"the issuer answers {status}")
        try:
            granted = json.loads(text)
        except ValueError as error:
            raise SignInFailedError("the issuer's answer is no JSON") from error
        if status != 200 or not isinstance(granted, dict):
            code = granted.get("error") if isinstance(granted, dict) else None
            raise SignInFailedError(f"the issuer answers {status}: {code!r}")
        return granted

    async def _identity(self, id_token: object, nonce: str, access: str) -> Mapping[str, Any]:
        """The claims of an id token for us, for this attempt. Raise SignInFailedError."""
        client_id = self.client.client_id
        try:
            if not isinstance(id_token, str):
                raise SignInFailedError("there is no id token")
            header = jwt.get_unverified_header(id_token)
            kid = header.get("kid")
            if not isinstance(kid, str | None):
                raise SignInFailedError("the id token names no key")
            key = await self._keys.get(kid, str(header.get("alg")))
            if key is None or header.get("alg") != key.algorithm_name:
                raise SignInFailedError("the id token is of an unknown key")
            claims = jwt.decode(
                id_token,
                key,
                algorithms=[key.algorithm_name],
                issuer=self.client.issuer,
                audience=client_id,
                leeway=LEEWAY_SECONDS,
            )
            params = {"nonce": nonce, "client_id": client_id, "access_token": access}
            identity = CodeIDToken(claims, header, params=params)
            identity.validate(int(self._now().timestamp()), LEEWAY_SECONDS)
        except (jwt.PyJWTError, JoseError, ValueError) as error:
            raise SignInFailedError(f"the id token: {error!r}") from error
        except UnavailableError as error:
            raise IssuerUnreachableError(str(error)) from error
        return dict(claims)

    async def _principal(self, tokens: Tokens) -> Principal:
        """As a service would see them."""
        try:
            return await self._verify(tokens.access)
        except UnauthenticatedError as error:
            raise SignInFailedError(f"the access token: {error.detail}") from error
        except UnavailableError as error:
            raise IssuerUnreachableError(str(error)) from error

    async def _address(self, name: str) -> str:
        found = (await self._configured()).get(name)
        if not isinstance(found, str):
            raise IssuerUnreachableError(f"the issuer's configuration lacks {name}")
        return found

    async def _configured(self) -> Mapping[str, Any]:
        now = self._now()
        if self._configuration is None or now - self._configuration[1] > CONFIGURATION_TTL:
            try:
                found = await openid_configuration(self._http, self.client.issuer)
            except UNREACHABLE as error:
                if self._configuration is not None:
                    return self._configuration[0]
                raise IssuerUnreachableError(repr(error)) from error
            self._configuration = found, now
        return self._configuration[0]


def tokens_of(granted: Mapping[str, Any], now: datetime, refresh: str = "") -> Tokens:
    """Raise SignInFailedError."""
    access = granted.get("access_token")
    if not isinstance(access, str) or str(granted.get("token_type")).lower() != "bearer":
        raise SignInFailedError("the issuer gives no bearer token")
    seconds = granted.get("expires_in", DEFAULT_LIFETIME_SECONDS)
    lifetime = timedelta(seconds=seconds if isinstance(seconds, int) else DEFAULT_LIFETIME_SECONDS)
    replaced = granted.get("refresh_token", refresh)
    return Tokens(access, replaced if isinstance(replaced, str) else "", now + lifetime)
