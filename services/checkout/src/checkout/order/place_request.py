"""A request to order: what tells its repeats from others, and what it is told when it is late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from checkout.approval.submission import Change
from checkout.order.cart import Cart
from zugabe_events.contracts.checkout import Approval, ApprovalNeed
from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.decider import History
from zugabe_events.domain.errors import RefusedError, UnavailableError
from zugabe_events.domain.event import Context, derived_id


class CartChangedError(RefusedError):
    """A newer cart of the same checkout took over while this one was being ordered."""

    code = "cart-changed"

    def __init__(self) -> None:
        super().__init__("Der Warenkorb wurde inzwischen geändert. Bitte prüfen Sie ihn erneut.")


def changing() -> UnavailableError:
    return UnavailableError("Die Bestellung ändert sich gerade. Bitte versuchen Sie es erneut.")


NOBODY: frozenset[ApprovalNeed] = frozenset()


@dataclass(frozen=True, slots=True)
class Waiting:
    """The approvals that an order needs before it is placed, and until when."""

    needs: tuple[ApprovalNeed, ...]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Request:
    """One request to order; `attempt` and `body` tell its repeats from other requests (X-12).

    Its holds see the effects of the events of `after`. `exempt` are the approvals that the caller
    could give; the order is only submitted if it is `waiting` for others (X-26). `change` names the
    submission that it takes the place of; the change is the latest of its `approvals`.
    """

    cart: Cart
    context: Context
    attempt: UUID
    body: str
    after: Sequence[Token] = ()
    exempt: frozenset[ApprovalNeed] = NOBODY
    waiting: Waiting | None = None
    change: Change | None = None
    approvals: tuple[Approval, ...] = ()

    def step(self, *names: str) -> UUID:
        """Every step of a request is a commit of its own."""
        return derived_id(str(self.attempt), *names)


def commit_id(attempt: UUID, history: History[Any, Any]) -> UUID:
    """The id that `handle` gives to the commit of a step."""
    return uuid5(attempt, history.stream.id)
