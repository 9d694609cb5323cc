"""Exclusions of customers, by compliance rules or framework contracts (X-25)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from zugabe_events.contracts.catalog_shops import Benefit, CustomerEvent, CustomerExclusionsSet
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.event import Stream


@dataclass(frozen=True, slots=True)
class SetExclusions:
    """`contract_priced` also leaves out lines at agreed prices."""

    dealer: str
    customer: str
    excluded: frozenset[Benefit]
    contract_priced: bool
    at: datetime
    effective_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Exclusions:
    """`version` 0: nothing was ever excluded."""

    version: int = 0
    excluded: frozenset[Benefit] = frozenset()
    contract_priced: bool = False
    since: datetime | None = None


def decide(command: SetExclusions, present: Exclusions) -> Sequence[CustomerExclusionsSet]:
    latest = present.since or command.at
    effective_at = command.effective_at or max(command.at, latest)
    wanted = (command.excluded, command.contract_priced)
    if wanted == (present.excluded, present.contract_priced) and effective_at >= latest:
        return []
    return [
        CustomerExclusionsSet(
            dealer=command.dealer,
            customer=command.customer,
            version=present.version + 1,
            excluded=tuple(sorted(command.excluded)),
            contract_priced=command.contract_priced,
            effective_at=effective_at,
        )
    ]


def evolve(present: Exclusions, event: CustomerEvent) -> Exclusions:
    if present.since is not None and event.effective_at < present.since:
        return Exclusions(event.version, present.excluded, present.contract_priced, present.since)
    return Exclusions(
        event.version, frozenset(event.excluded), event.contract_priced, event.effective_at
    )


CUSTOMER_DECIDER: Decider[SetExclusions, Exclusions, CustomerEvent] = Decider(
    "customer", Exclusions(), decide, evolve
)


def customer_history(dealer: str, customer: str) -> History[Exclusions, CustomerEvent]:
    stream = f"customer/{dealer}/{customer}"
    return History(Stream(stream, stream), CUSTOMER_DECIDER)
