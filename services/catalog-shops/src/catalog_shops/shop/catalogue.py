"""The catalogue as a shop needs it: articles for sale, of the dealer or of central, and
brands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalog_shops.article.decider import article_history
from catalog_shops.article.offer import EffectiveArticle, effective_articles
from catalog_shops.article.view import ArticleView
from catalog_shops.brand.decider import Named, brand_history
from zugabe_events.contracts.catalog_shops import Article
from zugabe_events.domain.event_store import EventStore, states_of
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.domain.views import Views

LOADED_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One article and one brand are looked up in the log: what was just listed is known."""

    store: EventStore
    views: Views[ArticleView]

    async def article(self, dealer: str, number: str) -> Article | None:
        """An article that is listed for sale; the dealer's own one wins over a central one."""
        histories = [article_history(tenant, number) for tenant in (dealer, CENTRAL)]
        own, central = await states_of(self.store, histories)
        state = own if own.article is not None else central
        is_sold = state.is_listed and state.article is not None and state.article.use == "sale"
        return state.article if is_sold else None

    async def articles(self, dealer: str, numbers: Sequence[str]) -> Mapping[str, EffectiveArticle]:
        """Those of many numbers that the dealer has ever had."""
        found: dict[str, EffectiveArticle] = {}
        for first in range(0, len(numbers), LOADED_AT_ONCE):
            some = numbers[first : first + LOADED_AT_ONCE]
            found |= await effective_articles(self.views, dealer, some)
        return found

    async def brand_name(self, dealer: str, brand: str) -> str | None:
        """The name of a brand of the dealer or of central; None if there is no such brand."""
        histories = [brand_history(tenant, brand) for tenant in (dealer, CENTRAL)]
        states = await states_of(self.store, histories)
        return next((state.name for state in states if isinstance(state, Named)), None)
