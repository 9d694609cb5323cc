"""Codes and refresh tokens of the local issuer: each stands for who signed in, and where."""

import hmac
import re
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from zugabe.issuer_people import DemoPerson

CODE_TTL_SECONDS = 60
REFRESH_TTL_SECONDS = 8 * 3600
VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class WebClient:
    """An application that people sign in to; addresses are compared as they are."""

    client_id: str
    redirect_uris: tuple[str, ...]
    after_sign_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grant:
    client_id: str
    redirect_uri: str
    challenge: str
    nonce: str | None
    person: DemoPerson
    signed_in_at: int

    def is_of(self, client_id: str, redirect_uri: str, verifier: str) -> bool:
        """True if the code was for this client and address, and the verifier fits (RFC 7636)."""
        digest = urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
        return (
            (self.client_id, self.redirect_uri) == (client_id, redirect_uri)
            and VERIFIER.fullmatch(verifier) is not None
            and hmac.compare_digest(digest, self.challenge)
        )


class Grants:
    """A code works once and for a minute; used twice, it takes its refresh token with it."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._codes: dict[str, tuple[Grant, float]] = {}
        self._refresh: dict[str, tuple[Grant, float]] = {}
        self._refresh_of: dict[str, str] = {}

    def code(self, grant: Grant) -> str:
        self._forget()
        code = secrets.token_urlsafe(32)
        self._codes[code] = grant, self._now() + CODE_TTL_SECONDS
        return code

    def redeem(self, code: str) -> Grant | None:
        self._forget()
        if code in self._refresh_of:
            self._refresh.pop(self._refresh_of[code], None)
        grant, _ = self._codes.pop(code, (None, 0.0))
        return grant

    def refresh_token(self, grant: Grant, code: str) -> str:
        token = secrets.token_urlsafe(32)
        self._refresh[token] = grant, self._now() + REFRESH_TTL_SECONDS
        self._refresh_of[code] = token
        return token

    def refreshed(self, token: str) -> Grant | None:
        self._forget()
        grant, _ = self._refresh.get(token, (None, 0.0))
        return grant

    def _forget(self) -> None:
        now = self._now()
        for entries in (self._codes, self._refresh):
            for key in [key for key, (_, until) in entries.items() if until <= now]:
                del entries[key]
        there = {code: token for code, token in self._refresh_of.items() if token in self._refresh}
        self._refresh_of = there
