"""Logs of checkout and of another service about one user, written event by event."""

import json
from datetime import UTC, datetime
from typing import Any

from zugabe_verify.business.orders import Order, orders_of
from zugabe_verify.business.scope import Scope
from zugabe_verify.findings import Findings
from zugabe_verify.records import Body, LoggedEvent
from zugabe_verify.rules import Rules

NOON = "2026-05-04T12:00:00Z"
OF_O1 = {"dealer": "acme", "customer": "c1", "user": "anna", "order_id": "o1"}


class Logs:
    """The logs of checkout and vouchers, which the consumer has read to their ends."""

    def __init__(self) -> None:
        self.events: list[LoggedEvent] = []

    def add(
        self, log: str, stream: str, name: str, body: Body, cause: LoggedEvent | None = None
    ) -> LoggedEvent:
        pos = len(self.events) + 1
        because = cause.id if cause else None
        event = LoggedEvent(
            log, stream, pos, 0, pos, f"{pos}.0", because, pos, name, json.dumps(body)
        )
        self.events.append(event)
        return event

    def place(self, order_id: str = "o1", **changes: Any) -> LoggedEvent:
        body = {
            **OF_O1, "order_id": order_id, "attempt": 1, "voucher": None, "reward": None,
            "refused": [], "lines": [], "goods_cents": 0, "net_cents": 0, "placed_at": NOON,
            "imported": False, **changes,
        }  # fmt: skip
        return self.add("checkout", f"order/acme/{order_id}", "order-placed", body)

    def step(self, name: str, order_id: str = "o1", **fields: Any) -> LoggedEvent:
        body = OF_O1 | {"order_id": order_id} | fields
        return self.add("checkout", f"order/acme/{order_id}", name, body)

    def orders(self) -> dict[str, Order]:
        return orders_of([event for event in self.events if event.log == "checkout"], Findings())

    def scope(self, findings: Findings, rules: Rules, consumer: str) -> Scope:
        """The consumer has read everything."""
        reached = {(consumer, "checkout"): {0: len(self.events)}}
        return Scope(findings, rules, datetime(2026, 5, 5, tzinfo=UTC), reached)
