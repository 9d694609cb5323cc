"""What becomes of people's data: restricted while the law keeps it, then erased (X-15, X-19)."""

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
from zugabe_events.eventstore.command_handler import Handled
from zugabe_events.http.principal import Tenant
from zugabe_events.messaging.message import Message
from zugabe_events.mongo.client import Database
from zugabe_events.reactions.outbox import CONTENT_GONE


@dataclass(frozen=True, slots=True)
class Restricted:
    """Nobody reads it without a special right; at `until` the last period ends."""

    dealer: str
    user: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Erased:
    dealer: str
    user: str


type Fate = Restricted | Erased


class Retire(Protocol):
    """Restricts a person's data until `keep_until`, or erases it when that is over or None.

    Decided by the person's own stream; asked again, it changes nothing.
    """

    async def __call__(
        self,
        store: EventStore,
        dealer: str,
        user: str,
        keep_until: datetime | None,
        context: Context,
        *,
        attempt: UUID,
        body: str = "",
    ) -> Handled: ...


@dataclass(frozen=True, slots=True)
class Keeping:
    """`name` is literal and never changes: it is the consumer group and part of alarm ids.

    `fate` is pure: what one of `events` says about a person's data. `retire` belongs to the service
    that owns people's keys; the others follow. `tenant` is what these people belong to.
    """

    name: str
    hears: tuple[str, ...]
    events: tuple[type[Event], ...]
    fate: Callable[[ReceivedEvent], Fate | None]
    retire: Retire | None = None
    tenant: Tenant = "dealer"


@dataclass(frozen=True, slots=True)
class Fates:
    fates: Sequence[Fate]
    alarms: list[UpdateOne] | None


class FateEffect:
    """Keys are shredded, and mails on their way dropped, with the position of the event that says
    so: once it is said, it happens. `alarms` end retention periods."""

    def __init__(
        self,
        db: Database,
        keeping: Keeping,
        types: EventTypes,
        people: People,
        now: Callable[[], datetime],
        alarms: UpsertEffect | None = None,
    ) -> None:
        self._db = db
        self._keeping = keeping
        self._types = types
        self._people = people
        self._now = now
        self._alarms = alarms
        self._names = frozenset(event.stored_as for event in keeping.events)

    async def prepare(self, messages: Sequence[Message], *, again: bool) -> Fates | None:
        """Next to all messages are about something else, and are not even read."""
        saying = [message for message in messages if message.name in self._names]
        heard = (message.received(self._types) for message in saying)
        fates = [fate for one in heard if one and (fate := self._keeping.fate(one))]
        alarms = await self._alarms.prepare(saying, again=again) if self._alarms else None
        return Fates(fates, alarms) if fates else None

    async def write(self, prepared: Fates, session: AsyncClientSession) -> None:
        fates = prepared.fates
        if self._alarms and prepared.alarms:
            await self._alarms.write(prepared.alarms, session)
        if self._keeping.retire is not None:
            writes = [self._of_key(fate) for fate in fates]
            await self._db.persons.bulk_write(writes, session=session)
        gone = [person_of(one.dealer, one.user) for one in fates if isinstance(one, Erased)]
        if gone:
            drop = [self._waiting(gone), self._read(gone)]
            await self._db.outbox.bulk_write(drop, session=session)

    def done(self, prepared: Fates) -> None:
        for fate in prepared.fates:
            self._people.evict(person_of(fate.dealer, fate.user))

    def _of_key(self, fate: Fate) -> UpdateOne:
        person = {"_id": person_of(fate.dealer, fate.user)}
        match fate:
            case Restricted():
                return UpdateOne({**person, "wrapped": {"$ne": None}}, restriction())
            case Erased():
                return UpdateOne(person, shredding(self._now()), upsert=True)

    def _waiting(self, gone: Sequence[str]) -> UpdateMany:
        given_up = {"waiting": False, "given_up": self._now(), "why": "erased"}
        return UpdateMany({"about": {"$in": list(gone)}, "waiting": True}, {"$set": given_up})

    def _read(self, gone: Sequence[str]) -> UpdateMany:
        return UpdateMany({"about": {"$in": list(gone)}}, CONTENT_GONE)


def retirement(keeping: Keeping, people: People) -> TimerRule | None:
    """Rings when a period ends: a later record has made it longer, or the key is shredded now.

    None for a service that owns no keys.
    """
    retire = keeping.retire
    if retire is None:
        return None

    def due(heard: ReceivedEvent) -> Schedule | None:
        match keeping.fate(heard):
            case Restricted(dealer, user, until):
                return Schedule(f"{dealer}/{user}/{until:%Y-%m-%d}", until)
            case _:
                return None

    async def fire(store: EventStore, key: str, context: Context) -> None:
        dealer, user, _ = key.split("/")
        until = await people.keep_until(person_of(dealer, user))
        attempt = derived_id(name, key)
        await retire(store, dealer, user, until, context, attempt=attempt)

    name = f"{keeping.name}.retire"
    return TimerRule(name, keeping.hears, due, fire)
