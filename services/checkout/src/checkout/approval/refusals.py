"""Refusals of an approval because the order is not what was submitted."""

from collections.abc import Sequence

from checkout.pricing.changes import Change
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.money import euros


class OrderChangedError(RefusedError):
    """The order would not cost what was submitted, or what its approver was told last."""

    code = "order-changed"

    def __init__(self, changes: Sequence[Change], quote: str, order: object) -> None:
        """`quote` approves the order as it is priced now, `order`."""
        super().__init__(
            "Seit die Bestellung vorgelegt wurde, hat sich etwas geändert. Bitte prüfen Sie sie "
            "erneut."
        )
        self.attached = {"changes": changes, "quote": quote, "order": order}


class DearerThanAgreedError(RefusedError):
    """The dealer's staff cannot accept for the customer that the order costs more."""

    code = "dearer-than-agreed"

    def __init__(self, agreed_cents: int, now_cents: int) -> None:
        more = euros(now_cents - agreed_cents)
        super().__init__(
            f"Die Bestellung kostet {more} mehr als vorgelegt. Das kann nur der Kunde annehmen.",
            agreed_cents=agreed_cents,
            now_cents=now_cents,
        )
