"""The session of whoever has signed in, in a cookie that only this application can read.

Nothing is kept on the server: any replica with the same keys opens the cookie. Revoking is the
services' business, which check the credential in it at every request.
"""

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Literal

import msgspec
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

SECRET_BYTES = 32
MAX_TOKENS = 8
"""More would make the cookie too large; older ones have long been caught up with."""


class Session(msgspec.Struct, frozen=True, omit_defaults=True):
    """`credential` is the bearer token for the services; `csrf` stands in every form.

    `tokens` are the consistency tokens of what this person has just changed, so that the next page
    shows it. `notice` is told once, on the next page.
    """

    role: Literal["partner", "central"]
    credential: str
    csrf: str
    expires: int
    partner: str = ""
    tokens: tuple[str, ...] = ()
    notice: str = ""

    def with_tokens(self, *tokens: str) -> "Session":
        latest = dict.fromkeys([*self.tokens, *tokens])
        return msgspec.structs.replace(self, tokens=tuple(latest)[-MAX_TOKENS:])


def new_csrf() -> str:
    return secrets.token_urlsafe(24)


def secrets_in(file: Path) -> Sequence[bytes]:
    """One a line."""
    return [line.strip().encode() for line in file.read_text().splitlines() if line.strip()]


class Sessions:
    """`keys`: the first encrypts, all decrypt. `secure` is true where browsers come by https."""

    def __init__(self, keys: Sequence[bytes], *, secure: bool) -> None:
        self.secrets = keys
        self._keys = MultiFernet([Fernet(urlsafe_b64encode(sha256(key).digest())) for key in keys])
        self.secure = secure
        self.cookie = "__Host-zugabe" if secure else "zugabe"

    def seal(self, session: Session, now: datetime) -> str:
        text = msgspec.json.encode(session)
        return self._keys.encrypt_at_time(text, int(now.timestamp())).decode()

    def open(self, text: str, now: datetime) -> Session | None:
        """None for what is not ours, was changed, or is over."""
        try:
            session = msgspec.json.decode(self._keys.decrypt(text), type=Session)
        except (InvalidToken, msgspec.DecodeError, ValueError):
            return None
        return session if now.timestamp() < session.expires else None
