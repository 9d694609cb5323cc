"""The tree of product groups that a dealer sees: central ones and their own."""

from collections.abc import Iterable, Mapping, Sequence

from catalog_shops.group.view import GroupsView, PlacedGroup
from zugabe_events.domain.event import Fact
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.domain.views import Views


class GroupNode(Fact, frozen=True):
    """A group in the tree. `dealer` maintains it; `path` has the names from the top to its own."""

    group: str
    dealer: str
    name: str
    parent: str
    path: tuple[str, ...]


class GroupTree:
    """Groups by id. A dealer's own group comes before a central one of the same id; a group whose
    parent is gone stands at the top."""

    def __init__(self, *tenants: GroupsView) -> None:
        """Central groups first."""
        self._placed: dict[str, tuple[str, PlacedGroup]] = {
            one.group: (tenant.dealer, one) for tenant in tenants for one in tenant.groups
        }
        self._below: dict[str, list[str]] = {}
        for group, (_, one) in self._placed.items():
            self._below.setdefault(one.parent, []).append(group)

    def __contains__(self, group: str) -> bool:
        return group in self._placed

    def with_below(self, group: str) -> tuple[str, ...]:
        """The group and all below it; none if it does not exist."""
        if group not in self._placed:
            return ()
        found = {group: None}
        level = [group]
        while level:
            level = [
                one for parent in level for one in self._below.get(parent, []) if one not in found
            ]
            found |= dict.fromkeys(level)
        return tuple(found)

    def with_above(self, groups: Iterable[str]) -> tuple[str, ...]:
        """The groups, those that exist, and all above them."""
        return tuple(dict.fromkeys(one for group in groups for one in reversed(self._up(group))))

    def path(self, group: str) -> tuple[str, ...]:
        return tuple(self._placed[one][1].name for one in self._up(group))

    def nodes(self) -> Sequence[GroupNode]:
        """All groups by their paths, each behind the one above it."""
        found = [
            GroupNode(group, dealer, one.name, one.parent, self.path(group))
            for group, (dealer, one) in self._placed.items()
        ]
        return sorted(found, key=lambda node: ([name.casefold() for name in node.path], node.group))

    def _up(self, group: str) -> Sequence[str]:
        """Ids from the top to the group."""
        found: list[str] = []
        while group in self._placed and group not in found:
            found.append(group)
            group = self._placed[group][1].parent
        return found[::-1]


async def tree_of(groups: Views[GroupsView], dealer: str) -> GroupTree:
    found: Mapping[str, GroupsView] = await groups.get_many({CENTRAL, dealer})
    return GroupTree(
        *(found[tenant] for tenant in dict.fromkeys((CENTRAL, dealer)) if tenant in found)
    )
