"""Lines of a cart as checkout hands them to services that decide about discounts and points."""

from typing import Annotated, get_args

from pydantic import Field, StringConstraints

from zugabe_events.contracts.checkout import Exclusion
from zugabe_events.http.fields import Body, Cents, Count, at_most

MAX_LINES = 1_000
MAX_LABELS = 100
"""Product groups and advertising media of a line, each."""

Label = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""An article's key, or the id of a brand, a product group or an advertising medium; or a name of
these, at prices of a caller."""

Labels = Annotated[tuple[Label, ...], Field(max_length=MAX_LABELS), at_most(MAX_LABELS)]

MAX_EXCLUDED = len(get_args(Exclusion.__value__))
Excluded = Annotated[tuple[Exclusion, ...], Field(max_length=MAX_EXCLUDED), at_most(MAX_EXCLUDED)]


class CheckedLine(Body):
    """A line at its net value before discounts, with its share of the vouchers, both in cents.

    `groups` are all of the article's with those above them. `excluded` names what the line has no
    part in (X-24, X-25).
    """

    number: Count
    net_cents: Cents
    article: Label = ""
    quantity: Count = 1
    brand: Label = ""
    groups: Labels = ()
    media: Labels = ()
    voucher_cents: Cents = 0
    excluded: Excluded = ()


CheckedLines = Annotated[tuple[CheckedLine, ...], Field(max_length=MAX_LINES), at_most(MAX_LINES)]
