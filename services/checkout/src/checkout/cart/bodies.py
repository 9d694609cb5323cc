"""Request bodies of carts."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from checkout.cart.content import Changes
from checkout.order.bodies import Code, DeliveryBody, GiftBody, QuoteToken
from checkout.pricing.limits import MAX_GIFTS, MAX_LINES, MAX_QUANTITY
from zugabe_events.contracts.checkout import CartItem, ChosenGift, Delivery
from zugabe_events.http.fields import ArticleNumber, Body, Id, Text, at_most

MAX_TYPED_CODES = 100

CartKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{20,100}$")]
"""The secret of an anonymous cart."""


class ItemBody(Body):
    """A quantity of 0 takes the article out."""

    article: ArticleNumber
    quantity: Annotated[int, Field(strict=True, ge=0, le=MAX_QUANTITY)]


class AnonymousContent(Body):
    """Articles named in `lines` get their quantity; codes and gifts replace what was there."""

    lines: Annotated[tuple[ItemBody, ...], Field(max_length=MAX_LINES), at_most(MAX_LINES)] = ()
    codes: Annotated[
        tuple[Code, ...] | None, Field(max_length=MAX_TYPED_CODES), at_most(MAX_TYPED_CODES)
    ] = None
    gifts: Annotated[
        tuple[GiftBody, ...] | None, Field(max_length=MAX_GIFTS), at_most(MAX_GIFTS)
    ] = None
    removed_gifts: Annotated[
        tuple[Id, ...] | None, Field(max_length=MAX_GIFTS), at_most(MAX_GIFTS)
    ] = None
    delivery: DeliveryBody | None = None

    def changes(self) -> Changes:
        delivery = self.delivery
        return Changes(
            lines=tuple(CartItem(line.article, line.quantity) for line in self.lines),
            codes=self.codes,
            gifts=None
            if self.gifts is None
            else tuple(ChosenGift(gift.gift, gift.pieces) for gift in self.gifts if gift.pieces),
            removed_gifts=self.removed_gifts,
            delivery=Delivery(delivery.country, delivery.address) if delivery else None,
        )


class ContentBody(AnonymousContent):
    """An empty `reward_id` or `note` takes it out; what is left out stays as it is."""

    reward_id: Id | Literal[""] | None = None
    note: Text | Literal[""] | None = None


class OpenedCart(ContentBody):
    """Users open carts for themselves: their token names user and customer."""

    user: Id | None = None
    customer: Id | None = None


class ChangedCart(ContentBody):
    """`version` is the one that the changes were made on.

    With the `quote` that was shown for it, the answer tells which gifts are lost that were added
    without a choice.
    """

    version: Annotated[int, Field(strict=True, ge=1, le=10**9)]
    quote: QuoteToken | None = None


class Joining(Body):
    """The anonymous cart whose content is added, and the key to it."""

    anonymous_cart: Annotated[Id, Field(alias="from")]
    key: CartKey
    user: Id | None = None
    customer: Id | None = None
