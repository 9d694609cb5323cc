"""Request bodies of quotes and orders, and the carts made of them."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from checkout.access import BUYING_FOR_THEMSELVES, may
from checkout.order.cart import Cart
from checkout.order.goods import MAX_GOODS_CENTS, CartLine, WantedLine
from checkout.order.ports import Buyer
from zugabe_events.contracts.checkout import Person
from zugabe_events.domain.errors import ForbiddenError, InvalidError
from zugabe_events.encryption.personal_data import People
from zugabe_events.encryption.sealed_text import person_of
from zugabe_events.http.fields import ArticleNumber, Body, Id, Instant, Text, at_most
from zugabe_events.http.request_context import RequestContext

MAX_LINES = 1_000
MAX_IMPORTED_ORDERS = 500
MAX_IMPORTED_LINES = 5_000
"""Lines of all orders of an import together."""

Label = Annotated[str, StringConstraints(max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""A thousand lines have to fit into one event."""

Code = Annotated[
    str, StringConstraints(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]*$")
]
"""As it was typed; only `vouchers` normalises it (X-9)."""

Email = Annotated[str, StringConstraints(max_length=254, pattern=r"^[^\s\x00-\x1f\x7f@]+@[\w.-]+$")]


UnitCents = Annotated[int, Field(strict=True, ge=0, le=10**9)]


class LineBody(Body):
    """Price, brand and product group come from the catalogue.

    Callers with the right `set-prices` may bring all three of their own, in every line or in none.
    """

    article: ArticleNumber
    product_group: Label | None = None
    brand: Label | None = None
    quantity: Annotated[int, Field(strict=True, ge=1, le=100_000)]
    unit_cents: UnitCents | None = None

    @property
    def brings(self) -> bool:
        """Whether it says anything that only some may say."""
        return (self.product_group, self.brand, self.unit_cents) != (None, None, None)

    def at_own_price(self) -> CartLine:
        if self.product_group is None or self.brand is None or self.unit_cents is None:
            raise InvalidError(
                "Preise geben Sie entweder für alle Positionen vor oder für keine, jeweils mit "
                "Preis, Marke und Warengruppe.",
                code="prices-mixed",
            )
        return CartLine(
            self.article, self.product_group, self.brand, self.quantity, self.unit_cents
        )


class PricedLineBody(LineBody):
    """A line with price, brand and product group of the caller."""

    product_group: Label
    brand: Label
    unit_cents: UnitCents


class CartBody(Body):
    """Users buy for themselves: their token names user and customer."""

    user: Id | None = None
    customer: Id | None = None
    lines: Annotated[
        tuple[LineBody, ...], Field(min_length=1, max_length=MAX_LINES), at_most(MAX_LINES)
    ]
    voucher_code: Code | None = None
    reward_id: Id | None = None
    placed_at: Instant | None = None

    @model_validator(mode="after")
    def of_a_sane_size(self) -> Self:
        if sum(line.quantity * (line.unit_cents or 0) for line in self.lines) > MAX_GOODS_CENTS:
            raise PydanticCustomError("goods", "Der Warenwert ist zu groß.")
        return self


class QuoteBody(CartBody):
    """`order_id` is the checkout that the cart belongs to, whose own holds are ignored."""

    order_id: Id | None = None


class Orderer(Body):
    name: Text
    email: Email


class OrderBody(CartBody):
    if_refused: Literal["refuse", "order-without"] = "refuse"
    orderer: Orderer | None = None


class PastOrderBody(OrderBody):
    """An order of the past, with an id and prices that its system gave it."""

    lines: Annotated[
        tuple[PricedLineBody, ...], Field(min_length=1, max_length=MAX_LINES), at_most(MAX_LINES)
    ]
    order_id: Id
    user: Id
    customer: Id
    placed_at: Instant


def within_most_lines(orders: object) -> object:
    """Count before anything is validated: the errors of many bad lines would fill the memory."""
    if isinstance(orders, list):
        of_orders = (order.get("lines") for order in orders if isinstance(order, dict))
        lines = sum(len(lines) for lines in of_orders if isinstance(lines, list))
        if lines > MAX_IMPORTED_LINES:
            raise PydanticCustomError(
                "lines",
                "Zu viele Positionen in einer Sendung, höchstens {most}.",
                {"most": MAX_IMPORTED_LINES},
            )
    return orders


class ImportBody(Body):
    """Orders of the past, in any order; those of one user are placed by `placed_at`."""

    orders: Annotated[
        tuple[PastOrderBody, ...],
        Field(min_length=1, max_length=MAX_IMPORTED_ORDERS),
        BeforeValidator(within_most_lines),
        at_most(MAX_IMPORTED_ORDERS),
    ]


class Cancellation(Body):
    reason: Text


async def cart_to_order(
    order_id: str, body: OrderBody, request: RequestContext, people: People
) -> Cart:
    """A cart whose orderer is sealed: from here on only the user id is readable."""
    buyer = buyer_of(body, request)
    lines, wanted = lines_of(body, request)
    return Cart(
        order_id=order_id,
        buyer=buyer,
        lines=lines,
        wanted=wanted,
        voucher_code=body.voucher_code,
        reward_id=body.reward_id,
        imported=body.placed_at is not None,
        without_refused=body.if_refused == "order-without",
        orderer=await sealed_orderer(orderer_of(body, request), buyer, people),
    )


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
    user, customer = body.user, body.customer
    if request.principal.role in BUYING_FOR_THEMSELVES:
        own = request.principal.subject, request.principal.customer
        if (user or own[0], customer or own[1]) != own:
            raise ForbiddenError("Sie können nur für sich selbst bestellen.")
        user, customer = own
    if user is None or customer is None:
        raise InvalidError("Benutzer oder Kunde fehlt.", code="buyer-missing")
    return Buyer(request.context.tenant, customer, user, placed_at(body, request))


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


def orderer_of(body: OrderBody, request: RequestContext) -> tuple[str, str] | None:
    """Name and e-mail address."""
    caller = request.principal
    if caller.role in BUYING_FOR_THEMSELVES:
        if body.orderer is not None:
            raise ForbiddenError("Name und E-Mail-Adresse des Bestellers kommen aus der Anmeldung.")
        return (caller.name, caller.email) if caller.name and caller.email else None
    return (body.orderer.name, body.orderer.email) if body.orderer else None


async def sealed_orderer(
    orderer: tuple[str, str] | None, buyer: Buyer, people: People
) -> Person | None:
    """None also for an erased user, who orders without a name."""
    if orderer is None:
        return None
    name, email = orderer
    person = person_of(buyer.dealer, buyer.user)
    sealed = await people.seal(person, "receipt", buyer.placed_at, name=name, email=email)
    return Person(**sealed) if sealed else None
