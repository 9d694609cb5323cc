"""Order numbers from blocks that belong to this process alone."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from uuid import UUID

from checkout.numbers.decider import ReserveNumbers, numbers_history
from zugabe_events.contracts.checkout import OrderNumbersReserved, OrderPlaced
from zugabe_events.domain.errors import RefusedError, UnavailableError
from zugabe_events.domain.event import Context
from zugabe_events.domain.event_store import EventStore
from zugabe_events.eventstore.command_handler import CommandResult, handle


class OrderNumbers:
    """Allocates numbers without duplicates but with gaps: a process that ends loses its block."""

    def __init__(self, store: EventStore, new_id: Callable[[], UUID]) -> None:
        self._store = store
        self._new_id = new_id
        self._left: dict[str, Iterator[int]] = {}
        self._returned: defaultdict[str, list[int]] = defaultdict(list)
        self._reserving: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def use(
        self, context: Context, record: Callable[[str], Awaitable[CommandResult]]
    ) -> CommandResult:
        """Record an order under the tenant's next number, which is given back if it is not used."""
        dealer = context.tenant
        number = await self.next(dealer, context)
        try:
            handled = await record(number)
        except UnavailableError:
            raise  # the order may have been recorded
        except RefusedError:
            self.give_back(dealer, number)
            raise
        placed = handled.of(OrderPlaced)
        if placed is not None and placed.order_number != number:
            self.give_back(dealer, number)
        return handled

    async def next(self, dealer: str, context: Context) -> str:
        number = self._of_block(dealer)
        if number is None:
            async with self._reserving[dealer]:
                while (number := self._of_block(dealer)) is None:
                    await self._reserve(dealer, context)
        return str(number)

    def give_back(self, dealer: str, number: str) -> None:
        """Only a number that certainly no order has."""
        self._returned[dealer].append(int(number))

    def _of_block(self, dealer: str) -> int | None:
        if returned := self._returned[dealer]:
            return returned.pop()
        return next(self._left.get(dealer, iter(())), None)

    async def _reserve(self, dealer: str, context: Context) -> None:
        """For this process: the request that happens to need a block is not bound to its key."""
        command, context = ReserveNumbers(dealer), replace(context, claim=None)
        handled = await handle(
            self._store, numbers_history(dealer), command, context, attempt=self._new_id()
        )
        block = handled.of(OrderNumbersReserved)
        if block is not None:
            self._left[dealer] = iter(range(block.first, block.first + block.count))
