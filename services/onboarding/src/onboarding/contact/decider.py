"""What becomes of the personal data of a contact, or of a manager: restricted while the law keeps
it, erased, once (X-15, X-19)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from zugabe_events.contracts.onboarding import ContactErased, ContactRestricted
from zugabe_events.decider import Decider
from zugabe_events.envelope import Stream
from zugabe_events.store import History


@dataclass(frozen=True, slots=True)
class Retire:
    """`keep_until`: when the last retention period ends; None: nothing has to be kept."""

    partner: str
    contact_id: str
    keep_until: datetime | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Known:
    pass


@dataclass(frozen=True, slots=True)
class Restricted:
    until: datetime


@dataclass(frozen=True, slots=True)
class Erased:
    pass


type Contact = Known | Restricted | Erased
type ContactEvent = ContactRestricted | ContactErased


def decide(command: Retire, contact: Contact) -> Sequence[ContactEvent]:
    match contact:
        case Erased():
            return []
        case Known() | Restricted():
            until = command.keep_until
            if until is None or until <= command.at:
                return [ContactErased(command.partner, command.contact_id)]
            if contact == Restricted(until):
                return []
            return [ContactRestricted(command.partner, command.contact_id, until)]


def evolve(_: Contact, event: ContactEvent) -> Contact:
    match event:
        case ContactRestricted(until=until):
            return Restricted(until)
        case ContactErased():
            return Erased()


contact: Decider[Retire, Contact, ContactEvent] = Decider("contact", Known(), decide, evolve)


def contact_history(partner: str, contact_id: str) -> History[Contact, ContactEvent]:
    """Managers are contacts of the partner `central`."""
    stream = Stream(f"contact/{partner}/{contact_id}", f"{partner}/{contact_id}")
    return History(stream, contact)
