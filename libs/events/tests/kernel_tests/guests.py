"""A toy service that knows its guests by name: they come, and have themselves forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID, uuid4

from kernel_tests.toy import context
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.event import Context, Event, EventTypes, Fact, Personal, Stream
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.mail import Mail, Mails
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_events.domain.projection import ReadModel
from zugabe_events.encryption.personal_data import People
from zugabe_events.encryption.retention import Record
from zugabe_events.encryption.sealed_text import person_of
from zugabe_events.eventstore.command_handler import CommandResult, handle
from zugabe_events.privacy.erasure import Erased, ErasureRules, ErasureStatus, Restricted

RECORD: Record = "receipt"


class Guest(Fact, frozen=True):
    name: Personal
    email: Personal


class GuestCame(Event, frozen=True):
    stored_as: ClassVar[str] = "guest-came"

    dealer: str
    user: str
    spent_cents: int
    guest: Guest | None = None


class GuestRestricted(Event, frozen=True):
    stored_as: ClassVar[str] = "guest-restricted"

    dealer: str
    user: str
    until: datetime


class GuestForgotten(Event, frozen=True):
    stored_as: ClassVar[str] = "guest-forgotten"

    dealer: str
    user: str


type GuestEvent = GuestCame | GuestRestricted | GuestForgotten

TYPES = EventTypes.of(GuestEvent)


@dataclass(frozen=True)
class Tell:
    event: GuestEvent


def decide(command: Tell, told: tuple[GuestEvent, ...]) -> Sequence[GuestEvent]:
    """Guests come as often as they like; all else happens once."""
    known = not isinstance(command.event, GuestCame) and command.event in told
    return [] if known else [command.event]


GUEST_DECIDER: Decider[Tell, tuple[GuestEvent, ...], GuestEvent] = Decider(
    "guests", (), decide, lambda told, event: (*told, event)
)


def guest_history(dealer: str, user: str) -> History[tuple[GuestEvent, ...], GuestEvent]:
    return History(Stream(f"guest/{dealer}/{user}", person_of(dealer, user)), GUEST_DECIDER)


async def come(
    store: EventStore,
    people: People,
    user: str,
    at: datetime,
    name: str,
    email: str,
    dealer: str = "acme",
) -> CommandResult:
    """A guest spends ten euros."""
    sealed = await people.seal(person_of(dealer, user), RECORD, at, name=name, email=email)
    event = GuestCame(dealer, user, 1_000, Guest(**sealed) if sealed else None)
    history = guest_history(dealer, user)
    return await handle(store, history, Tell(event), context(), attempt=uuid4())


async def erase(
    store: EventStore,
    tenant: str,
    user: str,
    keep_until: datetime | None,
    context: Context,
    *,
    attempt: UUID,
    body: str = "",
) -> CommandResult:
    keep = keep_until is not None and keep_until > context.at
    event = GuestRestricted(tenant, user, keep_until) if keep and keep_until else None
    told = Tell(event or GuestForgotten(tenant, user))
    return await handle(
        store, guest_history(tenant, user), told, context, attempt=attempt, body=body
    )


def status(received: ReceivedEvent) -> ErasureStatus | None:
    match received.event:
        case GuestRestricted(dealer, user, until):
            return Restricted(dealer, user, until)
        case GuestForgotten(dealer, user):
            return Erased(dealer, user)
        case _:
            return None


def erasure(topic: str) -> ErasureRules:
    events = (GuestRestricted, GuestForgotten)
    return ErasureRules(f"guests.people.{topic}", (topic,), events, status, erase)


def welcome(received: ReceivedEvent) -> Mail | None:
    match received.event:
        case GuestCame(guest=Guest(name, email)):
            return Mail(email, "Willkommen", f"Guten Tag {name},\n", f"<p>Guten Tag {name}</p>")
        case _:
            return None


def mails(topic: str) -> Mails:
    return Mails(f"guests.mails.{topic}", (topic,), welcome, "beginning")


@dataclass(frozen=True, slots=True)
class GuestView:
    dealer: str
    user: str
    visits: int
    spent_cents: int
    name: str


def project(view: GuestView | None, event: Event) -> GuestView | None:
    match event:
        case GuestCame(dealer, user, spent, guest):
            known = view or GuestView(dealer, user, 0, 0, "")
            name = guest.name if guest else known.name
            return GuestView(dealer, user, known.visits + 1, known.spent_cents + spent, name)
        case _:
            return view


def keys(event: Event) -> Sequence[str]:
    return [f"{event.dealer}/{event.user}"] if isinstance(event, GuestCame) else []


def guest_views(topic: str) -> ReadModel[GuestView]:
    return ReadModel("guests.all", 1, (topic,), GuestView, keys, project)
