"""A partner comes in by a signed link: whoever has it acts as the contact it was sent to."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import jwt
from cachetools import LRUCache
from pydantic import AfterValidator

from onboarding.partner.decider import partner_history
from onboarding.partner.state import Open, Paused
from zugabe_events.domain.errors import UnauthenticatedError
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.encryption.personal_data import People
from zugabe_events.encryption.sealed_text import person_of
from zugabe_events.http.principal import Principal, Verify, principal_of
from zugabe_events.runtime.setting_types import SecretFile

TYPE = "zugabe-link"
"""In the header: it alone tells a link from a token of the issuer."""

ALGORITHM = "HS256"
SECRET_BYTES = 32
ACCEPTED_LINKS_TTL_SECONDS = 10.0
MAX_ACCEPTED_LINKS = 10_000


@dataclass(frozen=True, slots=True)
class Link:
    caller: Principal
    issued_at: datetime


def links_from(file: Path, valid: timedelta, url: str) -> "Links":
    return Links(file.read_text().strip().encode(), valid, url)


def is_long_enough(file: Path) -> Path:
    if len(file.read_text().strip().encode()) < SECRET_BYTES:
        message = f"the secret needs {SECRET_BYTES} bytes"
        raise ValueError(message)
    return file


LinkSecretFile = Annotated[SecretFile, AfterValidator(is_long_enough)]
"""A setting that names the file with the secret of links."""


class Links:
    """`url` is the portal where links lead; it exchanges a token at once, so that no later address
    has it."""

    def __init__(self, secret: bytes, valid: timedelta, url: str) -> None:
        if len(secret) < SECRET_BYTES:
            message = f"the secret of links needs {SECRET_BYTES} bytes"
            raise ValueError(message)
        self._secret = secret
        self._valid = valid
        self._url = url

    def issue(self, partner: str, contact_id: str, at: datetime) -> str:
        claims = {
            "sub": contact_id,
            "partner": partner,
            "issued_ms": round(at.timestamp() * 1_000),
            "exp": round((at + self._valid).timestamp()),
        }
        token = jwt.encode(claims, self._secret, ALGORITHM, headers={"typ": TYPE})
        return f"{self._url.rstrip('/')}/einstieg/{partner}?link={token}"

    def read(self, token: str, now: datetime) -> Link:
        """Raise UnauthenticatedError."""
        try:
            claims = jwt.decode(
                token,
                self._secret,
                algorithms=[ALGORITHM],
                options={"require": ["exp", "sub"], "verify_exp": False},
            )
            if now.timestamp() >= float(claims["exp"]):
                raise outdated()
            issued_at = datetime.fromtimestamp(claims["issued_ms"] / 1_000, UTC)
            caller = principal_of(
                {"sub": claims["sub"], "role": "partner", "partner": claims["partner"]}
            )
        except (jwt.PyJWTError, ArithmeticError, LookupError, TypeError, ValueError) as error:
            raise UnauthenticatedError("Dieser Link ist nicht gültig.") from error
        return Link(caller, issued_at)


def is_link(token: str) -> bool:
    try:
        return jwt.get_unverified_header(token).get("typ") == TYPE
    except (jwt.PyJWTError, ValueError, RecursionError):
        return False


def outdated() -> UnauthenticatedError:
    return UnauthenticatedError(
        "Dieser Link gilt nicht mehr. Bitte verwenden Sie den neuesten oder fragen Sie Ihren "
        "Customer Success Manager.",
        code="link-outdated",
    )


@dataclass(frozen=True, slots=True)
class AcceptedLinks:
    """The links that a partner accepted a moment ago; `since` of None: no link."""

    contact_id: str
    since: datetime | None
    until: float


class Entrance:
    """For `Access(verify=…)`: links are ours, all else is the issuer's to vouch for."""

    def __init__(
        self,
        verify: Verify,
        links: Links,
        store: EventStore,
        people: People,
        now: Callable[[], datetime],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._verify = verify
        self._links = links
        self._store = store
        self._people = people
        self._now = now
        self._clock = clock
        self._accepted: LRUCache[str, AcceptedLinks] = LRUCache(MAX_ACCEPTED_LINKS)

    async def __call__(self, token: str) -> Principal:
        """Raise UnauthenticatedError, also for a link that is not the latest (X-16)."""
        if not is_link(token):
            return await self._verify(token)
        link = self._links.read(token, self._now())
        caller, partner = link.caller, link.caller.partner
        assert partner is not None, "a link names its partner"
        accepted = await self._accepted_of(partner)
        if (
            accepted.since is None
            or link.issued_at < accepted.since
            or caller.subject != accepted.contact_id
        ):
            raise outdated()
        return caller

    async def _accepted_of(self, partner: str) -> AcceptedLinks:
        accepted = self._accepted.get(partner)
        if accepted is None or self._clock() >= accepted.until:
            until = self._clock() + ACCEPTED_LINKS_TTL_SECONDS
            match await state_of(self._store, partner_history(partner)):
                case (Open() as its) | Paused(its) if await self._is_there(its):
                    accepted = AcceptedLinks(its.contact.contact_id, its.link_issued_at, until)
                case _:
                    accepted = AcceptedLinks("", None, until)
            self._accepted[partner] = accepted
        return accepted

    async def _is_there(self, its: Open) -> bool:
        """A contact who asked for erasure of their data is not let in any more (X-15)."""
        person = await self._people.stored(person_of(its.partner, its.contact.contact_id))
        return person is not None and person.wrapped is not None and not person.restricted
