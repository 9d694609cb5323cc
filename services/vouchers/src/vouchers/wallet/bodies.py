"""Bodies of requests to hold or check vouchers."""

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from vouchers.campaign.typed_code import normalised
from zugabe_events.http.cart_lines import CheckedLines
from zugabe_events.http.fields import Body, Id, Instant, Text, at_most

MAX_CODES = 5


def distinct(codes: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse codes that are the same one, or none, however they are typed."""
    forms = [normalised(code) for code in codes]
    if "" in forms:
        raise PydanticCustomError("code-blank", "Ein Gutscheincode fehlt.")
    if len({*forms}) < len(forms):
        raise PydanticCustomError("codes-repeated", "Jeder Gutscheincode zählt nur einmal.")
    return codes


Codes = Annotated[
    tuple[Text, ...],
    Field(min_length=1, max_length=MAX_CODES),
    at_most(MAX_CODES),
    AfterValidator(distinct),
]


class Cart(Body):
    """`codes` in the order in which they were entered."""

    codes: Codes
    customer: Id
    user: Id
    lines: CheckedLines


class NewHold(Cart):
    placed_at: Instant
    deadline: Instant


class NewCheck(Cart):
    """With the `order_id` of an open checkout, its own hold is ignored."""

    placed_at: Instant | None = None
    order_id: Id | None = None
