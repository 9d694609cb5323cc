"""Place orders: price the cart, ask for holds, and order unless the stream has moved on.

A crash at any point leaves an order, or an attempt that checkout's own timer lets lapse.
"""

from datetime import timedelta
from typing import Any

from checkout.cart.refusals import CartStaleError
from checkout.numbers.allocator import OrderNumbers
from checkout.order.cart import Cart
from checkout.order.decider import (
    AskHolds,
    AttemptOverError,
    Command,
    PlaceWithHolds,
    PlaceWithoutHolds,
    TakeOff,
    order_history,
)
from checkout.order.place_request import CartChangedError, Request, changing, commit_id
from checkout.order.state import Asking, Order, last_attempt
from checkout.peer.ports import Attempt, Bonus, HoldRefusedError, Prices, Vouchers
from checkout.pricing.goods import Goods
from checkout.pricing.price import with_voucher
from zugabe_events.contracts.checkout import (
    HoldsAsked,
    OfferKind,
    Refusal,
    RewardApplied,
    VoucherApplied,
)
from zugabe_events.domain.decider import History
from zugabe_events.domain.errors import RefusedError, StaleError, UnavailableError
from zugabe_events.domain.event_store import EventStore
from zugabe_events.eventstore.command_handler import CommandResult, answer, handle

MAX_ROUNDS = 10


