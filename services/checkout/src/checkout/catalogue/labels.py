"""Product groups and brands as a dealer has them: their own, and central ones."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from checkout.catalogue.documents import EMPTY, CatalogueView


@dataclass(frozen=True, slots=True)
class Labels:
    """A dealer's own group or brand comes before a central one of the same id."""

    own: CatalogueView = EMPTY
    central: CatalogueView = EMPTY

    def brand(self, brand: str) -> str:
        """The name of a brand; "" if it has none."""
        return self.own.brands.get(brand) or self.central.brands.get(brand, "")

    def with_above(self, groups: Iterable[str]) -> tuple[str, ...]:
        """Each group with those above it, from itself to the top."""
        return tuple(dict.fromkeys(one for group in groups for one in self._upwards(group)))

    def _upwards(self, group: str) -> Iterator[str]:
        """Ends at a group that is gone, and where a move in between has made a circle."""
        met: set[str] = set()
        while group and group not in met:
            yield group
            met.add(group)
            entry = self.own.groups.get(group) or self.central.groups.get(group)
            group = entry.parent if entry else ""
