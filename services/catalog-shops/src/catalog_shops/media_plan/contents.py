"""The contents that an entry of the media plan may have."""

from collections.abc import Hashable, Iterable

import msgspec
from msgspec.structs import replace

from catalog_shops.article.schedule import checked_amount
from catalog_shops.media_plan.refusals import EntryInvalidError
from catalog_shops.placement.decider import MAX_ACTIVE
from zugabe_events.contracts.catalog_shops import PlanEntry, PlannedShop

MAX_ITEMS = 50
"""Shops, hidden shops, banners and strike prices, each."""

MAX_BYTES = 16_000
"""Of one entry: all entries of a tenant are read together."""


def checked(entry: PlanEntry) -> PlanEntry:
    """The entry with its prices in the one form. Raises InvalidError."""
    if entry.last_day is not None and entry.last_day < entry.first_day:
        raise EntryInvalidError("Der Zeitraum endet, bevor er beginnt.", code="validity-reversed")
    if not (entry.shops or entry.shops_off or entry.banners or entry.strikes):
        raise EntryInvalidError(
            "Der Eintrag enthält weder Shops noch Banner noch Streichpreise.",
            code="plan-entry-empty",
        )
    for shop in entry.shops:
        check_place(shop)
    shops = [(shop.kind, shop.shop) for shop in (*entry.shops, *entry.shops_off)]
    strikes = [(strike.kind, strike.shop, strike.number) for strike in entry.strikes]
    for items in (shops, entry.banners, strikes):
        check_once(items)
    checked_entry = replace(
        entry,
        strikes=tuple(
            replace(strike, strike_price=checked_amount(strike.strike_price))
            for strike in entry.strikes
        ),
    )
    if len(msgspec.json.encode(checked_entry)) > MAX_BYTES:
        raise EntryInvalidError(
            "Der Eintrag ist zu groß. Bitte teilen Sie ihn auf mehrere auf.",
            code="plan-entry-too-large",
        )
    return checked_entry


def check_place(shop: PlannedShop) -> None:
    if shop.position is not None and shop.replaces is not None:
        raise EntryInvalidError(
            "Ein Shop hat entweder eine Position oder den Platz eines anderen.",
            code="plan-place-ambiguous",
        )
    if shop.replaces == shop.shop:
        raise EntryInvalidError("Ein Shop kann sich nicht selbst ersetzen.", code="plan-place-own")
    if shop.position is not None and not 1 <= shop.position <= MAX_ACTIVE:
        raise EntryInvalidError("Eine Position ist eine Zahl ab 1.", code="plan-place-invalid")


def check_once(items: Iterable[Hashable]) -> None:
    listed = list(items)
    if len(set(listed)) < len(listed):
        raise EntryInvalidError(
            "Ein Shop, ein Banner oder ein Streichpreis steht mehrfach im Eintrag.",
            code="plan-item-twice",
        )