class PlaceOrder:
    """Turns carts into orders."""

    def __init__(
        self,
        store: EventStore,
        numbers: OrderNumbers,
        prices: Prices,
        vouchers: Vouchers,
        bonus: Bonus,
        hold_for: timedelta,
    ) -> None:
        self._store = store
        self._numbers = numbers
        self._prices = prices
        self._vouchers = vouchers
        self._bonus = bonus
        self._hold_for = hold_for

    async def place(self, request: Request) -> CommandResult:
        """The commit with the order, made now or when the request first came."""
        try:
            goods = await self._goods(request.cart)
        except RefusedError:
            if (placed := await self._placed(request)) is not None:
                return placed
            raise
        if not request.cart.wants_holds:
            return await self._order_plain(request, goods, (), because="cart-changed")
        spent = 0
        for _ in range(MAX_ROUNDS):
            try:
                running = await self._running(request, goods, spent)
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

    async def _placed(self, request: Request) -> CommandResult | None:
        """The order that this request has placed before, at the prices of that time."""
        history = order_history(request.cart.buyer.dealer, request.cart.order_id)
        [loaded] = await self._store.load([history], [commit_id(request.step("place"), history)])
        return answer([loaded.earlier], request.body) if loaded.earlier else None

    async def _running(
        self, request: Request, goods: Goods, spent: int
    ) -> HoldsAsked | CommandResult:
        """The attempt to continue; one of another cart or other prices, or a spent one, ends."""
        cart, user = request.cart, request.cart.buyer.user
        history = order_history(cart.buyer.dealer, cart.order_id, user)
        is_new = spent == 0 and cart.cart_version is None
        if is_new and (opened := await self._open_new(request, goods, history)):
            return opened
        [loaded] = await self._store.load([history], [commit_id(request.step("place"), history)])
        if loaded.earlier is not None:
            return answer([loaded.earlier], request.body)
        because = "cart-changed"
        match loaded.state:
            case Asking(asked) if asked.cart_hash != cart.hash:
                if 0 < spent < asked.attempt:
                    raise CartChangedError
                await self._refuse_other_body(request, asked.attempt)
            case Asking(asked) if asked.price_hash != goods.price_hash:
                if 0 < spent < asked.attempt:
                    raise changing()  # a repeat of this request took over, with later prices
                because = "prices-changed"
            case Asking(asked) if asked.attempt != spent and request.context.at < asked.deadline:
                return asked
            case Asking():
                because = "attempt-over"
        attempt = last_attempt(loaded.state, user) + 1
        handled = await self._ask(request, goods, attempt, because)
        opening = handled.of(HoldsAsked)  # by this request, or by its twin in another process
        if opening is None:
            raise AttemptOverError
        return opening

    async def _open_new(
        self, request: Request, goods: Goods, history: History[Order, Any]
    ) -> HoldsAsked | None:
        """Open the first attempt of a checkout without a load; None if the checkout is not new."""
        cached = self._store.load_cached([history], new=True)
        if cached is None or cached[0].version:
            return None
        try:
            handled = await self._ask(request, goods, 1, "cart-changed")
        except UnavailableError:
            raise
        except RefusedError:
            return None
        return None if handled.repeated else handled.of(HoldsAsked)

    async def _ask(
        self, request: Request, goods: Goods, attempt: int, because: str
    ) -> CommandResult:
        cart = request.cart
        holds = cart.holds(
            goods,
            attempt,
            request.context.at + self._hold_for,
            voucher_code=cart.voucher_code,
            reward_id=cart.reward_id,
        )
        step = ("ask", str(attempt))
        return await self._handle(
            request, AskHolds(holds, because, cart.cart_version), *step, new=attempt == 1
        )

    async def _refuse_other_body(self, request: Request, attempt: int) -> None:
        """Raises KeyReusedError when this key opened the attempt for another body."""
        history = order_history(request.cart.buyer.dealer, request.cart.order_id)
        asking = commit_id(request.step("ask", str(attempt)), history)
        [loaded] = await self._store.load([history], [asking])
        if loaded.earlier is not None:
            answer([loaded.earlier], request.body)

    async def _order_held(self, request: Request, goods: Goods, asked: HoldsAsked) -> CommandResult:
        """Raises AttemptOverError when the cart has to be priced again."""
        cart, buyer = request.cart, request.cart.buyer
        attempt = Attempt(asked.order_id, asked.attempt, asked.deadline, request.after)
        voucher: VoucherApplied | None = None
        reward: RewardApplied | None = None
        left: tuple[str | None, str | None] = None, asked.reward_id
        kind: OfferKind = "voucher"
        try:
            lines = goods.lines
            if asked.voucher_code is not None:
                voucher = await self._vouchers.hold(buyer, attempt, asked.voucher_code, lines)
            left, kind = (asked.voucher_code, None), "reward"
            if asked.reward_id is not None:
                lines = with_voucher(lines, voucher)
                reward = await self._bonus.hold(buyer, attempt, asked.reward_id, lines)
        except HoldRefusedError as refusal:
            if refusal.code == AttemptOverError.code:
                raise AttemptOverError from refusal
            if cart.without_refused:
                return await self._order_without(request, goods, asked, refusal, kind, *left)
            taken_off = TakeOff(asked.attempt, refusal.code)
            await self._handle(request, taken_off, "take-off", str(asked.attempt))
            raise
        number = await self._number(request)
        order = cart.order(goods, number, asked.attempt, asked.refused, voucher, reward)
        try:
            return await self._handle(request, PlaceWithHolds(order, cart.cart_version), "place")
        except CartStaleError as stale:
            taken_off = TakeOff(asked.attempt, stale.code)
            await self._handle(request, taken_off, "take-off", str(asked.attempt))
            raise

    async def _order_without(
        self,
        request: Request,
        goods: Goods,
        asked: HoldsAsked,
        refusal: HoldRefusedError,
        kind: OfferKind,
        voucher_code: str | None,
        reward_id: str | None,
    ) -> CommandResult:
        """Ask for the rest with a new attempt; an attempt is never placed in part."""
        refused_now = Refusal(refusal.offered, refusal.code, refusal.detail, kind)
        refused = (*asked.refused, refused_now)
        if voucher_code is None and reward_id is None:
            return await self._order_plain(request, goods, refused, refusal.code, asked.attempt)
        holds = request.cart.holds(
            goods,
            asked.attempt + 1,
            request.context.at + self._hold_for,
            voucher_code=voucher_code,
            reward_id=reward_id,
            refused=refused,
        )
        await self._handle(
            request,
            AskHolds(holds, refusal.code, request.cart.cart_version),
            "ask",
            str(holds.attempt),
        )
        raise AttemptOverError

    async def _order_plain(
        self,
        request: Request,
        goods: Goods,
        refused: tuple[Refusal, ...],
        because: str,
        instead_of: int | None = None,
    ) -> CommandResult:
        version = request.cart.cart_version
        order = request.cart.order(goods, await self._number(request), 1, refused)
        return await self._handle(
            request,
            PlaceWithoutHolds(order, because, instead_of, version),
            "place",
            new=version is None,
        )

    async def _number(self, request: Request) -> str:
        return await self._numbers.next(request.cart.buyer.dealer, request.context)

    async def _handle(
        self, request: Request, command: Command, *step: str, new: bool = False
    ) -> CommandResult:
        buyer = request.cart.buyer
        history = order_history(buyer.dealer, request.cart.order_id, buyer.user)
        attempt, body = request.step(*step), request.body
        return await handle(
            self._store, history, command, request.context, attempt=attempt, body=body, new=new
        )
