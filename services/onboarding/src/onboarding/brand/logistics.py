"""A brand's deliveries and goods receipts (ON-6, ON-7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from immutables import Map

from onboarding.brand.state import Brand, Pieces, State, TooManyError, brand_of, require_phase
from zugabe_events.contracts.onboarding import (
    BrandEvent,
    DeliveryAnnounced,
    GoodsReceived,
)
from zugabe_events.domain.errors import InvalidError, RefusedError

MAX_DELIVERIES = 1_000

DELIVERIES = ("eine andere Lieferung", "Lieferungen")
RECEIPTS = ("ein anderer Wareneingang", "Wareneingänge")


@dataclass(frozen=True, slots=True)
class AnnounceDelivery:
    delivery: str
    expected_on: date
    pieces: int
    today: date
    at: datetime


@dataclass(frozen=True, slots=True)
class BookReceipt:
    receipt: str
    received_on: date
    pieces: int
    today: date
    at: datetime


type LogisticsCommand = AnnounceDelivery | BookReceipt


class IdTakenError(RefusedError):
    """Something else was recorded under this id."""

    code = "id-taken"

    def __init__(self, what: str) -> None:
        super().__init__(f"Unter dieser Kennung ist bereits {what} erfasst.")


class DayNotPossibleError(InvalidError):
    code = "day-not-possible"


def decide_logistics(command: LogisticsCommand, state: State) -> Sequence[BrandEvent]:
    brand = brand_of(state)
    match command:
        case AnnounceDelivery():
            return announce(command, brand)
        case BookReceipt():
            return book(command, brand)


def announce(command: AnnounceDelivery, brand: Brand) -> Sequence[BrandEvent]:
    require_phase(brand, "logistics")
    announced = Pieces(command.expected_on, command.pieces)
    if is_known(brand.deliveries, command.delivery, announced, DELIVERIES):
        return []
    if command.expected_on < command.today:
        raise DayNotPossibleError("Der Liefertermin darf nicht in der Vergangenheit liegen.")
    return [
        DeliveryAnnounced(
            brand.partner,
            brand.brand,
            command.delivery,
            command.expected_on,
            command.pieces,
            command.at,
        )
    ]


def book(command: BookReceipt, brand: Brand) -> Sequence[BrandEvent]:
    """Goods are received only once the content is in the PIM (ON-6)."""
    require_phase(brand, "logistics")
    received = Pieces(command.received_on, command.pieces)
    if is_known(brand.receipts, command.receipt, received, RECEIPTS):
        return []
    if command.received_on > command.today:
        raise DayNotPossibleError("Ein Wareneingang darf nicht in der Zukunft liegen.")
    return [
        GoodsReceived(
            brand.partner,
            brand.brand,
            command.receipt,
            command.received_on,
            command.pieces,
            command.at,
        )
    ]


def is_known(recorded: Map[str, Pieces], name: str, pieces: Pieces, words: tuple[str, str]) -> bool:
    """Raise IdTakenError for another delivery or receipt under the same id.

    `words` say in German what another one and several are.
    """
    before = recorded.get(name)
    if before is not None and before != pieces:
        raise IdTakenError(words[0])
    if before is None and len(recorded) >= MAX_DELIVERIES:
        raise TooManyError(words[1], MAX_DELIVERIES)
    return before is not None
