"""Brands and product groups that articles of a catalogue name; those that are missing are added."""

import asyncio
from collections.abc import Callable, Sequence
from itertools import batched
from typing import Any
from uuid import UUID

from catalog_shops.brand.decider import NameBrand, brand_history
from catalog_shops.brand.decider import decide as decide_brand
from catalog_shops.brand.name import brand_id, checked_name
from catalog_shops.catalogue_import.changes import MasterData
from catalog_shops.catalogue_import.group_paths import FoundPaths, found_paths
from catalog_shops.catalogue_import.records import CatalogueArticle, GroupPath
from catalog_shops.group.decider import groups_history
from catalog_shops.tenants import with_central
from zugabe_events.domain.errors import InvalidError
from zugabe_events.domain.event import Context, Event, derived_id
from zugabe_events.domain.event_store import EventStore, states_of
from zugabe_events.eventstore.command_handler import handle_together

PLACED_AT_ONCE = 50
"""Groups between which requests come: placing one among thousands takes milliseconds."""


class Names:
    """Ids of what one import names. A dry run gives the ids that they would have."""

    def __init__(
        self,
        store: EventStore,
        dealer: str,
        attempt: UUID,
        context: Callable[[], Context],
        *,
        dry_run: bool,
    ) -> None:
        self.known = MasterData()
        self._store = store
        self._dealer = dealer
        self._attempt = attempt
        self._context = context
        self._dry_run = dry_run
        self._tenants = with_central(dealer)

    async def resolve(self, articles: Sequence[CatalogueArticle]) -> MasterData:
        """The names that `changes_of` these articles needs."""
        brands = {article.brand for article in articles if article.brand}
        paths = {path for article in articles for path in article.groups or ()}
        known = self.known
        new = brands - known.brands.keys() - known.unnamed.keys()
        await asyncio.gather(*(self._name(brand) for brand in sorted(new)))
        unplaced = sorted(paths - known.groups.keys() - known.refused.keys())
        for some in batched(unplaced, PLACED_AT_ONCE):
            await self._place(some)
        return known

    async def _name(self, name: str) -> None:
        try:
            brand = brand_id(checked_name(name))
        except InvalidError as error:
            self.known.unnamed[name] = error.detail
            return
        if not self._dry_run:
            command = NameBrand(self._dealer, name, "catalogue")

            def decide(states: Sequence[Any]) -> Sequence[Sequence[Event]]:
                return [decide_brand(command, *states), *[()] * (len(states) - 1)]

            await handle_together(
                self._store,
                [brand_history(tenant, brand) for tenant in self._tenants],
                decide,
                self._context(),
                attempt=derived_id(str(self._attempt), "brand", brand),
            )
        self.known.brands[name] = brand

    async def _place(self, wanted: Sequence[GroupPath]) -> None:
        histories = [groups_history(tenant) for tenant in self._tenants]
        found = self._found(wanted, await states_of(self._store, histories))
        if found.events and not self._dry_run:

            def decide(states: Sequence[Any]) -> Sequence[Sequence[Event]]:
                return [self._found(wanted, states).events, *[()] * (len(states) - 1)]

            content = ["\x1f".join(path) for path in wanted]
            await handle_together(
                self._store,
                histories,
                decide,
                self._context(),
                attempt=derived_id(str(self._attempt), "groups", *content),
            )
            found = self._found(wanted, await states_of(self._store, histories))
        self.known.groups.update(found.ids)
        self.known.refused.update(found.refused)

    def _found(self, paths: Sequence[GroupPath], states: Sequence[Any]) -> FoundPaths:
        return found_paths(self._dealer, paths, *states)
