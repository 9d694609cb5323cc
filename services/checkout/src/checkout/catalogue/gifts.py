"""The gifts that a tenant offers, by its rules and the articles of its gifts: pure (X-27)."""

from collections.abc import Mapping
from datetime import date, datetime

from msgspec.structs import replace

from checkout.catalogue.documents import EMPTY, ArticleEntry, Documents, article_id
from checkout.gift.offer import GiftOffer
from zugabe_events.domain.gift_rules import GiftConfiguration, GiftRules, configuration_at
from zugabe_events.domain.gifts import Gift, valid_on


def configured(rules: GiftRules, at: datetime, day: date) -> GiftConfiguration:
    """The rules in force at an instant, with the gifts that are valid on the day."""
    found = configuration_at(rules, at)
    return replace(found, gifts=valid_on(found.gifts, day))


def articles_of(tenant: str, configuration: GiftConfiguration) -> set[str]:
    """The keys of the articles, which are always the tenant's own."""
    return {article_id(tenant, gift.number) for gift in configuration.gifts}


def offered(tenant: str, configuration: GiftConfiguration, documents: Documents) -> GiftOffer:
    """The gifts whose articles can be had now, named as these are now; and the others."""
    articles: Mapping[str, ArticleEntry] = {
        gift.gift: article
        for gift in configuration.gifts
        if (article := article_of(tenant, gift, documents)) is not None and can_be_had(article)
    }
    return GiftOffer(
        tenant=tenant,
        version=configuration.version,
        mode=configuration.mode,
        gifts=tuple(
            replace(gift, name=articles[gift.gift].name)
            for gift in configuration.gifts
            if gift.gift in articles
        ),
        unavailable=tuple(gift for gift in configuration.gifts if gift.gift not in articles),
        taxes={gift: article.tax for gift, article in articles.items()},
    )


def article_of(tenant: str, gift: Gift, documents: Documents) -> ArticleEntry | None:
    return documents.get(article_id(tenant, gift.number), EMPTY).article


def can_be_had(article: ArticleEntry) -> bool:
    return (
        article.is_listed and article.use == "gift" and article.availability in ("available", "low")
    )
