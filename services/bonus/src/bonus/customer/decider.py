"""Customers in a dealer's programme: each is enabled by the dealer, and disabled again (BO-4)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bonus.programme.run_off import run_off_until
from bonus.programme.versions import ALWAYS, Active, Versions
from zugabe_events.contracts.bonus import CustomerDisabled, CustomerEnabled
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.event import Stream

type CustomerEvent = CustomerEnabled | CustomerDisabled


@dataclass(frozen=True, slots=True)
class EnableCustomer:
    """`programme` has to run (BO-28)."""

    dealer: str
    customer: str
    at: datetime
    programme: Versions


@dataclass(frozen=True, slots=True)
class DisableCustomer:
    dealer: str
    customer: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AdoptCustomer:
    """A customer who had points before customers were enabled one by one."""

    dealer: str
    customer: str


type Command = EnableCustomer | DisableCustomer | AdoptCustomer


class ProgrammeNotRunningError(RefusedError):
    code = "programme-not-active"


@dataclass(frozen=True, slots=True)
class Span:
    """A time in which the customer took part, and how long points could be redeemed after it."""

    since: datetime
    until: datetime | None = None
    run_off_until: date | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """The spans in which a customer took part, in order; the last one may still last."""

    spans: tuple[Span, ...] = ()

    @property
    def takes_part(self) -> bool:
        return bool(self.spans) and self.spans[-1].until is None

    def collects(self, at: datetime) -> bool:
        """Orders of the instant earn points (BO-11)."""
        return self.enabled_at(at) is not None

    def enabled_at(self, at: datetime) -> datetime | None:
        """Since when the customer takes part at an instant; None if they do not."""
        for span in self.spans:
            if span.since <= at and (span.until is None or at < span.until):
                return span.since
        return None

    @property
    def run_off_until(self) -> date | None:
        """The last day on which a disabled customer redeems, in Berlin (BO-12)."""
        return self.spans[-1].run_off_until if self.spans else None

    def redeems(self, day: date) -> bool:
        return bool(self.spans) and (self.run_off_until is None or day <= self.run_off_until)


def decide(command: Command, membership: Membership) -> Sequence[CustomerEvent]:
    match command:
        case EnableCustomer():
            return enable(command, membership)
        case DisableCustomer(dealer, name, at):
            if not membership.takes_part:
                return []
            at = max(at, membership.spans[-1].since)
            return [CustomerDisabled(dealer, name, at, run_off_until(at))]
        case AdoptCustomer(dealer, name):
            return [] if membership.spans else [CustomerEnabled(dealer, name)]


def enable(command: EnableCustomer, membership: Membership) -> Sequence[CustomerEvent]:
    if membership.takes_part:
        return []
    if not isinstance(command.programme.present, Active):
        raise ProgrammeNotRunningError(
            "Kunden werden erst freigeschaltet, wenn das Bonusprogramm vollständig eingerichtet "
            "und aktiv ist."
        )
    before = membership.spans[-1].until if membership.spans else None
    at = max(command.at, before or command.at)
    return [CustomerEnabled(command.dealer, command.customer, at)]


def evolve(membership: Membership, event: CustomerEvent) -> Membership:
    match event:
        case CustomerEnabled(enabled_at=at):
            return Membership((*membership.spans, Span(at or ALWAYS)))
        case CustomerDisabled():
            *before, last = membership.spans
            ended = replace(last, until=event.disabled_at, run_off_until=event.run_off_until)
            return Membership((*before, ended))


CUSTOMER_DECIDER: Decider[Command, Membership, CustomerEvent] = Decider(
    "customer", Membership(), decide, evolve
)


def customer_history(dealer: str, customer: str) -> History[Membership, CustomerEvent]:
    stream = f"customer/{dealer}/{customer}"
    return History(Stream(stream, stream), CUSTOMER_DECIDER)
