"""Read model of customers whose users share their points, or did, and of who manages these."""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from zugabe_events.contracts.bonus import (
    PointsManagerAppointed,
    PointsManagerDismissed,
    PointsPooled,
    PointsUnpooled,
)
from zugabe_events.domain.event import Event, Fact
from zugabe_events.domain.projection import ListOptions, ReadModel


class PoolView(Fact, frozen=True):
    """While `pooled` the users share their points since `since`. `managers` are users' ids.

    Pooled points without managers are `frozen`: nobody can redeem them (Q12).
    """

    dealer: str
    customer: str
    pooled: bool = False
    since: datetime | None = None
    managers: tuple[str, ...] = ()
    frozen: bool = False


def key_of(dealer: str, customer: str) -> str:
    return f"{dealer}/{customer}"


def keys(event: Event) -> Sequence[str]:
    match event:
        case (
            PointsPooled() | PointsUnpooled() | PointsManagerAppointed() | PointsManagerDismissed()
        ):
            return [key_of(event.dealer, event.customer)]
        case _:
            return []


def project(view: PoolView | None, event: Event) -> PoolView | None:
    match event:
        case PointsPooled(dealer, customer):
            before = view or PoolView(dealer, customer)
            return with_frozen(replace(before, pooled=True, since=event.pooled_at))
        case PointsUnpooled() if view is not None:
            return with_frozen(replace(view, pooled=False, since=None))
        case PointsManagerAppointed(dealer, customer, user):
            before = view or PoolView(dealer, customer)
            managers = tuple(sorted({*before.managers, user}))
            return with_frozen(replace(before, managers=managers))
        case PointsManagerDismissed(user=user) if view is not None:
            managers = tuple(one for one in view.managers if one != user)
            return with_frozen(replace(view, managers=managers))
        case _:
            return view


def with_frozen(view: PoolView) -> PoolView:
    return replace(view, frozen=view.pooled and not view.managers)


POOLS = ReadModel(
    "bonus.pools",
    1,
    ("bonus",),
    PoolView,
    keys,
    project,
    lists=ListOptions(("pooled", "frozen"), ("customer",)),
)
