"""The best promotion for a line, as fast with many promotions as with one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from immutables import Map

from bonus.programme.labels import label_key, label_keys
from bonus.programme.position import Position
from zugabe_events.contracts.bonus import PromotionAdded


@dataclass(frozen=True, slots=True, eq=False)
class PromotionIndex:
    """Promotions from the best to the least: the highest factor first, of equal ones the earlier.

    Bit `n` of each number stands for the promotion at place `n`. Those without brands match any
    brand, and so do those without groups.
    """

    ranked: tuple[PromotionAdded, ...]
    brands: Mapping[str, int]
    groups: Mapping[str, int]
    any_brand: int
    any_group: int

    def best(self, line: Position, running: int) -> PromotionAdded | None:
        """The best of those `running` that match; promotions do not stack (Q9)."""
        in_groups = self.any_group
        for group in line.groups:
            in_groups |= self.groups.get(label_key(group), 0)
        of_brand = self.any_brand | self.brands.get(label_key(line.brand), 0)
        matching = running & in_groups & of_brand
        lowest = matching & -matching
        return self.ranked[lowest.bit_length() - 1] if lowest else None


def index_of(promotions: Mapping[str, PromotionAdded]) -> PromotionIndex:
    return _index_of(promotions if isinstance(promotions, Map) else Map(promotions))


@lru_cache(maxsize=200)
def _index_of(promotions: Map[str, PromotionAdded]) -> PromotionIndex:
    ranked = tuple(sorted(promotions.values(), key=lambda each: (-each.factor, each.version)))
    return PromotionIndex(
        ranked,
        bits_by_key(each.brands for each in ranked),
        bits_by_key(each.product_groups for each in ranked),
        any_brand=bits(not each.brands for each in ranked),
        any_group=bits(not each.product_groups for each in ranked),
    )


@lru_cache(maxsize=400)
def running_on(index: PromotionIndex, day: date) -> int:
    """The promotions of a day in Berlin, both days of a validity being inclusive."""
    return bits(
        (each.valid_from is None or each.valid_from <= day)
        and (each.valid_until is None or day <= each.valid_until)
        for each in index.ranked
    )


def bits(flags: Iterable[bool]) -> int:
    return sum(1 << place for place, flag in enumerate(flags) if flag)


def bits_by_key(labels: Iterable[Iterable[str]]) -> Mapping[str, int]:
    by_key: dict[str, int] = {}
    for place, of_one in enumerate(labels):
        for key in label_keys(of_one):
            by_key[key] = by_key.get(key, 0) | 1 << place
    return by_key
