"""Product groups: one tree per tenant. A dealer's groups may hang below central ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from unicodedata import normalize

from immutables import Map

from catalog_shops.group.refusals import (
    GroupCycleError,
    GroupHasGroupsError,
    GroupIsCentralError,
    GroupNameTakenError,
    GroupNotFoundError,
    GroupsTooDeepError,
    TooManyGroupsError,
)
from catalog_shops.texts import visible
from zugabe_events.contracts.catalog_shops import ProductGroupPlaced, ProductGroupRemoved
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import InvalidError
from zugabe_events.domain.event import Stream

MAX_DEPTH = 10
MAX_GROUPS = 5_000
MAX_NAME_LENGTH = 200


@dataclass(frozen=True, slots=True)
class PlaceGroup:
    """Add, rename or move a group. `parent` is "" at the top."""

    dealer: str
    group: str
    name: str
    parent: str


@dataclass(frozen=True, slots=True)
class RemoveGroup:
    """The caller checks that it has no articles."""

    dealer: str
    group: str


type Command = PlaceGroup | RemoveGroup
type ProductGroupEvent = ProductGroupPlaced | ProductGroupRemoved


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    parent: str


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups of one tenant by id. A parent that is not among them is central, or gone."""

    by_id: Map[str, Group] = field(default_factory=Map)


NO_GROUPS = Groups()


def decide(
    command: Command, own: Groups, central: Groups = NO_GROUPS
) -> Sequence[ProductGroupEvent]:
    """`central` are the central groups, when `command` is about a dealer's."""
    match command:
        case PlaceGroup():
            return place(command, own, central)
        case RemoveGroup():
            return remove(command, own)


def place(command: PlaceGroup, own: Groups, central: Groups) -> Sequence[ProductGroupPlaced]:
    wanted = Group(checked_name(command.name), command.parent)
    present = own.by_id.get(command.group)
    if present == wanted:
        return []
    if present is None and command.group in central.by_id:
        raise GroupIsCentralError(central.by_id[command.group].name)
    if present is None and len(own.by_id) >= MAX_GROUPS:
        raise TooManyGroupsError(MAX_GROUPS)
    groups: Mapping[str, Group] = {**central.by_id, **own.by_id, command.group: wanted}
    if wanted.parent and wanted.parent not in groups:
        raise GroupNotFoundError
    check_depth(command.group, groups, is_new=present is None)
    for group, other in groups.items():
        is_sibling = group != command.group and other.parent == wanted.parent
        if is_sibling and comparable(other.name) == comparable(wanted.name):
            raise GroupNameTakenError(other.name)
    return [ProductGroupPlaced(command.dealer, command.group, wanted.name, wanted.parent)]


def remove(command: RemoveGroup, own: Groups) -> Sequence[ProductGroupRemoved]:
    if command.group not in own.by_id:
        raise GroupNotFoundError
    if any(other.parent == command.group for other in own.by_id.values()):
        raise GroupHasGroupsError(own.by_id[command.group].name)
    return [ProductGroupRemoved(command.dealer, command.group)]


def check_depth(group: str, groups: Mapping[str, Group], *, is_new: bool) -> None:
    """Raise GroupCycleError, and GroupsTooDeepError for a group or one of those below it."""
    above = [group]
    while (parent := groups[above[-1]].parent) in groups:
        if parent in above:
            raise GroupCycleError(groups[group].name)
        above.append(parent)
    if len(above) + (0 if is_new else levels_below(group, groups)) > MAX_DEPTH:
        raise GroupsTooDeepError(MAX_DEPTH)


def levels_below(group: str, groups: Mapping[str, Group]) -> int:
    below: dict[str, list[str]] = {}
    for one, placed in groups.items():
        below.setdefault(placed.parent, []).append(one)
    levels, level = 0, below.get(group, [])
    while level and levels <= MAX_DEPTH:
        levels += 1
        level = [one for parent in level for one in below.get(parent, [])]
    return levels


def checked_name(name: str) -> str:
    checked = " ".join(visible(normalize("NFC", name)).split())
    if not 1 <= len(checked) <= MAX_NAME_LENGTH:
        raise InvalidError(
            f"Der Name einer Warengruppe hat 1 bis {MAX_NAME_LENGTH} Zeichen.",
            code="group-name-invalid",
        )
    return checked


def comparable(name: str) -> str:
    """Names that a reader takes for the same are equal."""
    return normalize("NFKC", name).casefold()


def evolve(groups: Groups, event: ProductGroupEvent) -> Groups:
    match event:
        case ProductGroupPlaced():
            placed = Group(event.name, event.parent)
            return replace(groups, by_id=groups.by_id.set(event.group, placed))
        case ProductGroupRemoved():
            return replace(groups, by_id=groups.by_id.delete(event.group))


GROUPS_DECIDER: Decider[Command, Groups, ProductGroupEvent] = Decider(
    "product-groups", NO_GROUPS, decide, evolve
)


def groups_history(dealer: str) -> History[Groups, ProductGroupEvent]:
    stream = f"product-groups/{dealer}"
    return History(Stream(stream, stream), GROUPS_DECIDER)
