"""What becomes of a user's personal data: restricted while the law keeps it, erased, once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from zugabe_events.contracts.checkout import PersonErased, PersonRestricted
from zugabe_events.decider import Decider
from zugabe_events.envelope import Stream
from zugabe_events.store import History


@dataclass(frozen=True, slots=True)
class Retire:
    """`keep_until`: when the last retention period ends; None: nothing has to be kept."""

    dealer: str
    user: str
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


type Person = Known | Restricted | Erased
type PersonEvent = PersonRestricted | PersonErased


def decide(command: Retire, person: Person) -> Sequence[PersonEvent]:
    match person:
        case Erased():
            return []
        case Known() | Restricted():
            until = command.keep_until
            if until is None or until <= command.at:
                return [PersonErased(command.dealer, command.user)]
            if person == Restricted(until):
                return []
            return [PersonRestricted(command.dealer, command.user, until)]


def evolve(person: Person, event: PersonEvent) -> Person:
    match event:
        case PersonRestricted(until=until):
            return Restricted(until)
        case PersonErased():
            return Erased()


person: Decider[Retire, Person, PersonEvent] = Decider("person", Known(), decide, evolve)


def person_history(dealer: str, user: str) -> History[Person, PersonEvent]:
    return History(Stream(f"person/{dealer}/{user}", f"{dealer}/{user}"), person)
