"""Values that browsers keep for us and cannot read, each kind with keys of its own."""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

import msgspec
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from fastapi import Request, Response

MAX_COOKIE_BYTES = 3_800
"""Browsers keep 4,096 bytes of name and value, and drop larger ones without a word."""


class CookieTooLargeError(Exception):
    """A browser would not keep it."""


class SealedCookie[Value]:
    """`secrets` are those of sessions: the first encrypts, all decrypt. The name is part of the
    key, so that no cookie can stand for another one."""

    def __init__(
        self, name: str, kind: type[Value], secrets: Sequence[bytes], *, secure: bool, seconds: int
    ) -> None:
        keys = [sha256(name.encode() + b"\0" + secret).digest() for secret in secrets]
        self._keys = MultiFernet([Fernet(urlsafe_b64encode(key)) for key in keys])
        self._kind = kind
        self._secure = secure
        self._seconds = seconds
        self.name = f"__Host-{name}" if secure else name

    def sealed(self, value: Value, now: datetime) -> str:
        """Raise CookieTooLargeError."""
        text = msgspec.json.encode(value)
        sealed = self._keys.encrypt_at_time(text, int(now.timestamp())).decode()
        if len(sealed) > MAX_COOKIE_BYTES:
            raise CookieTooLargeError
        return sealed

    def read(self, request: Request, now: datetime) -> Value | None:
        """None for what is missing, was changed, or is too old."""
        sealed = request.cookies.get(self.name, "")
        try:
            text = self._keys.decrypt_at_time(sealed, self._seconds, int(now.timestamp()))
            return msgspec.json.decode(text, type=self._kind)
        except (InvalidToken, msgspec.DecodeError, ValueError):
            return None

    def keep(self, response: Response, value: Value, now: datetime) -> None:
        """Raise CookieTooLargeError."""
        response.set_cookie(
            self.name,
            self.sealed(value, now),
            max_age=self._seconds,
            secure=self._secure,
            httponly=True,
            samesite="lax",
        )

    def forget(self, response: Response) -> None:
        response.delete_cookie(self.name, secure=self._secure, httponly=True, samesite="lax")
