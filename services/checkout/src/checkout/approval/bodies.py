"""Request bodies about submitted orders. `attempt` is that of the submission that was read."""

from typing import Annotated

from pydantic import Field

from checkout.order.bodies import (
    IfRefused,
    OffersBody,
    Quantity,
    QuoteToken,
    Wishes,
)
from checkout.pricing.limits import MAX_LINES
from zugabe_events.http.fields import ArticleNumber, Body, Text, at_most

Attempt = Annotated[int, Field(strict=True, ge=1, le=10**9)]


class Rejection(Body):
    attempt: Attempt
    note: Text | None = None


class ApprovalBody(Body):
    """`quote` is that of `order-changed`, if the approver accepts what has changed."""

    attempt: Attempt
    quote: QuoteToken | None = None


class ChangedLine(Body):
    """Its price comes from the catalogue."""

    article: ArticleNumber
    quantity: Quantity


class ChangeBody(IfRefused, Wishes, OffersBody):
    """The whole cart that is to be ordered instead, for who submitted the order."""

    attempt: Attempt
    lines: Annotated[
        tuple[ChangedLine, ...], Field(min_length=1, max_length=MAX_LINES), at_most(MAX_LINES)
    ]
    quote: QuoteToken | None = None
