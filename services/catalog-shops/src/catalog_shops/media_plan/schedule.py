"""Arrangements, banners and strike prices at an instant, as a media plan makes them (N-12).

Nothing here is stored: the plan takes effect by the clock, to the first moment of a day in Berlin,
whatever timers do, and any instant can be previewed.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

from msgspec.structs import replace

from zugabe_events.contracts.catalog_shops import (
    Banner,
    PlanEntry,
    PlannedShop,
    ShopKind,
    ShopRef,
    TopArticle,
)
from zugabe_events.domain.calendar import is_within, start_of


class Planned(Protocol):
    """An entry of a media plan."""

    @property
    def entry_id(self) -> str: ...

    @property
    def entry(self) -> PlanEntry: ...


def runs(entry: PlanEntry, at: datetime) -> bool:
    return is_within(at, entry.first_day, entry.last_day)


def running(entries: Iterable[Planned], at: datetime) -> list[Planned]:
    """In the order in which they take effect: what begins later overrides what runs already."""
    found = (one for one in entries if runs(one.entry, at))
    return sorted(found, key=lambda one: (one.entry.first_day, one.entry_id))


def shops_at(
    kind: ShopKind, arranged: Sequence[ShopRef], entries: Iterable[Planned], at: datetime
) -> tuple[ShopRef, ...]:
    """The active shops of a kind in their order, `arranged` being what holds without the plan.

    A planned shop takes the place of the one that it replaces, or its position, or the last place.
    """
    order = list(arranged)
    positions: dict[ShopRef, int] = {}
    for one in running(entries, at):
        for off in of_kind(kind, one.entry.shops_off):
            take_out(off.shop, order, positions)
        for planned in of_kind(kind, one.entry.shops):
            take_out(planned.shop, order, positions)
            put_in(planned, order, positions)
    for ref, position in sorted(positions.items(), key=lambda item: item[1]):
        order.insert(position - 1, ref)
    return tuple(order)


def of_kind(kind: ShopKind, shops: Iterable[PlannedShop]) -> Iterable[PlannedShop]:
    return (planned for planned in shops if planned.kind == kind)


def take_out(shop: ShopRef, order: list[ShopRef], positions: dict[ShopRef, int]) -> None:
    positions.pop(shop, None)
    if shop in order:
        order.remove(shop)


def put_in(planned: PlannedShop, order: list[ShopRef], positions: dict[ShopRef, int]) -> None:
    if planned.replaces is not None and planned.replaces in order:
        order[order.index(planned.replaces)] = planned.shop
    elif planned.replaces is not None and planned.replaces in positions:
        positions[planned.shop] = positions.pop(planned.replaces)
    elif planned.position is not None:
        positions[planned.shop] = planned.position
    else:
        order.append(planned.shop)


def is_shown(banner_id: str, banner: Banner, entries: Iterable[Planned], at: datetime) -> bool:
    """True if a banner is switched on, within its validity, and no entry keeps it for another time.

    Whether its link leads anywhere is not looked at.
    """
    if not banner.active or not is_within(at, banner.valid_from, banner.valid_until):
        return False
    naming = [one.entry for one in entries if banner_id in one.entry.banners]
    return not naming or any(runs(entry, at) for entry in naming)


def top_articles_at(
    kind: ShopKind,
    shop: ShopRef,
    top_articles: Sequence[TopArticle],
    entries: Iterable[Planned],
    at: datetime,
) -> tuple[TopArticle, ...]:
    """The top articles of a shop with the strike prices that are planned for this instant."""
    prices: dict[str, tuple[PlanEntry, int]] = {}
    for one in running(entries, at):
        for index, strike in enumerate(one.entry.strikes):
            if (strike.kind, strike.shop) == (kind, shop):
                prices[strike.number] = (one.entry, index)
    return tuple(
        with_planned(article, *prices[article.number]) if article.number in prices else article
        for article in top_articles
    )


def with_planned(article: TopArticle, entry: PlanEntry, index: int) -> TopArticle:
    return replace(
        article,
        strike_price=entry.strikes[index].strike_price,
        strike_from=entry.first_day,
        strike_until=entry.last_day,
    )


def next_change(
    at: datetime,
    entries: Iterable[Planned] = (),
    banners: Iterable[Banner] = (),
    top_articles: Iterable[TopArticle] = (),
) -> datetime | None:
    """The first moment after an instant at which any of them begins or ends; None: never."""
    periods: list[tuple[date | None, date | None]] = [
        *((one.entry.first_day, one.entry.last_day) for one in entries),
        *((banner.valid_from, banner.valid_until) for banner in banners),
        *((article.strike_from, article.strike_until) for article in top_articles),
    ]
    firsts = {first for first, _ in periods if first is not None}
    behind = {last + timedelta(days=1) for _, last in periods if last is not None}
    moments = (start_of(day) for day in firsts | behind)
    return min((moment for moment in moments if moment > at), default=None)
