"""D20, X-7: what is wrong is said as Germans say it."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field, ValidationError

from zugabe_events.domain.validation_messages import validation_errors


class Order(BaseModel):
    status: Literal["placed", "cancelled"] = "placed"
    note: Annotated[str, Field(max_length=5_000)] = ""
    cents: Annotated[int, Field(le=1_000_000)] = 0
    rate: Annotated[float, Field(le=1_500.5)] = 0
    lines: Annotated[list[int], Field(max_length=1_000)] = []


@pytest.mark.parametrize(
    ("said", "detail"),
    [
        ({"status": "paid"}, "Erlaubt ist: 'placed' oder 'cancelled'."),
        ({"note": "x" * 5_001}, "Der Text ist zu lang, höchstens 5.000 Zeichen."),
        ({"cents": 1_000_001}, "Die Zahl darf höchstens 1.000.000 sein."),
        ({"rate": 2_000}, "Die Zahl darf höchstens 1500,5 sein."),
        ({"lines": [1] * 1_001}, "Zu viele Einträge, höchstens 1.000."),
    ],
)
def test_numbers_and_alternatives_are_german(said: dict[str, Any], detail: str) -> None:
    with pytest.raises(ValidationError) as wrong:
        Order.model_validate(said)
    [error] = validation_errors(wrong.value.errors())
    assert error["detail"] == detail
