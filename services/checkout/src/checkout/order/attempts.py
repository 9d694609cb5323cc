"""Attempts of a checkout: the one that a request continues, or a new one that ends the last."""

from datetime import datetime, timedelta
from typing import Any

from checkout.approval.submission import make_way
from checkout.order.decider import AskHolds, AttemptOverError, Command, TakeOff, order_history
from checkout.order.holding import Refused
from checkout.order.place_request import CartChangedError, Request, changing, commit_id
from checkout.order.state import Asking, Order, last_attempt
from checkout.pricing.goods import Goods
from zugabe_events.contracts.checkout import HoldsAsked
from zugabe_events.domain.decider import History
from zugabe_events.domain.errors import RefusedError, UnavailableError
from zugabe_events.domain.event_store import EventStore
from zugabe_events.eventstore.command_handler import CommandResult, answer, handle


class Attempts:
    """Steps of requests in the streams of their checkouts. Attempts lapse after `hold_for`."""

    def __init__(self, store: EventStore, hold_for: timedelta) -> None:
        self._store = store
        self._hold_for = hold_for

    async def placed(self, request: Request) -> CommandResult | None:
        """The order that this request has placed before, at the prices of that time."""
        history = order_history(request.cart.buyer.dealer, request.cart.order_id)
        [loaded] = await self._store.load([history], [commit_id(request.step("place"), history)])
        return answer([loaded.earlier], request.body) if loaded.earlier else None

    async def running(
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
        _, free = make_way(request.change, loaded.state)
        attempt = last_attempt(free, user) + 1
        handled = await self._open(request, goods, attempt, because)
        opening = handled.of(HoldsAsked)  # by this request, or by its twin in another process
        if opening is None:
            raise AttemptOverError
        return opening

    async def ask_for_rest(
        self, request: Request, goods: Goods, asked: HoldsAsked, refused: Refused
    ) -> None:
        """A new attempt without what was refused; an attempt is never ordered in part."""
        rest = request.cart.holds(
            goods,
            asked.attempt + 1,
            self._deadline(request),
            codes=refused.codes,
            reward_id=refused.reward_id,
            refused=(*asked.refused, refused.refusal),
        )
        await self._ask(request, rest, refused.refusal.code)

    async def take_off(
        self, request: Request, asked: HoldsAsked, because: RefusedError
    ) -> CommandResult:
        command = TakeOff(asked.attempt, because.code)
        return await self.handle(request, command, "take-off", str(asked.attempt))

    async def handle(
        self, request: Request, command: Command, *step: str, new: bool = False
    ) -> CommandResult:
        buyer = request.cart.buyer
        history = order_history(buyer.dealer, request.cart.order_id, buyer.user)
        attempt, body = request.step(*step), request.body
        return await handle(
            self._store, history, command, request.context, attempt=attempt, body=body, new=new
        )

    async def _open_new(
        self, request: Request, goods: Goods, history: History[Order, Any]
    ) -> HoldsAsked | None:
        """Open the first attempt of a checkout without a load; None if the checkout is not new."""
        cached = self._store.load_cached([history], new=True)
        if cached is None or cached[0].version:
            return None
        try:
            handled = await self._open(request, goods, 1, "cart-changed")
        except UnavailableError:
            raise
        except RefusedError:
            return None
        return None if handled.repeated else handled.of(HoldsAsked)

    async def _open(
        self, request: Request, goods: Goods, attempt: int, because: str
    ) -> CommandResult:
        """Ask for all that the cart wants."""
        cart, deadline = request.cart, self._deadline(request)
        holds = cart.holds(goods, attempt, deadline, codes=cart.codes, reward_id=cart.reward_id)
        return await self._ask(request, holds, because)

    async def _ask(self, request: Request, asked: HoldsAsked, because: str) -> CommandResult:
        step = ("ask", str(asked.attempt))
        command = AskHolds(asked, because, request.cart.cart_version, request.change)
        return await self.handle(request, command, *step, new=asked.attempt == 1)

    def _deadline(self, request: Request) -> datetime:
        return request.context.at + self._hold_for

    async def _refuse_other_body(self, request: Request, attempt: int) -> None:
        """Raises KeyReusedError when this key opened the attempt for another body."""
        history = order_history(request.cart.buyer.dealer, request.cart.order_id)
        asking = commit_id(request.step("ask", str(attempt)), history)
        [loaded] = await self._store.load([history], [asking])
        if loaded.earlier is not None:
            answer([loaded.earlier], request.body)
