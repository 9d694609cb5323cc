"""Orders as they are submitted and submissions as they are placed, in all else as priced."""

from datetime import datetime
from typing import Any

from zugabe_events.contracts.checkout import (
    Approval,
    ApprovalNeed,
    OrderPlaced,
    OrderSubmitted,
    PricedOrder,
)


def submitted(
    order: PricedOrder,
    needs: tuple[ApprovalNeed, ...],
    expires_at: datetime,
    approvals: tuple[Approval, ...] = (),
) -> OrderSubmitted:
    fields = {**priced(order), "order_number": ""}
    return OrderSubmitted(**fields, needs=needs, expires_at=expires_at, approvals=approvals)


def placed(order: PricedOrder, number: str, approvals: tuple[Approval, ...]) -> OrderPlaced:
    fields = {**priced(order), "order_number": number}
    return OrderPlaced(**fields, approvals=approvals)


def priced(order: PricedOrder) -> dict[str, Any]:
    return {name: getattr(order, name) for name in PricedOrder.__struct_fields__}
