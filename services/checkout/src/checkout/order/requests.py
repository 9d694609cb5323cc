"""The carts that requests ask for: whose they are, and who may say what about them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from checkout.access import BUYING_FOR_THEMSELVES, may
from checkout.gift.choice import GiftWish
from checkout.order.bodies import CartBody, OrderBody, Ordering, PastOrderBody, Wishes
from checkout.order.cart import Cart
from checkout.peer.ports import Buyer
from checkout.pricing.goods import CartLine, WantedLine
from checkout.pricing.promise import promise_in
from zugabe_events.contracts.checkout import ChosenGift, Delivery, Person
from zugabe_events.domain.errors import ForbiddenError, InvalidError
from zugabe_events.domain.mail import Title, addressed
from zugabe_events.encryption.personal_data import People
from zugabe_events.encryption.sealed_text import person_of
from zugabe_events.http.request_context import RequestContext


async def cart_to_order(
    order_id: str,
    body: OrderBody | PastOrderBody,
    request: RequestContext,
    people: People,
    on_server: Cart | None = None,
) -> Cart:
    """A cart whose orderer and note are sealed: from here on only the user id is readable.

    `on_server` is the one that the body names, if it does.
    """
    cart = on_server or cart_of(order_id, body, request)
    orderer, note = await sealed(body, cart, request, people)
    return replace(
        cart,
        without_refused=body.if_refused == "order-without",
        orderer=orderer,
        note=note,
        promise=promise_in(body.quote) if isinstance(body, OrderBody) and body.quote else None,
    )


def cart_of(order_id: str, body: CartBody, request: RequestContext) -> Cart:
    """The order of a body whose caller may ask for it. `order_id` is "" for a cart without one."""
    buyer = buyer_of(body, request)
    lines, wanted = lines_of(body, request)
    cart = Cart(
        order_id=order_id,
        buyer=buyer,
        lines=lines,
        wanted=wanted,
        codes=body.codes,
        reward_id=body.reward_id,
        imported=body.placed_at is not None,
        taxes={number: line.tax for number, line in enumerate(body.lines, start=1) if line.tax},
    )
    return with_wishes(cart, body) if isinstance(body, Wishes) else cart


def with_wishes(cart: Cart, body: Wishes) -> Cart:
    chosen = tuple(ChosenGift(gift.gift, gift.pieces) for gift in body.gifts if gift.pieces)
    delivery = Delivery(body.delivery.country, body.delivery.address)
    return replace(cart, gifts=GiftWish(chosen, frozenset(body.removed_gifts)), delivery=delivery)


def lines_of(
    body: CartBody, request: RequestContext
) -> tuple[tuple[CartLine, ...], tuple[WantedLine, ...]]:
    """The lines at prices of the caller, or those that the catalogue prices (Q34, S1)."""
    if not any(line.brings for line in body.lines):
        return (), tuple(WantedLine(line.article, line.quantity) for line in body.lines)
    is_import = body.placed_at is not None and may(request, "import-orders")
    if not is_import and not may(request, "set-prices"):
        raise ForbiddenError("Ihnen fehlt das Recht, Preise vorzugeben.", right="set-prices")
    return tuple(line.at_own_price() for line in body.lines), ()


def buyer_of(body: CartBody, request: RequestContext) -> Buyer:
    user, customer = named_buyer(body.user, body.customer, request)
    return Buyer(request.context.tenant, customer, user, placed_at(body, request))


def named_buyer(user: str | None, customer: str | None, request: RequestContext) -> tuple[str, str]:
    """The user who buys, and their customer: who asks, or whom staff and services name."""
    if request.principal.role in BUYING_FOR_THEMSELVES:
        own = request.principal.subject, request.principal.customer
        if (user or own[0], customer or own[1]) != own:
            raise ForbiddenError("Sie können nur für sich selbst bestellen.")
        user, customer = own
    if user is None or customer is None:
        raise InvalidError("Benutzer oder Kunde fehlt.", code="buyer-missing")
    return user, customer


def placed_at(body: CartBody, request: RequestContext) -> datetime:
    """Now, or the past for an import (X-30)."""
    now = request.context.at
    if body.placed_at is None:
        return now
    if not may(request, "import-orders"):
        raise ForbiddenError(
            "Ihnen fehlt das Recht, Bestellungen zu importieren.", right="import-orders"
        )
    if body.placed_at >= now:
        raise InvalidError("Das Bestelldatum muss vergangen sein.", code="placed-at-not-past")
    return body.placed_at


def orderer_of(body: Ordering, request: RequestContext) -> Mapping[str, str]:
    """Name, e-mail address and salutation; empty if they are unknown."""
    caller = request.principal
    if caller.role in BUYING_FOR_THEMSELVES:
        if body.orderer is not None:
            raise ForbiddenError("Name und E-Mail-Adresse des Bestellers kommen aus der Anmeldung.")
        if not caller.name or not caller.email:
            return {}
        return texts_about(caller.name, caller.email, caller.title, caller.family_name)
    orderer = body.orderer
    if orderer is None:
        return {}
    return texts_about(orderer.name, orderer.email, orderer.title, orderer.family_name)


def texts_about(
    name: str, email: str, title: Title | None, family_name: str | None
) -> Mapping[str, str]:
    salutation = addressed(title, family_name or name)
    return {"name": name, "email": email, "salutation": salutation}


async def sealed(
    body: OrderBody | PastOrderBody, cart: Cart, request: RequestContext, people: People
) -> tuple[Person | None, str | None]:
    """Orderer and note, if there are any. An erased user orders without both."""
    texts, buyer = dict(orderer_of(body, request)), cart.buyer
    if isinstance(body, OrderBody) and body.note:
        texts["note"] = body.note
    if not texts and cart.note is None:
        return None, None
    person = person_of(buyer.dealer, buyer.user)
    found = await people.seal(person, "receipt", buyer.placed_at, **texts)
    if found is None:
        return None, None
    is_named = "name" in found
    named = Person(found["name"], found["email"], found["salutation"]) if is_named else None
    return named, found.get("note", cart.note)
