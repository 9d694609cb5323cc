"""Read model of product groups: one document per tenant."""

from collections.abc import Sequence

from zugabe_events.contracts.catalog_shops import ProductGroupPlaced, ProductGroupRemoved
from zugabe_events.domain.event import Event, Fact
from zugabe_events.domain.projection import ReadModel


class PlacedGroup(Fact, frozen=True):
    """A group as its tenant placed it."""

    group: str
    name: str
    parent: str


class GroupsView(Fact, frozen=True):
    """All groups of a tenant, in the order in which they were added."""

    dealer: str
    groups: tuple[PlacedGroup, ...] = ()


def keys(event: Event) -> Sequence[str]:
    match event:
        case ProductGroupPlaced() | ProductGroupRemoved():
            return [event.dealer]
        case _:
            return []


def project(view: GroupsView | None, event: Event) -> GroupsView | None:
    groups = view.groups if view else ()
    match event:
        case ProductGroupPlaced():
            placed = PlacedGroup(event.group, event.name, event.parent)
            if any(one.group == event.group for one in groups):
                kept = tuple(placed if one.group == event.group else one for one in groups)
                return GroupsView(event.dealer, kept)
            return GroupsView(event.dealer, (*groups, placed))
        case ProductGroupRemoved():
            left = tuple(one for one in groups if one.group != event.group)
            return GroupsView(event.dealer, left)
        case _:
            return view


GROUPS = ReadModel(
    name="catalog-shops.groups",
    version=1,
    topics=("catalog-shops",),
    view=GroupsView,
    keys=keys,
    project=project,
)
