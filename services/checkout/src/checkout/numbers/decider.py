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
class NumberSequence:
    """Every number below `next` is reserved."""

    next: int


def decide(command: ReserveNumbers, state: NumberSequence) -> Sequence[OrderNumbersReserved]:
    return [OrderNumbersReserved(dealer=command.dealer, first=state.next, count=BLOCK_SIZE)]


def evolve(state: NumberSequence, event: OrderNumbersReserved) -> NumberSequence:
    return NumberSequence(max(state.next, event.first + event.count))


NUMBERS_DECIDER: Decider[ReserveNumbers, NumberSequence, OrderNumbersReserved] = Decider(
    "order-numbers", NumberSequence(FIRST_NUMBER), decide, evolve
)


def numbers_history(dealer: str) -> History[NumberSequence, OrderNumbersReserved]:
    stream = f"order-numbers/{dealer}"
    return History(Stream(stream, stream), NUMBERS_DECIDER)
