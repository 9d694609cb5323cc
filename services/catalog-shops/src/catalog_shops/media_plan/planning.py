"""Entries of the media plan are set together with a look at the shops and banners they name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from catalog_shops.banner.decider import BannerNotFoundError, Placed, banner_history
from catalog_shops.media_plan.decider import (
    PLAN_ENTRY_DECIDER,
    EntryKey,
    SetPlanEntry,
    Unset,
    plan_entry_history,
)
from catalog_shops.media_plan.entry_conflicts import refs_of
from catalog_shops.media_plan.refusals import TooManyEntriesError
from catalog_shops.media_plan.view import PlanEntryView, planned_entries
from catalog_shops.shop.maintenance import check_has_shops
from catalog_shops.shop.requests import check_exist, histories_of, keys_of
from zugabe_events.contracts.catalog_shops import PlanEntry
from zugabe_events.domain.decider import History
from zugabe_events.domain.event import Event
from zugabe_events.domain.event_store import EventStore, states_of
from zugabe_events.domain.views import Views
from zugabe_events.http.request_context import RequestContext

MAX_ENTRIES = 500


@dataclass(frozen=True, slots=True)
class Planning:
    store: EventStore
    entries: Views[PlanEntryView]

    async def set_entry(self, request: RequestContext, key: EntryKey, entry: PlanEntry) -> None:
        """Raise what `decide` raises, ShopNotFoundError, BannerNotFoundError."""
        check_has_shops(key.dealer)
        await self._check_room(key)
        shops = keys_of(key.dealer, refs_of(entry))
        banners = list(dict.fromkeys(entry.banners))

        def decide(state: Any, *others: Any) -> Sequence[Event]:
            check_exist(shops, others[: len(shops)])
            for banner_id, banner in zip(banners, others[len(shops) :], strict=True):
                if not isinstance(banner, Placed):
                    raise BannerNotFoundError(banner_id)
            command = SetPlanEntry(key, entry, request.context.at)
            return PLAN_ENTRY_DECIDER.decide(command, state)

        histories: list[History[Any, Any]] = [
            plan_entry_history(key),
            *histories_of(shops),
            *(banner_history(key.dealer, banner_id) for banner_id in banners),
        ]
        await request.handle_reading(self.store, histories, decide)

    async def _check_room(self, key: EntryKey) -> None:
        """Raise TooManyEntriesError for one more."""
        [state] = await states_of(self.store, [plan_entry_history(key)])
        if isinstance(state, Unset) and await self._is_full(key.dealer):
            raise TooManyEntriesError(MAX_ENTRIES)

    async def _is_full(self, dealer: str) -> bool:
        return len(await planned_entries(self.entries, dealer)) >= MAX_ENTRIES
