"""Request bodies of quotes and orders."""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from checkout.cart.codes import distinct_codes
from checkout.pricing.goods import MAX_GOODS_CENTS, CartLine
from checkout.pricing.limits import MAX_CODES, MAX_GIFTS, MAX_LINES, MAX_QUANTITY
from checkout.pricing.promise import MAX_TOKEN_LENGTH
from zugabe_events.contracts.catalog_shops import TaxClass
from zugabe_events.domain.errors import InvalidError
from zugabe_events.domain.german_numbers import thousands
from zugabe_events.domain.mail import Title
from zugabe_events.http.fields import (
    ArticleNumber,
    Body,
    Email,
    Id,
    Instant,
    PersonName,
    Text,
    at_most,
)

MAX_IMPORTED_ORDERS = 500
MAX_IMPORTED_LINES = 5_000
"""Lines of all orders of an import together."""

Label = Annotated[str, StringConstraints(max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""A thousand lines have to fit into one event."""

Code = Annotated[str, StringConstraints(max_length=64, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""As it was typed; only `vouchers` normalises it (X-9). A blank one counts as left out."""


QuoteToken = Annotated[str, StringConstraints(max_length=MAX_TOKEN_LENGTH)]

Quantity = Annotated[int, Field(strict=True, ge=1, le=MAX_QUANTITY)]

UnitCents = Annotated[int, Field(strict=True, ge=0, le=10**9)]


class LineBody(Body):
    """Price, brand and product group come from the catalogue.

    Callers with the right `set-prices` may bring all three of their own, in every line or in none,
    and with them a tax class, by default `standard`.
    """

    article: ArticleNumber
    product_group: Label | None = None
    brand: Label | None = None
    quantity: Quantity
    unit_cents: UnitCents | None = None
    tax: TaxClass | None = None

    @property
    def brings(self) -> bool:
        """True if it has a field that only some callers may set."""
        own = (self.product_group, self.brand, self.unit_cents, self.tax)
        return own != (None, None, None, None)

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


class OffersBody(Body):
    """The vouchers and the reward that are to reduce a cart."""

    voucher_code: Code | None = None
    more_codes: Annotated[
        tuple[Code, ...], Field(max_length=MAX_CODES - 1), at_most(MAX_CODES - 1)
    ] = ()
    reward_id: Id | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        """In the order in which they were entered."""
        return distinct_codes([self.voucher_code or "", *self.more_codes])


class CartBody(OffersBody):
    """Users buy for themselves: their token names user and customer."""

    user: Id | None = None
    customer: Id | None = None
    lines: Annotated[
        tuple[LineBody, ...], Field(min_length=1, max_length=MAX_LINES), at_most(MAX_LINES)
    ]
    placed_at: Instant | None = None

    @model_validator(mode="after")
    def of_a_sane_size(self) -> Self:
        if sum(line.quantity * (line.unit_cents or 0) for line in self.lines) > MAX_GOODS_CENTS:
            raise PydanticCustomError("goods", "Der Warenwert ist zu groß.")
        return self


class GiftBody(Body):
    """A chosen gift; with 0 pieces it counts as not chosen."""

    gift: Id
    pieces: Annotated[int, Field(strict=True, ge=0, le=MAX_QUANTITY)]


class DeliveryBody(Body):
    """`address` is the dealer's id of one of the customer's addresses."""

    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] = "DE"
    address: Id | Literal[""] = ""


class Wishes(Body):
    """`gifts` are those that the buyer chose, in the order of choosing, and `removed_gifts` those
    that are not to be added by themselves."""

    gifts: Annotated[tuple[GiftBody, ...], Field(max_length=MAX_GIFTS), at_most(MAX_GIFTS)] = ()
    removed_gifts: Annotated[tuple[Id, ...], Field(max_length=MAX_GIFTS), at_most(MAX_GIFTS)] = ()
    delivery: DeliveryBody = DeliveryBody()


class WishesBody(Wishes, CartBody):
    """A cart with gifts and delivery."""


class QuoteBody(WishesBody):
    """`order_id` is the checkout that the cart belongs to, whose own holds are ignored."""

    order_id: Id | None = None


class Addressee(Body):
    name: PersonName
    email: Email


class Orderer(Addressee):
    """A letter to them begins with `title` and `family_name`, or the whole name (VO-34)."""

    title: Title | None = None
    family_name: PersonName | None = None


class IfRefused(Body):
    if_refused: Literal["refuse", "order-without"] = "refuse"


class Ordering(IfRefused):
    orderer: Orderer | None = None


class OrderBody(Ordering, WishesBody):
    """The contents of an order: `lines` and wishes, or the cart on the server in `cart_version`.

    `quote` is the token of a quote, which the order then keeps, or is refused.
    """

    lines: Annotated[
        tuple[LineBody, ...], Field(min_length=1, max_length=MAX_LINES), at_most(MAX_LINES)
    ] = ()
    cart_version: Annotated[int, Field(strict=True, ge=1, le=10**9)] | None = None
    note: Text | None = None
    quote: QuoteToken | None = None

    @model_validator(mode="after")
    def of_one_cart(self) -> Self:
        fields = type(self).model_fields
        has_content = any(getattr(self, name) != fields[name].default for name in CONTENT)
        if self.cart_version is None and not self.lines:
            raise PydanticCustomError("cart", "Es fehlen Positionen oder ein Warenkorb.")
        if self.cart_version is not None and has_content:
            raise PydanticCustomError("cart", "Was bestellt wird, steht bereits im Warenkorb.")
        return self


CONTENT = (
    "lines",
    "voucher_code",
    "more_codes",
    "reward_id",
    "placed_at",
    "gifts",
    "removed_gifts",
    "delivery",
    "note",
)
"""Fields of an order that a cart on the server has."""


class PastOrderBody(Ordering, CartBody):
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
                {"most": thousands(MAX_IMPORTED_LINES)},
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
