"""Bodies of requests to hold or check vouchers."""

from collections.abc import Mapping
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


class QuotedVersion(Body):
    """The version of a campaign's terms that a quote has shown."""

    campaign_id: Id
    version: Annotated[int, Field(strict=True, ge=1, le=1_000_000)]


class NewHold(Cart):
    """Versions of `quoted` are kept that were in force shortly before (X-17)."""

    placed_at: Instant
    deadline: Instant
    quoted: Annotated[
        tuple[QuotedVersion, ...], Field(max_length=MAX_CODES), at_most(MAX_CODES)
    ] = ()

    @property
    def quoted_versions(self) -> Mapping[str, int]:
        """By campaign."""
        return {quoted.campaign_id: quoted.version for quoted in self.quoted}


class NewCheck(Cart):
    """With the `order_id` of an open checkout, its own hold is ignored."""

    placed_at: Instant | None = None
    order_id: Id | None = None
