"""Erasure of people's data, which is restricted until its retention period ends (X-15, X-19)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from pymongo import UpdateMany, UpdateOne
from pymongo.asynchronous.client_session import AsyncClientSession

from zugabe_events.consumer.effect import UpsertEffect
from zugabe_events.domain.event import Context, Event, EventTypes, derived_id
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_events.domain.timer import Schedule, TimerRule
from zugabe_events.encryption.key_store import restriction, shredding
from zugabe_events.encryption.personal_data import People
from zugabe_events.encryption.sealed_text import person_of
from zugabe_events.eventstore.command_handler import CommandResult
from zugabe_events.http.principal import Tenant
from zugabe_events.messaging.message import Message
from zugabe_events.mongo.client import Database, Document
from zugabe_events.reactions.outbox import CONTENT_GONE


@dataclass(frozen=True, slots=True)
class Restricted:
    """Data is shown with a special right only; the last retention period ends at `until`."""

    tenant: str
    user: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Erased:
    tenant: str
    user: str


type ErasureStatus = Restricted | Erased


class ErasePerson(Protocol):
    """Restrict a person's data until `keep_until`, or erase it if that is past or None.

    Idempotent: the person's own stream decides.
    """

    async def __call__(
        self,
        store: EventStore,
        tenant: str,
        user: str,
        keep_until: datetime | None,
        context: Context,
        *,
        attempt: UUID,
        body: str = "",
    ) -> CommandResult: ...


@dataclass(frozen=True, slots=True)
class ErasureRules:
    """`name` is literal and never changes: it is the consumer group and part of timer ids.

    `status` is pure: the status that one of `events` gives a person's data. Only the service that
    owns people's keys has `erase`. `tenant` is the kind of tenant the people belong to.
    """

    name: str
    topics: tuple[str, ...]
    events: tuple[type[Event], ...]
    status: Callable[[ReceivedEvent], ErasureStatus | None]
    erase: ErasePerson | None = None
    tenant: Tenant = "dealer"


@dataclass(frozen=True, slots=True)
class PreparedErasure:
    statuses: Sequence[ErasureStatus]
    timers: list[UpdateOne] | None


class ErasureEffect:
    """Deletes keys and drops unsent mails in the transaction of the event's position.

    `timers` end retention periods.
    """

    def __init__(
        self,
        db: Database,
        rules: ErasureRules,
        types: EventTypes,
        people: People,
        now: Callable[[], datetime],
        timers: UpsertEffect | None = None,
    ) -> None:
        self._db = db
        self._rules = rules
        self._types = types
        self._people = people
        self._now = now
        self._timers = timers
        self._names = frozenset(event.stored_as for event in rules.events)

    async def prepare(self, messages: Sequence[Message], *, again: bool) -> PreparedErasure | None:
        """Decode only messages about erasures, which are few."""
        relevant = [message for message in messages if message.name in self._names]
        received = (message.received(self._types) for message in relevant)
        statuses = [status for event in received if event and (status := self._rules.status(event))]
        timers = await self._timers.prepare(relevant, again=again) if self._timers else None
        return PreparedErasure(statuses, timers) if statuses else None

    async def write(self, prepared: PreparedErasure, session: AsyncClientSession) -> None:
        statuses = prepared.statuses
        if self._timers and prepared.timers:
            await self._timers.write(prepared.timers, session)
        if self._rules.erase is not None:
            writes = [self._key_update(status) for status in statuses]
            await self._db.persons.bulk_write(writes, session=session)
        erased = [person_of(it.tenant, it.user) for it in statuses if isinstance(it, Erased)]
        if erased:
            about: Document = {"about": {"$in": erased}}
            gave_up = {"waiting": False, "given_up": self._now(), "why": "erased"}
            drop = [
                UpdateMany({**about, "waiting": True}, {"$set": gave_up}),
                UpdateMany(about, CONTENT_GONE),
            ]
            await self._db.outbox.bulk_write(drop, session=session)

    def done(self, prepared: PreparedErasure) -> None:
        for status in prepared.statuses:
            self._people.evict(person_of(status.tenant, status.user))

    def _key_update(self, status: ErasureStatus) -> UpdateOne:
        person = {"_id": person_of(status.tenant, status.user)}
        match status:
            case Restricted():
                return UpdateOne({**person, "wrapped": {"$ne": None}}, restriction())
            case Erased():
                return UpdateOne(person, shredding(self._now()), upsert=True)


def erasure_timer(rules: ErasureRules, people: People) -> TimerRule | None:
    """The timer that erases a person, or restricts them further, when a retention period ends.

    None for a service that owns no keys.
    """
    erase = rules.erase
    if erase is None:
        return None

    def due(received: ReceivedEvent) -> Schedule | None:
        match rules.status(received):
            case Restricted(tenant, user, until):
                return Schedule(f"{tenant}/{user}/{until:%Y-%m-%d}", until)
            case _:
                return None

    async def fire(store: EventStore, key: str, context: Context) -> None:
        tenant, user, _ = key.split("/")
        until = await people.keep_until(person_of(tenant, user))
        attempt = derived_id(name, key)
        await erase(store, tenant, user, until, context, attempt=attempt)

    name = f"{rules.name}.retire"
    return TimerRule(name, rules.topics, due, fire)
