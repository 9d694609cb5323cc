"""Prices of carts and the rules of their sale from the read model, with one query each.

What seldom changes is kept for some seconds: labels, campaigns, and gifts with their articles.
"""

import time
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from cachetools import TTLCache

from checkout.catalogue.documents import (
    EMPTY,
    CatalogueView,
    Documents,
    campaigns_id,
    choices_id,
    customer_id,
    gifts_id,
    labels_id,
)
from checkout.catalogue.gifts import articles_of, configured, offered
from checkout.catalogue.labels import Labels
from checkout.catalogue.offer import (
    articles_behind,
    at_callers_prices,
    documents_of,
    orderable,
)
from checkout.catalogue.refusals import LinesRefusedError, PricesUpdatingError
from checkout.catalogue.sale import (
    customer_of,
    gift_tenant,
    rules_of,
    sale_of,
    second_purchase_runs,
    usable_campaigns,
)
from checkout.catalogue.view import CATALOGUE
from checkout.gift.offer import GiftOffer
from checkout.peer.ports import Buyer
from checkout.pricing.exclusions import excluded_from
from checkout.pricing.goods import CartLine, Goods, WantedLine, at_our_prices, at_own_prices
from checkout.pricing.sale import NO_GIFTS, NOTHING_CONFIGURED
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.gift_rules import latest_at
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.domain.views import Views

KEPT_SECONDS = 5.0
"""The age at which a copy is read again; at once for a caller with a token of its origin."""

MAX_LABELS = 200
"""Tenants whose product groups and brands are kept."""

MAX_RULES = 5_000
"""Documents of dealers, and of customers whose past orders are imported, that are kept."""

MAX_OFFERS = 1_000


class KeptOffer(NamedTuple):
    """The gifts of a day, by rules of which the latest is in force from `since` on."""

    since: datetime | None
    offer: GiftOffer


def campaigns_of(buyer: Buyer) -> list[str]:
    """The keys of the dealer's campaigns and of the central ones, which they may have joined."""
    return [campaigns_id(buyer.dealer), campaigns_id(CENTRAL)]


class Kept:
    """Copies of a process; replaced as a whole, so that queries under way bring nothing back."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.labels: TTLCache[str, CatalogueView] = TTLCache(MAX_LABELS, KEPT_SECONDS, clock)
        self.rules: TTLCache[str, CatalogueView] = TTLCache(MAX_RULES, KEPT_SECONDS, clock)
        self.offers: TTLCache[tuple[str, date], KeptOffer] = TTLCache(
            MAX_OFFERS, KEPT_SECONDS, clock
        )

    def of(self, key: str) -> TTLCache[str, CatalogueView]:
        return self.labels if key.startswith("labels/") else self.rules


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
        self._kept = Kept(clock)
        self._clock = clock

    async def goods(
        self,
        buyer: Buyer,
        wanted: Sequence[WantedLine],
        lines: Sequence[CartLine],
        *,
        past: bool = False,
        in_part: bool = False,
    ) -> Goods:
        """Raises LinesRefusedError, PricesUpdatingError and the errors of `at_our_prices`."""
        if past and not wanted:
            return await self._past_goods(buyer, lines)
        if wanted and self._is_behind():
            raise PricesUpdatingError
        kept = self._kept
        seldom = [choices_id(buyer.dealer), *campaigns_of(buyer)]
        seldom += [labels_id(buyer.dealer), labels_id(CENTRAL)] if wanted else []
        fresh = rules_of(buyer) | documents_of(buyer, wanted) | articles_behind(buyer, lines)
        documents = await self._read(kept, fresh, seldom)
        customer = customer_of(buyer, documents)
        sale = NOTHING_CONFIGURED
        if not past:
            has_gifts = "gifts" not in customer.benefits
            gifts = await self._gifts(kept, buyer, documents) if has_gifts else NO_GIFTS
            sale = sale_of(buyer, documents, customer, gifts)
        if not wanted:
            return at_callers_prices(buyer, lines, documents, customer, sale)
        labels = Labels(documents[labels_id(buyer.dealer)], documents[labels_id(CENTRAL)])
        found, refused = orderable(buyer, wanted, documents, labels, customer)
        if refused and not in_part:
            raise LinesRefusedError(refused)
        return at_our_prices(found, sale, refused)

    async def second_purchase_runs(self, buyer: Buyer) -> bool:
        """Asks nobody right after `goods`, which reads campaigns as well."""
        documents = await self._read(self._kept, (), campaigns_of(buyer))
        campaigns = usable_campaigns(buyer.dealer, documents, buyer.placed_at)
        return second_purchase_runs(campaigns, buyer.placed_at)

    async def caught_up(self, tokens: Sequence[Token]) -> None:
        """Wait until prices include the events of the tokens. Raises UnavailableError."""
        await self._views.caught_up(tokens)
        if any(token.log in CATALOGUE.topics and token.log != "checkout" for token in tokens):
            self._kept = Kept(self._clock)

    async def _past_goods(self, buyer: Buyer, lines: Sequence[CartLine]) -> Goods:
        """At prices of the past only exclusions of the customer count, which have versions."""
        key = customer_id(buyer.dealer, buyer.customer)
        documents = await self._read(self._kept, (), [key])
        excluded = excluded_from((), "caller", customer_of(buyer, documents))
        return at_own_prices(lines, excluded=[excluded] * len(lines))

    async def _gifts(self, kept: Kept, buyer: Buyer, documents: Documents) -> GiftOffer:
        """Articles of gifts are asked for when their rules are, and kept with them."""
        at, day = buyer.placed_at, day_of(buyer.placed_at)
        tenant = gift_tenant(buyer.dealer, documents[choices_id(buyer.dealer)], at)
        if not tenant:
            return NO_GIFTS
        found = kept.offers.get((tenant, day))
        if found is not None and (found.since is None or found.since <= at):
            return found.offer
        key = gifts_id(tenant)
        rules = (await self._views.get_many([key])).get(key, EMPTY).gifts
        configuration = configured(rules, at, day)
        keys = articles_of(tenant, configuration)
        articles = await self._views.get_many(keys) if keys else {}
        offer, since = offered(tenant, configuration, articles), latest_at(rules)
        if since is None or since <= at:
            kept.offers[tenant, day] = KeptOffer(since, offer)
        return offer

    async def _read(
        self, kept: Kept, fresh: Collection[str], seldom: Collection[str]
    ) -> dict[str, CatalogueView]:
        """All `seldom` documents, which may be kept ones, and those of `fresh` that exist."""
        known = {key: document for key in seldom if (document := kept.of(key).get(key)) is not None}
        missing = [key for key in seldom if key not in known]
        keys = {*fresh, *missing}
        documents = dict(await self._views.get_many(keys)) if keys else {}
        for key in missing:
            documents[key] = kept.of(key)[key] = documents.get(key, EMPTY)
        return documents | known
