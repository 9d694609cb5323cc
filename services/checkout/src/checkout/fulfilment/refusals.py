"""Refusals of steps, cancellations and returns of orders."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from zugabe_events.domain.calendar import day_of, german_date
from zugabe_events.domain.errors import NotFoundError, RefusedError
from zugabe_events.domain.german_numbers import thousands


class OrderNotFoundError(NotFoundError):
    code = "order-not-found"

    def __init__(self) -> None:
        super().__init__("Diese Bestellung gibt es nicht.")


class OrderCancelledError(RefusedError):
    code = "order-cancelled"

    def __init__(self) -> None:
        super().__init__("Diese Bestellung wurde storniert.")


class OrderConfirmedError(RefusedError):
    """By the terms of sale, the buyer cancels only before."""

    code = "order-confirmed"

    def __init__(self) -> None:
        super().__init__(
            "Diese Bestellung ist bereits bestätigt. Stornieren kann sie nur noch Ihr Händler."
        )


class OrderShippedError(RefusedError):
    code = "order-shipped"

    def __init__(self) -> None:
        super().__init__(
            "Diese Bestellung wurde bereits versandt. Bitte senden Sie die Ware zurück, statt zu "
            "stornieren."
        )


class OrderReturnedError(RefusedError):
    code = "order-returned"

    def __init__(self) -> None:
        super().__init__(
            "Von dieser Bestellung wurde bereits Ware zurückgenommen, deshalb lässt sie sich nicht "
            "mehr als Ganzes stornieren."
        )


class NothingShippedError(RefusedError):
    code = "nothing-shipped"

    def __init__(self) -> None:
        super().__init__(
            "Von dieser Bestellung wurde noch nichts versandt. Bitte stornieren Sie sie, statt "
            "etwas zurückzusenden."
        )


class NotShippedError(RefusedError):
    """It cannot have arrived; `missing_pieces` are still in the warehouse."""

    code = "order-not-shipped"

    def __init__(self, missing: int) -> None:
        pieces = "fehlt noch 1 Stück" if missing == 1 else f"fehlen noch {thousands(missing)} Stück"
        super().__init__(
            f"Diese Bestellung ist noch nicht vollständig versandt, es {pieces}.",
            missing_pieces=missing,
        )


class AllShippedError(RefusedError):
    code = "all-shipped"

    def __init__(self) -> None:
        super().__init__("Diese Bestellung ist bereits vollständig versandt.")


class AllReturnedError(RefusedError):
    """A gift that was kept does not leave alone, either."""

    code = "all-returned"

    def __init__(self) -> None:
        super().__init__(
            "Diese Bestellung wurde vollständig zurückgenommen. Es gibt nichts mehr zu versenden."
        )


class IdTakenError(RefusedError):
    """The same id with another content."""

    def __init__(self, detail: str, code: str) -> None:
        super().__init__(detail, code=code)


def shipment_id_taken() -> IdTakenError:
    return IdTakenError(
        "Unter dieser Sendungsnummer ist bereits etwas anderes versandt worden.",
        "shipment-id-taken",
    )


def return_id_taken() -> IdTakenError:
    return IdTakenError(
        "Unter dieser Rücksendenummer ist bereits etwas anderes zurückgekommen.",
        "return-id-taken",
    )


class ReturnsClosedError(RefusedError):
    code = "return-period-over"

    def __init__(self, ended_at: datetime) -> None:
        super().__init__(
            f"Die Rückgabefrist endete mit dem {german_date(last_day(ended_at))}.",
            ended_at=ended_at.isoformat(),
        )


class ReturnsByStaffError(RefusedError):
    """By the terms of sale, buyers return nothing themselves."""

    code = "returns-by-staff"

    def __init__(self) -> None:
        super().__init__("Rücksendungen nimmt nur Ihr Händler auf. Bitte wenden Sie sich an ihn.")


class LineUnknownError(RefusedError):
    code = "order-line-unknown"

    def __init__(self, number: int) -> None:
        super().__init__(f"Position {number} gibt es in dieser Bestellung nicht.", line=number)


class UnshippedByStaffError(RefusedError):
    code = "unshipped-by-staff"

    def __init__(self) -> None:
        super().__init__(
            "Ware, die noch nicht versandt ist, nimmt nur Ihr Händler zurück. Bitte wenden Sie "
            "sich an ihn."
        )


@dataclass(frozen=True, slots=True)
class Excess:
    """More pieces of a line or gift than are left; `number` as in the order."""

    number: int
    asked: int
    left: int


class ExceedsError(RefusedError):
    """More than is left, with all lines for which that is so."""

    one: str
    many: str

    def __init__(self, excesses: Sequence[Excess]) -> None:
        if len(excesses) == 1:
            detail = self.sentence(excesses[0])
        else:
            detail = f"Bei {thousands(len(excesses))} Positionen ist die Menge zu groß."
        super().__init__(detail, refused_lines=len(excesses))
        self.lists = {
            "lines": [
                {
                    "line": str(excess.number),
                    "asked": str(excess.asked),
                    "left": str(excess.left),
                    "detail": self.sentence(excess),
                }
                for excess in excesses
            ]
        }

    def sentence(self, excess: Excess) -> str:
        left, asked = thousands(excess.left), thousands(excess.asked)
        verb = self.many if excess.left > 1 else self.one
        if not excess.left:
            return f"Position {excess.number}: {verb} nichts mehr."
        return f"Position {excess.number}: {verb} noch {left} Stück, nicht {asked}."


class ShipmentExceedsError(ExceedsError):
    code = "shipment-exceeds"
    one = "Zu versenden ist"
    many = "Zu versenden sind"


class ReturnExceedsError(ExceedsError):
    code = "return-exceeds"
    one = "Zurückgeben lässt sich"
    many = "Zurückgeben lassen sich"


def last_day(end: datetime) -> date:
    """The last day before a first moment."""
    return day_of(end - timedelta(microseconds=1))
