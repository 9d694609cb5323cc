"""Read models know the fields of their views, whether these are structs or dataclasses."""

from dataclasses import dataclass

import pytest

from zugabe_events.domain.event import Fact
from zugabe_events.domain.projection import ListOptions, ReadModel


class Rental(Fact, frozen=True):
    dealer: str
    user: str


class Loan(Rental, frozen=True):
    days: int = 0


@dataclass(frozen=True, slots=True)
class Hire:
    dealer: str
    user: str
    days: int = 0


@pytest.mark.parametrize("view", [Loan, Hire])
def test_a_read_model_lists_only_what_its_view_has(view: type[Loan | Hire]) -> None:
    def loans(*sorts: str) -> ReadModel[Loan | Hire]:
        lists = ListOptions(("user",), sorts)
        return ReadModel("loans", 1, (), view, lambda _: (), lambda before, _: before, (), lists)

    assert loans("days").fields >= {"dealer", "user", "days"}
    with pytest.raises(ValueError, match=r"loans has no \['weeks'\]"):
        loans("weeks")
