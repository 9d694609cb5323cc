"""Use cases of carts: find, open, change and join them."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from checkout.access import BUYING_FOR_THEMSELVES
from checkout.cart.bodies import AnonymousContent, ChangedCart, ContentBody, Joining, OpenedCart
from checkout.cart.content import Changes
from checkout.cart.decider import (
    Cart,
    CartState,
    ChangeCart,
    CloseCart,
    JoinCart,
    JoinedCart,
    NoCart,
    OpenCart,
    Owner,
    cart_history,
    decide,
    present,
)
from checkout.cart.holders import Holders, key_hash_of
from checkout.order.requests import named_buyer
from checkout.order.state import OrderEvent
from checkout.pricing.promise import promise_in
from checkout.quotas import Quotas
from zugabe_events.contracts.checkout import ChosenGift
from zugabe_events.domain.decider import History
from zugabe_events.domain.errors import InvalidError
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.encryption.personal_data import People
from zugabe_events.encryption.sealed_text import person_of
from zugabe_events.eventstore.command_handler import CommandResult, handle, handle_together
from zugabe_events.http.request_context import RequestContext

KEY_BYTES = 32

type CartHistory = History[CartState, OrderEvent]


@dataclass(frozen=True, slots=True)
class Answered:
    """The cart after a command; `key` is that of an anonymous one, which is told once.

    `added_before` are the gifts that the cart had before without a choice, if the request says so.
    """

    cart: Cart
    is_repeat: bool
    key: str = ""
    added_before: tuple[ChosenGift, ...] = ()


class Carts:
    """Commands answer without a token: whoever asks for a cart reads its stream."""

    def __init__(self, store: EventStore, people: People, holders: Holders, quotas: Quotas) -> None:
        self._store = store
        self._people = people
        self._holders = holders
        self._quotas = quotas

    async def get(self, cart_id: str, request: RequestContext, key: str | None) -> Cart:
        history = cart_history(request.context.tenant, cart_id)
        state = await state_of(self._store, history)
        await self._holders.check(state, request, key)
        return present(state, request.context.at)

    async def open(self, cart_id: str, body: OpenedCart, request: RequestContext) -> Answered:
        await self._quotas.count("carts", request)
        user, customer = named_buyer(body.user, body.customer, request)
        owner = Owner(cart_id, request.context.tenant, customer, user)
        command = OpenCart(owner, await self._changes(body, owner, "", request), request.context.at)
        history = cart_history(owner.dealer, cart_id, user)
        before = await state_of(self._store, history)
        if isinstance(before, NoCart) and request.principal.role in BUYING_FOR_THEMSELVES:
            await self._holders.count_opening(cart_id, request, user)
        handled = await handle(
            self._store,
            history,
            command,
            request.context,
            attempt=request.attempt("open-cart", cart_id),
            body=request.body,
            new=True,
        )
        return await self._after(history, handled, request)

    async def open_anonymous(
        self, cart_id: str, body: AnonymousContent, request: RequestContext
    ) -> Answered:
        """A lost answer is a lost cart: nobody else may learn its key by the same request."""
        key = secrets.token_urlsafe(KEY_BYTES)
        owner = Owner(cart_id, request.context.tenant, "", "", key_hash_of(key))
        history = cart_history(owner.dealer, cart_id)
        await self._holders.count_opening(cart_id, request)
        handled = await handle(
            self._store,
            history,
            OpenCart(owner, body.changes(), request.context.at),
            request.context,
            attempt=request.fresh,
            body=request.body,
            new=True,
        )
        return replace(await self._after(history, handled, request), key=key)

    async def change(
        self, cart_id: str, body: ChangedCart, request: RequestContext, key: str | None
    ) -> Answered:
        """A repeat of a change that was made is answered by the present cart."""
        await self._quotas.count("carts", request)
        history = cart_history(request.context.tenant, cart_id)
        shown = promise_in(body.quote).gifts if body.quote else ()
        cart = await self.get(cart_id, request, key)
        changes = await self._changes(body, cart.owner, cart.content.note, request)
        handled = await handle(
            self._store,
            history,
            ChangeCart(body.version, changes, request.context.at),
            request.context,
            attempt=request.attempt("change-cart", cart_id),
            body=request.body,
        )
        answered = await self._after(history, handled, request)
        if cart.content.gifts:
            return answered  # the buyer chose what was shown
        added = tuple(ChosenGift(gift.gift, gift.pieces) for gift in shown)
        return replace(answered, added_before=added)

    async def join(self, cart_id: str, body: Joining, request: RequestContext) -> Answered:
        """Add an anonymous cart to that of a user, once: both change in one transaction."""
        if body.anonymous_cart == cart_id:
            raise InvalidError("Ein Warenkorb kann nicht in sich selbst übernommen werden.")
        await self._quotas.count("carts", request)
        user, customer = named_buyer(body.user, body.customer, request)
        owner = Owner(cart_id, request.context.tenant, customer, user)
        history = cart_history(owner.dealer, cart_id, user)
        anonymous = cart_history(owner.dealer, body.anonymous_cart)
        added = await state_of(self._store, anonymous)
        await self._holders.check_key(added, request, body.key)

        def joined(states: Sequence[Any]) -> Sequence[Sequence[OrderEvent]]:
            mine, theirs = states
            if isinstance(theirs, JoinedCart) and theirs.joined_to == cart_id:
                return [], []
            added, at = present(theirs, request.context.at), request.context.at
            return decide(JoinCart(owner, added, at), mine), decide(CloseCart(cart_id, at), theirs)

        handled = await handle_together(
            self._store,
            [history, anonymous],
            joined,
            request.context,
            attempt=request.attempt("join-cart", cart_id),
            body=request.body,
        )
        return await self._after(history, handled, request)

    async def _after(
        self, history: CartHistory, handled: CommandResult, request: RequestContext
    ) -> Answered:
        """A state that this process has just written is not read again."""
        written = bool(handled.events) and not handled.repeated
        cached = self._store.load_cached([history]) if written else None
        state = cached[0].state if cached else await state_of(self._store, history)
        return Answered(present(state, request.context.at), handled.repeated)

    async def _changes(
        self, body: ContentBody, owner: Owner, sealed: str, request: RequestContext
    ) -> Changes:
        """With the note sealed for the cart's user, unless it is the one that is there."""
        changes = replace(body.changes(), reward_id=body.reward_id, note=body.note)
        if owner.is_anonymous and (body.reward_id or body.note):
            raise InvalidError(
                "Prämie und Bemerkung sind erst nach der Anmeldung möglich.", code="login-first"
            )
        if not body.note:
            return changes
        if sealed and (await self._people.open([sealed]))[sealed] == body.note:
            return replace(changes, note=None)
        person = person_of(owner.dealer, owner.user)
        texts = await self._people.seal(person, None, request.context.at, note=body.note)
        return replace(changes, note=texts["note"] if texts else "")
