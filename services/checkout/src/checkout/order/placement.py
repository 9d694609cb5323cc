"""Place orders: price the cart, ask for holds, and order unless the stream has moved on.

An order that needs approval is submitted instead. A crash at any point leaves either, or an attempt
that checkout's own timer lets lapse.
"""

from dataclasses import replace
from datetime import timedelta

from msgspec.structs import replace as with_number

from checkout.approval.conversion import submitted
from checkout.approval.gate import ApprovalGate
from checkout.cart.refusals import CartStaleError
from checkout.numbers.allocator import OrderNumbers
from checkout.order.attempts import Attempts
from checkout.order.cart import Cart
from checkout.order.decider import AttemptOverError, PlaceWithHolds, PlaceWithoutHolds
from checkout.order.holding import Held, Holding, Refused
from checkout.order.place_request import Request, changing
from checkout.peer.ports import Attempt, Bonus, Prices, Vouchers
from checkout.pricing.goods import Goods
from zugabe_events.contracts.checkout import (
    HoldsAsked,
    OrderPlaced,
    Refusal,
    RewardApplied,
    VoucherApplied,
)
from zugabe_events.domain.errors import RefusedError, StaleError, UnavailableError
from zugabe_events.domain.event_store import EventStore
from zugabe_events.eventstore.command_handler import CommandResult

MAX_ROUNDS = 12
"""Rounds of a request: each of up to six offers may be refused in one of its own."""


class PlaceOrder:
    """Turns carts into orders."""

    def __init__(
        self,
        store: EventStore,
        numbers: OrderNumbers,
        prices: Prices,
        vouchers: Vouchers,
        bonus: Bonus,
        gate: ApprovalGate,
        hold_for: timedelta,
    ) -> None:
        self._attempts = Attempts(store, hold_for)
        self._holding = Holding(vouchers, bonus)
        self._numbers = numbers
        self._prices = prices
        self._gate = gate

    async def place(self, request: Request) -> CommandResult:
        """The commit with the order or submission, made now or when the request first came."""
        try:
            goods = await self._goods(request.cart)
        except RefusedError:
            if (placed := await self._attempts.placed(request)) is not None:
                return placed
            raise
        request = replace(request, waiting=await self._gate.waiting(request, goods))
        if not request.cart.wants_holds:
            return await self._order_plain(request, goods, (), because="cart-changed")
        spent = 0
        for _ in range(MAX_ROUNDS):
            try:
                running = await self._attempts.running(request, goods, spent)
                if isinstance(running, CommandResult):
                    return running
                spent = running.attempt
                return await self._order_held(request, goods, running)
            except (AttemptOverError, StaleError):
                continue
        raise changing()

    async def _goods(self, cart: Cart) -> Goods:
        """The prices and rules of the instant at which this request wants to order."""
        return await self._prices.goods(cart.buyer, cart.wanted, cart.lines, past=cart.imported)

    async def _order_held(self, request: Request, goods: Goods, asked: HoldsAsked) -> CommandResult:
        """Raises AttemptOverError when the cart has to be priced again."""
        until = (
            max(asked.deadline, request.waiting.expires_at) if request.waiting else asked.deadline
        )
        attempt = Attempt(asked.order_id, asked.attempt, until, request.after)
        match await self._holding.hold(request.cart.buyer, asked, attempt, goods.lines):
            case Held(vouchers, reward):
                return await self._order_all(request, goods, asked, vouchers, reward)
            case Refused() as refused if not request.cart.without_refused:
                await self._attempts.take_off(request, asked, refused.error)
                raise refused.error
            case Refused(codes=(), reward_id=None) as refused:
                all_refused = (*asked.refused, refused.refusal)
                because = refused.error.code
                return await self._order_plain(request, goods, all_refused, because, asked.attempt)
            case Refused() as refused:
                await self._attempts.ask_for_rest(request, goods, asked, refused)
                raise AttemptOverError

    async def _order_all(
        self,
        request: Request,
        goods: Goods,
        asked: HoldsAsked,
        vouchers: tuple[VoucherApplied, ...],
        reward: RewardApplied | None,
    ) -> CommandResult:
        cart = request.cart
        order = cart.order(goods, asked.attempt, asked.refused, vouchers, reward)
        try:
            return await self._order(request, PlaceWithHolds(order, cart.cart_version))
        except CartStaleError as stale:
            await self._attempts.take_off(request, asked, stale)
            raise

    async def _order_plain(
        self,
        request: Request,
        goods: Goods,
        refused: tuple[Refusal, ...],
        because: str,
        instead_of: int | None = None,
    ) -> CommandResult:
        cart = request.cart
        order = cart.order(goods, 1, refused)
        command = PlaceWithoutHolds(order, because, instead_of, cart.cart_version)
        return await self._order(request, command)

    async def _order(
        self, request: Request, command: PlaceWithHolds | PlaceWithoutHolds
    ) -> CommandResult:
        """Record the order: submitted, or with a number, which is given back if it is not used."""
        new = isinstance(command, PlaceWithoutHolds) and command.cart_version is None
        if (waiting := request.waiting) is not None:
            order = submitted(command.order, waiting.needs, waiting.expires_at)
            return await self._attempts.handle(
                request, replace(command, order=order), "place", new=new
            )
        dealer = request.cart.buyer.dealer
        number = await self._numbers.next(dealer, request.context)
        numbered = replace(command, order=with_number(command.order, order_number=number))
        try:
            handled = await self._attempts.handle(request, numbered, "place", new=new)
        except UnavailableError:
            raise  # the order may have been recorded
        except RefusedError:
            self._numbers.give_back(dealer, number)
            raise
        placed = handled.of(OrderPlaced)
        if placed is not None and placed.order_number != number:
            self._numbers.give_back(dealer, number)
        return handled
