"""Prices of carts from the read model: one query each."""

import time
from collections.abc import Callable, Sequence

from cachetools import TTLCache

from checkout.catalogue.labels import Labels
from checkout.catalogue.offer import documents_of, priced
from checkout.catalogue.refusals import PricesUpdatingError
from checkout.catalogue.view import CATALOGUE, EMPTY, CatalogueView, labels_id
from checkout.peer.ports import Buyer
from checkout.pricing.goods import CartLine, Goods, WantedLine, at_our_prices, at_own_prices
from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.domain.views import Views

LABELS_SECONDS = 5.0
"""Product groups and brands are read again after that, and for whoever brings a token."""

MAX_TENANTS = 200
"""Tenants whose product groups and brands are kept."""


class Catalogue:
    """`is_behind` says, without asking anybody, whether the read model lacks too much."""

    def __init__(
        self,
        views: Views[CatalogueView],
        is_behind: Callable[[], bool],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._views = views
        self._is_behind = is_behind
        self._labels = self._no_labels(clock)
        self._clock = clock

    async def goods(
        self, buyer: Buyer, wanted: Sequence[WantedLine], lines: Sequence[CartLine]
    ) -> Goods:
        """Raises LinesRefusedError, PricesUpdatingError and the errors of `at_our_prices`."""
        if not wanted:
            return at_own_prices(lines)
        if self._is_behind():
            raise PricesUpdatingError
        kept = self._labels
        known = {tenant: kept.get(tenant) for tenant in (buyer.dealer, CENTRAL)}
        missing = [tenant for tenant, labels in known.items() if labels is None]
        keys = documents_of(buyer, wanted).union(map(labels_id, missing))
        documents = await self._views.get_many(keys)
        for tenant in missing:
            known[tenant] = kept[tenant] = documents.get(labels_id(tenant), EMPTY)
        labels = Labels(known[buyer.dealer] or EMPTY, known[CENTRAL] or EMPTY)
        return at_our_prices(priced(buyer, wanted, documents, labels))

    async def caught_up(self, tokens: Sequence[Token]) -> None:
        """Wait until prices include the events of the tokens. Raises UnavailableError."""
        await self._views.caught_up(tokens)
        if any(token.log in CATALOGUE.topics for token in tokens):
            self._labels = self._no_labels(self._clock)

    @staticmethod
    def _no_labels(clock: Callable[[], float]) -> TTLCache[str, CatalogueView]:
        """A new one, so that queries under way do not bring old labels back."""
        return TTLCache(MAX_TENANTS, LABELS_SECONDS, clock)
