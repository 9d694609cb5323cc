"""Product groups that a catalogue names by their paths: found in a tree, or placed there."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from itertools import count

from catalog_shops.catalogue_import.records import GroupPath
from catalog_shops.group.decider import (
    GROUPS_DECIDER,
    NO_GROUPS,
    Groups,
    PlaceGroup,
    ProductGroupEvent,
    comparable,
    decide,
)
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.event import derived_id

ID_LENGTH = 20


@dataclass(slots=True)
class FoundPaths:
    """Ids by path, the events that place what is missing, and why some paths cannot be placed."""

    ids: dict[GroupPath, str] = field(default_factory=dict)
    events: list[ProductGroupEvent] = field(default_factory=list)
    refused: dict[GroupPath, str] = field(default_factory=dict)


def found_paths(
    dealer: str, paths: Iterable[GroupPath], own: Groups, central: Groups = NO_GROUPS
) -> FoundPaths:
    """Find or place each path, and all above it. A central group of a name comes before one of the
    dealer's own."""
    found = FoundPaths()
    below = {
        (group.parent, comparable(group.name)): one
        for groups in (own, central)
        for one, group in groups.by_id.items()
    }
    for path in paths:
        parent = ""
        try:
            for name in path:
                group = below.get((parent, comparable(name)))
                if group is None:
                    taken = {*own.by_id, *central.by_id}
                    group = group_id(dealer, parent, name, taken)
                    placed = decide(PlaceGroup(dealer, group, name, parent), own, central)
                    own = GROUPS_DECIDER.fold(placed, own)
                    found.events += placed
                    below[parent, comparable(name)] = group
                parent = group
        except RefusedError as error:
            found.refused[path] = error.detail
        else:
            found.ids[path] = parent
    return found


def group_id(dealer: str, parent: str, name: str, taken: Container[str]) -> str:
    """The same for whoever places a group of this name there, while no group was renamed."""
    ids = (
        derived_id("product-group", dealer, parent, comparable(name), str(number)).hex[:ID_LENGTH]
        for number in count()
    )
    return next(found for found in ids if found not in taken)
