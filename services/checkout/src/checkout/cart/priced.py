"""The whole cart with its price, as every request about it is answered."""

from dataclasses import dataclass, replace
from datetime import datetime

from checkout.access import may
from checkout.cart.decider import Cart
from checkout.cart.ordering import as_wanted
from checkout.order.cart import Cart as WantedCart
from checkout.peer.ports import Prices
from checkout.pricing.quote import Quotes, QuoteView
from zugabe_events.contracts.checkout import CartItem, ChosenGift
from zugabe_events.domain.errors import RefusedError, ThrottledError, UnavailableError
from zugabe_events.encryption.personal_data import People
from zugabe_events.encryption.sealed_text import WithheldReason, person_of, shown_as
from zugabe_events.http.request_context import RequestContext, tokens_of


@dataclass(frozen=True, slots=True)
class CartProblem:
    """An obstacle to ordering the cart; `number` counts its lines from 1, if it is a line's."""

    code: str
    detail: str
    number: int | None = None
    article: str | None = None


@dataclass(frozen=True, slots=True)
class CartView:
    """`priced` is the price of all lines without a problem; None if the cart has none at all."""

    cart_id: str
    version: int
    customer: str
    user: str
    changed_at: datetime
    lines: tuple[CartItem, ...]
    codes: tuple[str, ...]
    reward_id: str
    gifts: tuple[ChosenGift, ...]
    removed_gifts: tuple[str, ...]
    note: str
    problems: tuple[CartProblem, ...]
    priced: QuoteView | None


class PricedCarts:
    """Answers with one query of the catalogue, one check of codes, and one of points."""

    def __init__(self, prices: Prices, quotes: Quotes, people: People) -> None:
        self._prices = prices
        self._quotes = quotes
        self._people = people

    async def view(
        self, cart: Cart, request: RequestContext, added_before: tuple[ChosenGift, ...] = ()
    ) -> CartView:
        """Raises UnavailableError, after which a repeated request is answered."""
        owner, content = cart.owner, cart.content
        wanted = as_wanted(cart, request.context.at, added_before)
        priced, problems = await self._priced(wanted, request)
        return CartView(
            cart_id=owner.order_id,
            version=cart.version,
            customer=owner.customer,
            user=owner.user,
            changed_at=cart.changed_at,
            lines=content.lines,
            codes=content.codes,
            reward_id=content.reward_id,
            gifts=content.gifts,
            removed_gifts=content.removed_gifts,
            note=await self._note(cart, request),
            problems=tuple(problems),
            priced=priced,
        )

    async def _note(self, cart: Cart, request: RequestContext) -> str:
        """As the caller may see it, like the name of an orderer."""
        sealed, owner = cart.content.note, cart.owner
        if not sealed:
            return ""
        if not may(request, "see-orderers"):
            return WithheldReason.HIDDEN
        plain = await self._people.open([sealed])
        return shown_as(person_of(owner.dealer, owner.user), "note", sealed, plain)

    async def _priced(
        self, wanted: WantedCart, request: RequestContext
    ) -> tuple[QuoteView | None, list[CartProblem]]:
        after = tokens_of(request.token_headers)
        await request.catch_up(self._prices)
        try:
            goods = await self._prices.goods(wanted.buyer, wanted.wanted, (), in_part=True)
            problems = [
                CartProblem(reason.code, reason.detail, reason.number, reason.article)
                for reason in goods.refused
            ]
            try:
                return await self._quotes.quote_goods(wanted, goods, after), problems
            except ThrottledError as refusal:
                problems.append(CartProblem(refusal.code, refusal.detail))
                without_codes = replace(wanted, codes=())
                return await self._quotes.quote_goods(without_codes, goods, after), problems
        except UnavailableError:
            raise
        except RefusedError as refusal:
            return None, [CartProblem(refusal.code, refusal.detail)]
