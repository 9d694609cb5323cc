"""Submitted orders for tests, from the events of placed ones."""

from datetime import timedelta
from typing import Any

import msgspec

from checkout_tests.fakes import NOON
from zugabe_events.contracts.checkout import Approval, ApprovalNeed, OrderPlaced, OrderSubmitted

EXPIRES = NOON + timedelta(days=14)


def submitted(
    order: OrderPlaced,
    *needs: ApprovalNeed,
    approvals: tuple[Approval, ...] = (),
    **changes: Any,
) -> OrderSubmitted:
    """The order as it is submitted instead."""
    fields = {**fields_of(order), "order_number": "", **changes}
    return OrderSubmitted(
        **fields, expires_at=EXPIRES, needs=needs or ("customer",), approvals=approvals
    )


def approved(order: OrderSubmitted, number: str, *approvals: Approval) -> OrderPlaced:
    """The order that an approval makes of a submission."""
    fields = fields_of(order)
    for name in ("expires_at", "needs"):
        del fields[name]
    return OrderPlaced(
        **{**fields, "order_number": number, "approvals": (*order.approvals, *approvals)}
    )


def approval(by: str, *needs: ApprovalNeed, has_changed: bool = False) -> Approval:
    return Approval(by, needs, NOON, NOON + timedelta(days=1), has_changed)


def fields_of(order: OrderPlaced | OrderSubmitted) -> dict[str, Any]:
    fields = msgspec.structs.asdict(order)
    if isinstance(order, OrderPlaced):
        del fields["approvals"]
    return fields
