"""Days on which a shop is not active under a media plan."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from catalog_shops.media_plan.schedule import Planned
from zugabe_events.contracts.catalog_shops import PlanEntry, ShopKind, ShopRef

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Inclusive days; `last` None is open."""

    first: date
    last: date | None

    def within(self, other: "Span") -> "Span | None":
        """The days that both have."""
        first = max(self.first, other.first)
        lasts = [last for last in (self.last, other.last) if last is not None]
        last = min(lasts) if lasts else None
        return None if last is not None and last < first else Span(first, last)


def span_of(entry: PlanEntry) -> Span:
    return Span(entry.first_day, entry.last_day)


def mentions(entry: PlanEntry, kind: ShopKind, shop: ShopRef) -> bool:
    return any(
        each.kind == kind and shop in (each.shop, each.replaces)
        for each in (*entry.shops, *entry.shops_off)
    )


def switches_on(entry: PlanEntry, kind: ShopKind, shop: ShopRef) -> bool:
    """The effect of an entry on a shop that it mentions, while it runs."""
    return any((each.kind, each.shop) == (kind, shop) for each in entry.shops)


def inactive_spans(
    kind: ShopKind, shop: ShopRef, arranged: bool, entries: Iterable[Planned], span: Span
) -> Sequence[Span]:
    """The times within a span when a shop is not active; `arranged`: it is without the plan.

    The entry that begins last counts, as in `schedule.shops_at`.
    """
    relevant = sorted(
        (one for one in entries if mentions(one.entry, kind, shop)),
        key=lambda one: (one.entry.first_day, one.entry_id),
    )
    days = {span.first}
    for one in relevant:
        days.add(one.entry.first_day)
        if one.entry.last_day is not None:
            days.add(one.entry.last_day + ONE_DAY)
    starts = sorted(
        day for day in days if span.first <= day and (span.last is None or day <= span.last)
    )
    found: list[Span] = []
    for at, day in enumerate(starts):
        last = starts[at + 1] - ONE_DAY if at + 1 < len(starts) else span.last
        active = arranged
        for one in relevant:
            if span_of(one.entry).within(Span(day, day)):
                active = switches_on(one.entry, kind, shop)
        if active:
            continue
        if found and found[-1].last == day - ONE_DAY:
            found[-1] = Span(found[-1].first, last)
        else:
            found.append(Span(day, last))
    return found
