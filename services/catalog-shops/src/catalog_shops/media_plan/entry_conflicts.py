"""Missing targets of a media plan's entry, and entries that want the same place."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from catalog_shops.media_plan.plan import NOUNS, Conflict, Plan, ShopId, during
from catalog_shops.media_plan.schedule import Planned
from catalog_shops.media_plan.spans import Span, span_of
from zugabe_events.contracts.catalog_shops import PlanEntry, ShopKind, ShopRef


def entry_conflicts(plan: Plan, one: Planned, span: Span) -> Iterator[Conflict]:
    """Targets of an entry that are missing."""
    entry, days = one.entry, (span.first, span.last)
    for kind, shop in refs_of(entry):
        if (kind, shop) not in plan.shops:
            yield Conflict(
                "shop-missing",
                f"Der Eintrag „{entry.title}“ nennt einen {NOUNS[kind]}, den es nicht mehr gibt.",
                *days,
                entry_id=one.entry_id,
                kind=kind,
                shop=shop,
            )
    placed = {banner.banner_id for banner in plan.banners}
    for banner_id in entry.banners:
        if banner_id not in placed:
            yield Conflict(
                "banner-missing",
                f"Der Eintrag „{entry.title}“ nennt ein Banner, das es nicht mehr gibt.",
                *days,
                entry_id=one.entry_id,
                banner_id=banner_id,
            )
    for kind in sorted({each.kind for each in (*entry.shops, *entry.shops_off)} & plan.adopted):
        yield Conflict(
            "central-shops-adopted",
            f"Der Eintrag „{entry.title}“ wirkt nicht auf {NOUNS[kind]}s, weil die zentralen "
            "übernommen werden.",
            *days,
            entry_id=one.entry_id,
            kind=kind,
        )
    yield from strike_conflicts(plan, one, span)


def refs_of(entry: PlanEntry) -> list[ShopId]:
    """All shops that an entry names, once each."""
    shops = [*entry.shops, *entry.shops_off]
    replaced = [(each.kind, each.replaces) for each in shops if each.replaces is not None]
    strikes = [(strike.kind, strike.shop) for strike in entry.strikes]
    return list(dict.fromkeys([*((each.kind, each.shop) for each in shops), *replaced, *strikes]))


def strike_conflicts(plan: Plan, one: Planned, span: Span) -> Iterator[Conflict]:
    for strike in one.entry.strikes:
        known = plan.shops.get((strike.kind, strike.shop))
        if known is None:
            continue  # told already
        is_top = any(article.number == strike.number for article in known.top_articles)
        if is_top and strike.number in plan.sold:
            continue
        reason = (
            "der nicht mehr verkauft wird"
            if is_top
            else f"der kein Topartikel im {plan.name_of(strike.kind, strike.shop)} ist"
        )
        yield Conflict(
            "strike-article-missing",
            f"Der Eintrag „{one.entry.title}“ hat einen Streichpreis für den Artikel "
            f"{strike.number}, {reason}.",
            span.first,
            span.last,
            entry_id=one.entry_id,
            kind=strike.kind,
            shop=strike.shop,
            number=strike.number,
        )


def overlaps(plan: Plan, from_today: Span) -> Iterator[Conflict]:
    """Pairs of entries that run on the same days and want the same place, or opposites."""
    current = [one for one in plan.own if span_of(one.entry).within(from_today)]
    for one, other in combinations(current, 2):
        both = span_of(one.entry).within(span_of(other.entry))
        span = both.within(from_today) if both else None
        if span is not None:
            yield from pair_conflicts(plan, one, other, span)


def pair_conflicts(plan: Plan, one: Planned, other: Planned, span: Span) -> Iterator[Conflict]:
    titles = f"Die Einträge „{one.entry.title}“ und „{other.entry.title}“"
    ids = {"entry_id": one.entry_id, "other_entry_id": other.entry_id}
    taken = places(one.entry)
    for place, shop in places(other.entry).items():
        if place in taken and taken[place] != shop:
            kind = place[0]
            yield Conflict(
                "place-taken",
                f"{titles} wollen {during(span)} denselben Platz für zwei {NOUNS[kind]}s.",
                span.first,
                span.last,
                **ids,
                kind=kind,
                shop=shop,
            )
    for kind, shop in (*opposites(one.entry, other.entry), *opposites(other.entry, one.entry)):
        yield Conflict(
            "shop-on-and-off",
            f"{titles} widersprechen sich {during(span)}: Der {plan.name_of(kind, shop)} ist in "
            "dem einen aktiv und in dem anderen nicht.",
            span.first,
            span.last,
            **ids,
            kind=kind,
            shop=shop,
        )


def places(entry: PlanEntry) -> Mapping[tuple[ShopKind, int | ShopRef], ShopRef]:
    """The shops of an entry by the position or the shop whose place they take."""
    return {
        (each.kind, place): each.shop
        for each in entry.shops
        for place in (each.position, each.replaces)
        if place is not None
    }


def opposites(on: PlanEntry, off: PlanEntry) -> Iterable[ShopId]:
    hidden = {(each.kind, each.shop) for each in off.shops_off}
    hidden |= {(each.kind, each.replaces) for each in off.shops if each.replaces is not None}
    return [(each.kind, each.shop) for each in on.shops if (each.kind, each.shop) in hidden]
