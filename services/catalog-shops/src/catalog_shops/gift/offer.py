"""The gifts that a dealer offers at an instant, wherever they come from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from catalog_shops.article.view import ArticleView, article_key
from catalog_shops.dealer.view import DealerView
from catalog_shops.gift.view import GiftsView
from zugabe_events.contracts.catalog_shops import GROUP_PREFIX, GiftSource
from zugabe_events.domain.gift_rules import GiftConfiguration, GiftRules, configuration_at
from zugabe_events.domain.gifts import Gift
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.domain.versions import last_begun
from zugabe_events.domain.views import Views


@dataclass(frozen=True, slots=True)
class Offer:
    """`tenant` maintains the gifts; "" if there are none (GA-5)."""

    source: GiftSource
    tenant: str
    configuration: GiftConfiguration


@dataclass(frozen=True, slots=True)
class GiftOffers:
    """The read models that gifts of a dealer are made of."""

    dealers: Views[DealerView]
    gifts: Views[GiftsView]
    articles: Views[ArticleView]

    async def at(self, dealer: str, instant: datetime) -> Offer:
        """The dealer's choice at the instant, and the rules in force then (X-40)."""
        source, tenant = await self._source(dealer, instant)
        if not tenant:
            return Offer(source, tenant, GiftConfiguration())
        return Offer(source, tenant, await self.own(tenant, instant))

    async def own(self, tenant: str, instant: datetime) -> GiftConfiguration:
        """The rules of a tenant's own gifts, whether they are used or not."""
        view = await self.gifts.get(tenant)
        return configuration_at(view.rules if view else GiftRules(), instant)

    async def _source(self, dealer: str, instant: datetime) -> tuple[GiftSource, str]:
        """Central and groups have no choice: theirs are their own."""
        if dealer == CENTRAL:
            return "central", CENTRAL
        if dealer.startswith(GROUP_PREFIX):
            return "group", dealer
        view = await self.dealers.get(dealer)
        chosen = last_begun(view.sources, instant) if view else None
        if chosen is None:
            return "none", ""
        tenants: Mapping[GiftSource, str] = {
            "central": CENTRAL,
            "group": chosen.group,
            "own": dealer,
            "none": "",
        }
        return chosen.gift_source, tenants[chosen.gift_source]

    async def articles_of(self, offer: Offer) -> Mapping[str, ArticleView]:
        """The articles of gifts by number, as far as they can be had now (X-27)."""
        keys = {
            gift.number: article_key(offer.tenant, gift.number)
            for gift in offer.configuration.gifts
        }
        found = await self.articles.get_many(list(keys.values())) if keys else {}
        return {
            number: article
            for number, key in keys.items()
            if (article := found.get(key)) is not None and can_be_had(article)
        }


def can_be_had(article: ArticleView) -> bool:
    return (
        article.status == "listed"
        and article.use == "gift"
        and article.availability in ("available", "low")
    )


def image_of(tenant: str, article: ArticleView) -> str | None:
    """The path of an article's first stored image."""
    return next(
        (f"/graphics/{tenant}/{image.file}" for image in article.images if image.file), None
    )


def there(gifts: Sequence[Gift], articles: Mapping[str, ArticleView]) -> Sequence[Gift]:
    """The gifts that can be had, named as their articles are now."""
    return [
        replace(gift, name=articles[gift.number].name) for gift in gifts if gift.number in articles
    ]
