"""What the checks of one user share: rules, findings, the time, and how far consumers were."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from zugabe_verify.business.orders import Order
from zugabe_verify.findings import Findings
from zugabe_verify.rules import Rules
from zugabe_verify.told import Told, instant

SLACK = timedelta(minutes=10)
"""So long after its deadline a hold may wait for its end: alarms ring late, consumers lag."""


@dataclass(frozen=True, slots=True)
class Scope:
    """`reached` says by consumer and log, by part, where it was before any log was read."""

    findings: Findings
    rules: Rules
    now: datetime
    reached: dict[tuple[str, str], dict[int, int]]

    def heard(self, consumer: str, told: Told) -> bool:
        """Whether the consumer's effect of this event must be there."""
        reached = self.reached.get((consumer, told.log), {}).get(told.part, 0)
        return 0 < told.pos <= reached

    def overdue(self, deadline: str) -> bool:
        return instant(deadline) + SLACK < self.now


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
