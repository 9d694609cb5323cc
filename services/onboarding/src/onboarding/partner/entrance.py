"""Entering by a link: for the contact to whom the partner's latest one was sent."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cachetools import LRUCache

from onboarding.partner.decider import partner_history
from onboarding.partner.link import (
    SESSION_TYPE,
    TYPE,
    Link,
    Links,
    not_exchanged,
    outdated,
    type_of,
)
from onboarding.partner.state import Open, Paused
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.encryption.personal_data import People
from zugabe_events.encryption.sealed_text import person_of
from zugabe_events.http.principal import Principal, Verify

ACCEPTED_LINKS_TTL_SECONDS = 10.0
MAX_ACCEPTED_LINKS = 10_000


@dataclass(frozen=True, slots=True)
class AcceptedLinks:
    """The links that a partner accepted a moment ago; `since` of None: no link."""

    contact_id: str
    since: datetime | None
    until: float


class Entrance:
    """For `Access(verify=…)`: sessions are ours, all else is the issuer's to vouch for."""

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
        """Raise UnauthenticatedError, also for a session whose link is not the latest (X-16)."""
        kind = type_of(token)
        if kind is None:
            return await self._verify(token)
        if kind == TYPE:
            raise not_exchanged()
        session = self._links.read(token, self._now(), SESSION_TYPE)
        await self._require_accepted(session)
        return session.caller

    async def admit(self, partner: str, token: str) -> tuple[str, datetime]:
        """The token of a session for a link of the partner, and when it ends.

        Raise UnauthenticatedError.
        """
        now = self._now()
        link = self._links.read(token, now)
        if link.caller.partner != partner:
            raise outdated()
        await self._require_accepted(link)
        return self._links.exchange(link, now)

    async def _require_accepted(self, link: Link) -> None:
        partner = link.caller.partner
        assert partner is not None, "a link names its partner"
        accepted = await self._accepted_of(partner)
        if (
            accepted.since is None
            or link.issued_at < accepted.since
            or link.caller.subject != accepted.contact_id
        ):
            raise outdated()

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
