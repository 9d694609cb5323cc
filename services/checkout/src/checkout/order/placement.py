"""Place orders: price the cart, ask for holds, and order unless the stream has moved on.

An order that needs approval is submitted instead. A crash at any point leaves either, or an attempt
that checkout's own timer lets lapse.
"""

from dataclasses import replace
from datetime import timedelta

from msgspec.structs import replace as with_fields

from checkout.approval.conversion import submitted
from checkout.approval.gate import ApprovalGate
from checkout.approval.trial import Trial
from checkout.cart.refusals import CartStaleError
from checkout.gift.refusals import GiftNotOfferedError
from checkout.numbers.allocator import OrderNumbers
from checkout.order.attempts import Attempts
from checkout.order.decider import AttemptOverError, PlaceWithHolds, PlaceWithoutHolds
from checkout.order.holding import Holding, Refused
from checkout.order.place_request import Request, changing
from checkout.peer.ports import Attempt, Bonus, HoldRefusedError, Prices, Vouchers
from checkout.pricing.changes import QuoteChangedError
from checkout.pricing.discounts import Discounts
from checkout.pricing.goods import Goods
from checkout.pricing.price import NO_DISCOUNTS
from checkout.pricing.quote import Quotes
from checkout.pricing.shipping import CountryNotServedError
from checkout.pricing.vat_rates import VatRates
from zugabe_events.contracts.checkout import HoldsAsked, OrderPlaced, OrderSubmitted, Refusal
from zugabe_events.domain.errors import RefusedError, StaleError
from zugabe_events.domain.event_store import EventStore
from zugabe_events.eventstore.command_handler import CommandResult

MAX_ROUNDS = 12
"""Rounds of a request: each of up to six offers may be refused in one of its own."""

NOT_AS_WANTED = (
    CartStaleError,
    CountryNotServedError,
    GiftNotOfferedError,
    QuoteChangedError,
)
"""Faults of a cart that no holds can mend: whatever is held for it is released."""


class PlaceOrder:
    """Turns carts into orders."""

    def __init__(
        self,
        store: EventStore,
        numbers: OrderNumbers,
        prices: Prices,
        vouchers: Vouchers,
        bonus: Bonus,
        vat_rates: VatRates,
        gate: ApprovalGate,
        hold_for: timedelta,
    ) -> None:
        self._attempts = Attempts(store, hold_for)
        self._holding = Holding(vouchers, bonus)
        self._numbers = numbers
        self._prices = prices
        self._vat_rates = vat_rates
        self._gate = gate
        self._quotes = Quotes(prices, vouchers, bonus, vat_rates)
        self._trial = Trial(vouchers, bonus, vat_rates)

    async def place(self, request: Request) -> CommandResult:
        """The commit with the order or submission, made now or when the request first came.

        Raises QuoteChangedError with a new quote, and all else that is against ordering.
        """
        cart = request.cart
        try:
            goods = await self._prices.goods(
                cart.buyer, cart.wanted, cart.lines, past=cart.imported
            )
        except RefusedError:
            if (placed := await self._attempts.placed(request)) is not None:
                return placed
            raise
        request = replace(request, waiting=await self._gate.waiting(request, goods))
        try:
            if request.change is not None:
                await self._trial.check(cart, goods, request.after)
            return await self._order_at(request, goods)
        except NOT_AS_WANTED as refusal:
            if (placed := await self._attempts.placed(request)) is not None:
                return placed
            if isinstance(refusal, QuoteChangedError):
                refusal.add_quote(await self._quotes.quote(cart, request.after))
            raise

    async def _order_at(self, request: Request, goods: Goods) -> CommandResult:
        """Order at the prices and rules of the instant at which the request came."""
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

    async def _order_held(self, request: Request, goods: Goods, asked: HoldsAsked) -> CommandResult:
        """Raises AttemptOverError when the cart has to be priced again."""
        until = (
            max(asked.deadline, request.waiting.expires_at) if request.waiting else asked.deadline
        )
        quoted = request.cart.quoted
        attempt = Attempt(asked.order_id, asked.attempt, until, request.after, quoted)
        held = await self._holding.hold(request.cart.buyer, asked, attempt, goods.lines)
        try:
            match held:
                case Discounts():
                    return await self._order_all(request, goods, asked, held)
                case Refused() if not request.cart.without_refused:
                    raise held.error
                case Refused(codes=(), reward_id=None):
                    refused = (*asked.refused, held.refusal)
                    because = held.refusal.code
                    return await self._order_plain(request, goods, refused, because, asked.attempt)
                case Refused():
                    await self._attempts.ask_for_rest(request, goods, asked, held)
                    raise AttemptOverError
        except (HoldRefusedError, *NOT_AS_WANTED) as refusal:
            await self._attempts.take_off(request, asked, refusal)
            raise

    async def _order_all(
        self, request: Request, goods: Goods, asked: HoldsAsked, held: Discounts
    ) -> CommandResult:
        cart = request.cart
        order = cart.order(goods, held, self._vat_rates, asked.attempt, asked.refused)
        return await self._order(request, PlaceWithHolds(order, cart.cart_version))

    async def _order_plain(
        self,
        request: Request,
        goods: Goods,
        refused: tuple[Refusal, ...],
        because: str,
        instead_of: int | None = None,
    ) -> CommandResult:
        cart = request.cart
        order = cart.order(goods, NO_DISCOUNTS, self._vat_rates, 1, refused)
        command = PlaceWithoutHolds(order, because, instead_of, cart.cart_version, request.change)
        return await self._order(request, command)

    async def _order(
        self, request: Request, command: PlaceWithHolds | PlaceWithoutHolds
    ) -> CommandResult:
        """Record the order, with a number or submitted."""
        new = isinstance(command, PlaceWithoutHolds) and command.cart_version is None

        async def record(order: OrderPlaced | OrderSubmitted) -> CommandResult:
            recorded = replace(command, order=order)
            return await self._attempts.handle(request, recorded, "place", new=new)

        order, approvals = command.order, request.approvals
        if (waiting := request.waiting) is not None:
            return await record(submitted(order, waiting.needs, waiting.expires_at, approvals))
        return await self._numbers.use(
            request.context,
            lambda number: record(with_fields(order, order_number=number, approvals=approvals)),
        )
