"""A dealer's order numbers, reserved in blocks so that no order waits for a shared counter."""

from collections.abc import Sequence
from dataclasses import dataclass

from zugabe_events.contracts.checkout import OrderNumbersReserved
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.event import Stream

FIRST_NUMBER = 1_000_001
BLOCK_SIZE = 1_000


@dataclass(frozen=True, slots=True)
class ReserveNumbers:
    dealer: str


@dataclass(frozen=True, slots=True)
class Reserved:
    """Every number below `next` is reserved."""

    next: int


def decide(command: ReserveNumbers, state: Reserved) -> Sequence[OrderNumbersReserved]:
    return [OrderNumbersReserved(dealer=command.dealer, first=state.next, count=BLOCK_SIZE)]


def evolve(state: Reserved, event: OrderNumbersReserved) -> Reserved:
    return Reserved(max(state.next, event.first + event.count))


NUMBERS_DECIDER: Decider[ReserveNumbers, Reserved, OrderNumbersReserved] = Decider(
    "order-numbers", Reserved(FIRST_NUMBER), decide, evolve
)


def numbers_history(dealer: str) -> History[Reserved, OrderNumbersReserved]:
    stream = f"order-numbers/{dealer}"
    return History(Stream(stream, stream), NUMBERS_DECIDER)
