"""Import past orders in batches: those of a user one after the other, many users concurrently."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from checkout.order.place_request import Request
from checkout.order.placement import PlaceOrder
from checkout.order.recorded import content_of, record_history
from checkout.order.state import AlreadyOrderedError
from zugabe_events.contracts.checkout import OrderPlaced, Refusal
from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.errors import Number, RefusedError, ThrottledError, UnavailableError
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.eventstore.command_handler import CommandResult

MAX_SECONDS = 20.0
"""Orders that have not begun by then are postponed, so that the caller gets an answer."""

MAX_CONCURRENT_HOLDING = 100
"""Orders with a voucher or reward that ask the other services at once."""


@dataclass(frozen=True, slots=True)
class ImportedOrder:
    """`there-already`: an earlier request placed it. `refused`: what it was placed without."""

    order_id: str
    status: Literal["placed", "there-already"]
    order_number: str
    net_cents: int
    refused: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderRefused:
    """Repeating it is in vain; `facts` are the numbers that apply (X-7)."""

    order_id: str
    status: Literal["refused"]
    code: str
    detail: str
    facts: dict[str, Number]


@dataclass(frozen=True, slots=True)
class OrderPostponed:
    """Not placed yet: the same order may be imported when it is repeated."""

    order_id: str
    status: Literal["postponed"]
    code: str
    detail: str


type ImportResult = ImportedOrder | OrderRefused | OrderPostponed


@dataclass(frozen=True, slots=True)
class PastOrder:
    """One order of a batch; `request` makes its request, or raises what is wrong with it."""

    order_id: str
    user: str
    placed_at: datetime
    request: Callable[[Sequence[Token]], Awaitable[Request]]


class ImportOrders:
    """Places past orders as single requests would, each once, however often it is repeated."""

    def __init__(
        self, store: EventStore, placement: PlaceOrder, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._store = store
        self._placement = placement
        self._clock = clock
        self._holding = asyncio.Semaphore(MAX_CONCURRENT_HOLDING)

    async def run(
        self,
        orders: Sequence[PastOrder],
        after: Sequence[Token],
        placed: Callable[[CommandResult], object],
    ) -> list[ImportResult]:
        """One result for each order, in their order.

        Holds see the effects of the events of `after`, and of the user's earlier orders. `placed`
        is called for each order that is in the log.
        """
        until = self._clock() + MAX_SECONDS
        by_user: dict[str, list[int]] = defaultdict(list)
        for index in sorted(range(len(orders)), key=lambda index: orders[index].placed_at):
            by_user[orders[index].user].append(index)
        results: dict[int, ImportResult] = {}

        async def import_user(indices: Sequence[int]) -> None:
            seen, postponed = after, False
            for index in indices:
                order = orders[index]
                if postponed:
                    results[index] = postponed_order(order, earlier_postponed())
                    continue
                result, token = await self._place(order, seen, until, placed)
                results[index] = result
                postponed = isinstance(result, OrderPostponed)
                seen = [token] if token else seen

        tasks = [asyncio.create_task(import_user(indices)) for indices in by_user.values()]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
        return [results[index] for index in range(len(orders))]

    async def _place(
        self,
        order: PastOrder,
        after: Sequence[Token],
        until: float,
        placed: Callable[[CommandResult], object],
    ) -> tuple[ImportResult, Token | None]:
        """The result, and the token of the order if it is in the log."""
        try:
            request = await order.request(after)
            handled = await self._in_time(request, until)
        except AlreadyOrderedError as error:
            return await self._there_already(request) or refused_order(order, error), None
        except (UnavailableError, ThrottledError) as error:
            return postponed_order(order, error), None
        except RefusedError as error:
            return refused_order(order, error), None
        placed(handled)
        return imported_order(handled), handled.token

    async def _in_time(self, request: Request, until: float) -> CommandResult:
        """Place an order unless it is too late to begin. Raises UnavailableError."""
        if not request.cart.wants_holds:
            self._refuse_late(until)
            return await self._placement.place(request)
        async with self._holding:
            self._refuse_late(until)
            return await self._placement.place(request)

    def _refuse_late(self, until: float) -> None:
        if self._clock() > until:
            raise UnavailableError(
                "Der Import hat zu lange gedauert. Bitte senden Sie den Rest erneut.",
                code="out-of-time",
            )

    async def _there_already(self, request: Request) -> ImportedOrder | None:
        """The order if another request has placed it; None if it is a different one."""
        cart = request.cart
        record = await state_of(self._store, record_history(cart.buyer.dealer, cart.order_id))
        order = record.order
        if order is None or order.content != content_of(cart):
            return None
        return ImportedOrder(
            cart.order_id, "there-already", order.order_number, order.net_cents, order.refused
        )


def imported_order(handled: CommandResult) -> ImportedOrder:
    placed = handled.of(OrderPlaced)
    assert placed is not None, "placement ends with an order"
    return ImportedOrder(
        placed.order_id,
        "there-already" if handled.repeated else "placed",
        placed.order_number,
        placed.net_cents,
        placed.refused,
    )


def refused_order(order: PastOrder, error: RefusedError) -> OrderRefused:
    return OrderRefused(order.order_id, "refused", error.code, error.detail, dict(error.facts))


def postponed_order(order: PastOrder, error: RefusedError) -> OrderPostponed:
    return OrderPostponed(order.order_id, "postponed", error.code, error.detail)


def earlier_postponed() -> UnavailableError:
    return UnavailableError(
        "Eine frühere Bestellung dieses Benutzers ist noch nicht importiert.",
        code="earlier-order-postponed",
    )
