"""Read model of the names of users, as of their latest orders; sealed as checkout sends them."""

from collections.abc import Sequence
from datetime import datetime

from zugabe_events.contracts.checkout import OrderPlaced
from zugabe_events.domain.event import Event, Fact
from zugabe_events.domain.projection import ReadModel


class OrdererView(Fact, frozen=True):
    """`name` is encrypted with the user's own key."""

    dealer: str
    user: str
    name: str
    placed_at: datetime


def key_of(dealer: str, user: str) -> str:
    return f"{dealer}/{user}"


def keys(event: Event) -> Sequence[str]:
    match event:
        case OrderPlaced() if event.orderer is not None:
            return [key_of(event.dealer, event.user)]
        case _:
            return []


def project(view: OrdererView | None, event: Event) -> OrdererView | None:
    match event:
        case OrderPlaced() if event.orderer is not None:
            if view is not None and event.placed_at < view.placed_at:
                return view
            return OrdererView(event.dealer, event.user, event.orderer.name, event.placed_at)
        case _:
            return view


ORDERERS = ReadModel(
    name="vouchers.orderers",
    version=1,
    topics=("checkout",),
    view=OrdererView,
    keys=keys,
    project=project,
    gathers=1.0,
)
