"""Shared by the checks of a user: rules, findings, the time, and the consumers' positions."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from zugabe_verify.business.orders import Order
from zugabe_verify.findings import Findings
from zugabe_verify.records import LoggedEvent, instant
from zugabe_verify.rules import Rules

MAX_TIMER_DELAY = timedelta(minutes=10)
"""The time for which a hold may stay open after its deadline: timers fire late, consumers lag."""


@dataclass(frozen=True, slots=True)
class Scope:
    """`reached` says by consumer and log, by part, where it was before any log was read."""

    findings: Findings
    rules: Rules
    now: datetime
    reached: dict[tuple[str, str], dict[int, int]]

    def consumed(self, consumer: str, event: LoggedEvent) -> bool:
        """Return true if the consumer's effect of this event must be visible."""
        reached = self.reached.get((consumer, event.log), {}).get(event.part, 0)
        return 0 < event.pos <= reached

    def overdue(self, deadline: str) -> bool:
        return instant(deadline) + MAX_TIMER_DELAY < self.now


@dataclass(frozen=True, slots=True)
class Case:
    """One service's stream of a user, with what the orders say about it."""

    scope: Scope
    service: str
    stream: str
    orders: dict[str, Order]

    def tell(self, kind: str, what: str) -> None:
        self.scope.findings.add(kind, self.service, self.stream, what)

    def order(self, order_id: str) -> Order:
        return self.orders.get(order_id) or Order()
