"""Contradictions in a media plan, from today on (N-12)."""

from collections.abc import Iterator, Sequence
from datetime import date

from catalog_shops.media_plan.entry_conflicts import entry_conflicts, overlaps
from catalog_shops.media_plan.plan import NOUNS, Conflict, PlacedBanner, Plan, during
from catalog_shops.media_plan.spans import Span, inactive_spans, span_of
from zugabe_events.contracts.catalog_shops import ShopKind, ShopRef


def conflicts(plan: Plan, today: date) -> Sequence[Conflict]:
    """All of them, by their first day."""
    from_today = Span(today, None)
    found = [
        *banner_conflicts(plan, from_today),
        *(
            conflict
            for one in plan.own
            if (span := span_of(one.entry).within(from_today))
            for conflict in entry_conflicts(plan, one, span)
        ),
        *overlaps(plan, from_today),
    ]
    return sorted(found, key=lambda one: (one.first_day, one.entry_id, one.banner_id, one.code))


def banner_conflicts(plan: Plan, from_today: Span) -> Iterator[Conflict]:
    """Banners that lead to a shop that is not active (N-12, CS-44)."""
    for placed in plan.banners:
        link = placed.banner.link
        if not placed.banner.active or link.kind is None or link.shop is None:
            continue
        for entry_id, shown in shown_spans(plan, placed, from_today):
            for span in inactive(plan, link.kind, link.shop, shown):
                is_there = (link.kind, link.shop) in plan.shops
                leads = (
                    f"zum {plan.name_of(link.kind, link.shop)}, der {during(span)} nicht aktiv ist"
                    if is_there
                    else f"zu einem {NOUNS[link.kind]}, den es nicht mehr gibt"
                )
                yield Conflict(
                    "banner-shop-inactive" if is_there else "shop-missing",
                    f"Das Banner „{placed.banner.title}“ führt {leads}.",
                    span.first,
                    span.last,
                    entry_id=entry_id,
                    banner_id=placed.banner_id,
                    kind=link.kind,
                    shop=link.shop,
                )


def shown_spans(plan: Plan, placed: PlacedBanner, from_today: Span) -> Iterator[tuple[str, Span]]:
    """The span of a banner, with the entry that shows it, if any does."""
    banner = placed.banner
    valid = Span(banner.valid_from or from_today.first, banner.valid_until).within(from_today)
    if valid is None:
        return
    naming = [one for one in plan.own if placed.banner_id in one.entry.banners]
    if not naming:
        yield "", valid
    for one in naming:
        if span := span_of(one.entry).within(valid):
            yield one.entry_id, span


def inactive(plan: Plan, kind: ShopKind, shop: ShopRef, span: Span) -> Sequence[Span]:
    if (kind, shop) not in plan.shops:
        return [span]
    return inactive_spans(kind, shop, shop in plan.arranged[kind], plan.entries[kind], span)
