"""Request bodies of shipments, returns and cancellations."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from zugabe_events.contracts.checkout import CancelReason
from zugabe_events.http.fields import Body, Trimmed, at_most

MAX_PIECES = 2_000
"""Lines and gifts of a shipment or return."""

Note = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, max_length=1_000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
    ),
    Trimmed,
]
"""Free text of a person, stored sealed."""


class PiecesBody(Body):
    """Pieces of a line or gift, by its number in the order."""

    number: Annotated[int, Field(strict=True, ge=1, le=100_000)]
    quantity: Annotated[int, Field(strict=True, ge=1, le=100_000)]


def each_once(lines: Sequence[PiecesBody]) -> Sequence[PiecesBody]:
    if len({line.number for line in lines}) < len(lines):
        raise PydanticCustomError("lines", "Jede Position darf nur einmal vorkommen.")
    return lines


Lines = Annotated[
    tuple[PiecesBody, ...],
    Field(min_length=1, max_length=MAX_PIECES),
    AfterValidator(each_once),
    at_most(MAX_PIECES),
]


def by_number(lines: Sequence[PiecesBody]) -> Mapping[int, int]:
    return {line.number: line.quantity for line in lines}


class ShipmentBody(Body):
    """Without `lines`, all that is left to ship."""

    lines: Lines | None = None


class ReasonBody(Body):
    reason: CancelReason
    note: Note = ""


class CancellationBody(ReasonBody):
    pass


class ReturnBody(ReasonBody):
    """`unshipped`: the dealer takes the lines back before they leave the warehouse."""

    lines: Lines
    unshipped: bool = False
