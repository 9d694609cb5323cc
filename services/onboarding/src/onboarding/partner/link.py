"""A contact's personal link, and the session that it is exchanged for (S17).

Both are signed here and told apart by their headers. A link only opens sessions; a session acts as
the contact for some hours. Both end when a newer link takes the place of theirs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import jwt
from pydantic import AfterValidator

from zugabe_events.domain.errors import UnauthenticatedError
from zugabe_events.http.principal import Principal, principal_of
from zugabe_events.runtime.setting_types import SecretFile

TYPE = "zugabe-link"
SESSION_TYPE = "zugabe-link-session"
"""In the header: it alone tells them from each other, and from a token of the issuer."""

ALGORITHM = "HS256"
SECRET_BYTES = 32
REFUSED_TOKENS = (
    jwt.PyJWTError,
    ArithmeticError,
    LookupError,
    OSError,  # an instant that no clock has
    TypeError,
    ValueError,
)
REQUIRED = ("aud", "exp", "iss", "sub")


@dataclass(frozen=True, slots=True)
class Link:
    """Of a session, `issued_at` is that of the link it was exchanged for."""

    caller: Principal
    issued_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Environment:
    """The installation that links are bound to: a test system's are worth nothing in production."""

    issuer: str
    audience: str


def secrets_in(file: Path) -> Sequence[bytes]:
    """One a line: the first signs, all verify."""
    return [line.strip().encode() for line in file.read_text().splitlines() if line.strip()]


def are_long_enough(file: Path) -> Path:
    if min(map(len, secrets_in(file))) < SECRET_BYTES:
        message = f"the secret needs {SECRET_BYTES} bytes"
        raise ValueError(message)
    return file


LinkSecretFile = Annotated[SecretFile, AfterValidator(are_long_enough)]
"""A setting that names the file with the secrets of links."""


def id_of(secret: bytes) -> str:
    """The `kid` by which a token names its secret."""
    return sha256(b"zugabe link secret\n" + secret).hexdigest()[:8]


class Links:
    """`url` is the portal where links lead; it exchanges a token at once, so that no later address
    has it. Links are valid for `valid`, sessions for `session_valid`."""

    def __init__(
        self,
        secrets: Sequence[bytes],
        valid: timedelta,
        url: str,
        environment: Environment,
        session_valid: timedelta,
    ) -> None:
        if not secrets or min(map(len, secrets)) < SECRET_BYTES:
            message = f"the secret of links needs {SECRET_BYTES} bytes"
            raise ValueError(message)
        self.valid = valid
        self._secrets = {id_of(secret): secret for secret in secrets}
        self._newest = id_of(secrets[0])
        self._url = url.rstrip("/")
        self._environment = environment
        self._session_valid = session_valid

    def issue(self, partner: str, contact_id: str, at: datetime) -> str:
        token = self._signed(TYPE, contact_id, partner, at, at + self.valid)
        return f"{self._url}/einstieg/{partner}?link={token}"

    def exchange(self, link: Link, now: datetime) -> tuple[str, datetime]:
        """The token of a session, and when it ends."""
        caller = link.caller
        assert caller.partner is not None, "a link names its partner"
        expires_at = min(now + self._session_valid, link.expires_at)
        token = self._signed(
            SESSION_TYPE, caller.subject, caller.partner, link.issued_at, expires_at
        )
        return token, expires_at

    def read(self, token: str, now: datetime, kind: str = TYPE) -> Link:
        """Raise UnauthenticatedError, also for one that has expired."""
        link = self.read_any_age(token, kind)
        if now >= link.expires_at:
            raise outdated()
        return link

    def read_any_age(self, token: str, kind: str = TYPE) -> Link:
        """Raise UnauthenticatedError for what was not signed here."""
        try:
            header = jwt.get_unverified_header(token)
            claims = jwt.decode(
                token,
                self._secrets[header["kid"]],
                algorithms=[ALGORITHM],
                audience=self._environment.audience,
                issuer=self._environment.issuer,
                options={"require": list(REQUIRED), "verify_exp": False},
            )
            if header["typ"] != kind:
                raise ValueError("it is of the other type")
            return link_of(claims)
        except REFUSED_TOKENS as error:
            raise UnauthenticatedError(
                "Dieser Link ist nicht gültig.", code="link-invalid"
            ) from error

    def _signed(
        self, kind: str, contact_id: str, partner: str, issued_at: datetime, expires_at: datetime
    ) -> str:
        claims = {
            "iss": self._environment.issuer,
            "aud": self._environment.audience,
            "sub": contact_id,
            "partner": partner,
            "issued_ms": round(issued_at.timestamp() * 1_000),
            "exp": round(expires_at.timestamp()),
        }
        headers = {"typ": kind, "kid": self._newest}
        return jwt.encode(claims, self._secrets[self._newest], ALGORITHM, headers=headers)


def link_of(claims: Mapping[str, Any]) -> Link:
    """Raise for claims that we would not make."""
    caller = principal_of({"sub": claims["sub"], "role": "partner", "partner": claims["partner"]})
    if caller.subject != claims["sub"]:
        raise ValueError("it names no id")
    return Link(
        caller,
        datetime.fromtimestamp(claims["issued_ms"] / 1_000, UTC),
        datetime.fromtimestamp(float(claims["exp"]), UTC),
    )


def type_of(token: str) -> str | None:
    """TYPE or SESSION_TYPE; None for a token that is not for us to judge."""
    try:
        kind = jwt.get_unverified_header(token).get("typ")
    except (jwt.PyJWTError, ValueError, RecursionError):
        return None
    return kind if kind in (TYPE, SESSION_TYPE) else None


def outdated() -> UnauthenticatedError:
    return UnauthenticatedError(
        "Dieser Link gilt nicht mehr. Bitte verwenden Sie den neuesten oder fragen Sie Ihren "
        "Customer Success Manager.",
        code="link-outdated",
    )


def not_exchanged() -> UnauthenticatedError:
    return UnauthenticatedError(
        "Ein Link öffnet nur eine Sitzung; alles andere geschieht mit deren Token.",
        code="link-not-exchanged",
    )
