"""Submitted orders for tests."""

from datetime import timedelta

from checkout.approval import conversion
from checkout_tests.fakes import NOON
from zugabe_events.contracts.checkout import (
    Approval,
    ApprovalNeed,
    OrderPlaced,
    OrderSubmitted,
    Person,
    PricedOrder,
)
from zugabe_events.encryption.sealed_text import SealedText

EXPIRES = NOON + timedelta(days=14)


def submitted(
    order: PricedOrder, *needs: ApprovalNeed, approvals: tuple[Approval, ...] = ()
) -> OrderSubmitted:
    return conversion.submitted(order, needs or ("customer",), EXPIRES, approvals)


def approved(order: OrderSubmitted, number: str, *approvals: Approval) -> OrderPlaced:
    return conversion.placed(order, number, (*order.approvals, *approvals))


def approval(by: str, *needs: ApprovalNeed, has_changed: bool = False) -> Approval:
    return Approval(by, needs, NOON, NOON + timedelta(days=1), has_changed)


def sealed_person(user: str) -> Person:
    """Nobody can open it."""
    name, email = (
        str(SealedText("checkout", f"d1/{user}", field, "A" * 40)) for field in ("name", "email")
    )
    return Person(name, email)
