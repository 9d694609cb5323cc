"""A dealer's offer under a number: their own article or the central one, and its price."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from catalog_shops.article.view import ArticleView, article_key
from zugabe_events.contracts.catalog_shops import TopArticle
from zugabe_events.domain.calendar import is_within
from zugabe_events.domain.event import Fact
from zugabe_events.domain.prices import (
    Price,
    PriceSource,
    PriceVersion,
    line_net_cents,
    listed_price,
    lowest_price,
    price_for,
    step_of,
    unit_net,
)
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.domain.views import Views


class EffectiveArticle(Fact, frozen=True):
    """An article as it counts at a dealer, with the versions of its prices.

    `article.dealer` is who maintains it. An article of the dealer's own has no central prices.
    """

    article: ArticleView
    central: tuple[PriceVersion, ...]
    own: tuple[PriceVersion, ...]

    @property
    def is_orderable(self) -> bool:
        return self.article.status == "listed" and self.article.availability != "discontinued"


class OfferStep(Fact, frozen=True):
    """`amount` for the price unit, and for one piece to four decimals, from a quantity on."""

    from_quantity: int
    amount: Decimal
    unit_net: Decimal


class LowestPrice(Fact, frozen=True):
    """The lowest price of the last 30 days: `amount` for a price unit of `quantity` (Q13)."""

    amount: Decimal
    quantity: int


class StrikePrice(Fact, frozen=True):
    """A price to cross out: `amount` for a price unit of `quantity`."""

    amount: Decimal
    quantity: int


class OfferedPrice(Fact, frozen=True):
    """The price of a quantity at an instant: `amount` for the price unit, and the whole line.

    `steps` are those of the same price.
    """

    source: PriceSource
    version: int
    price_unit: int
    amount: Decimal
    unit_net: Decimal
    line_net_cents: int
    steps: tuple[OfferStep, ...]


class Offer(Fact, frozen=True):
    """An article at a dealer, for a quantity and an instant.

    `price` is None if there is none, or none for so few pieces. `strike` is the price to cross out,
    only within its period and above the price (Q13).
    """

    number: str
    article: ArticleView
    quantity: int
    price: OfferedPrice | None
    lowest: LowestPrice | None
    strike: StrikePrice | None


async def effective_article(
    articles: Views[ArticleView], dealer: str, number: str, *, group: str = ""
) -> EffectiveArticle | None:
    """`group` is a group of dealers whose gifts this dealer has, if any."""
    found = await effective_articles(articles, dealer, [number], group=group)
    return found.get(number)


async def effective_articles(
    articles: Views[ArticleView], dealer: str, numbers: Collection[str], *, group: str = ""
) -> Mapping[str, EffectiveArticle]:
    """Those of the numbers that exist at the dealer, delisted ones included; in one query."""
    tenants = tuple(dict.fromkeys(filter(None, (dealer, group, CENTRAL))))
    documents = await articles.get_many(
        {article_key(tenant, number) for tenant in tenants for number in numbers}
    )
    found = {}
    for number in numbers:
        by_tenant = [documents.get(article_key(tenant, number)) for tenant in tenants]
        if (effective := merged(by_tenant)) is not None:
            found[number] = effective
    return found


def merged(views: Sequence[ArticleView | None]) -> EffectiveArticle | None:
    """The article of the first tenant that has one; the dealer comes first.

    The dealer's document may hold only prices: they come before those of the article's tenant.
    """
    own, *others = views
    if own is not None and own.status != "prices":
        return EffectiveArticle(own, (), own.prices)
    article = next((one for one in others if one and one.status != "prices"), None)
    if article is None:
        return None
    return EffectiveArticle(article, article.prices, own.prices if own else ())


def offer_of(
    effective: EffectiveArticle,
    at: datetime,
    *,
    quantity: int = 1,
    agreed: Sequence[PriceVersion] = (),
    strike: TopArticle | None = None,
) -> Offer:
    """`agreed` are the prices agreed with the customer; `strike` is a top article of a shop."""
    central, own = effective.central, effective.own
    price = offered_price(effective, at, quantity, agreed)
    lowest = lowest_price(at, central=central, dealer=own)
    return Offer(
        number=effective.article.number,
        article=effective.article,
        quantity=quantity,
        price=price,
        lowest=LowestPrice(lowest.steps[0].amount, lowest.quantity) if lowest else None,
        strike=visible_strike(effective, price, strike, at),
    )


def offered_price(
    effective: EffectiveArticle, at: datetime, quantity: int, agreed: Sequence[PriceVersion]
) -> OfferedPrice | None:
    found = price_for(
        at, quantity, central=effective.central, dealer=effective.own, customer=agreed
    )
    step = step_of(found.price, quantity) if found else None
    if found is None or step is None:
        return None
    return OfferedPrice(
        source=found.source,
        version=found.version,
        price_unit=found.price.quantity,
        amount=step.amount,
        unit_net=unit_net(found.price, quantity),
        line_net_cents=line_net_cents(found.price, quantity),
        steps=steps_of(found.price),
    )


def first_quantity(effective: EffectiveArticle, at: datetime) -> int:
    """The smallest quantity that has a price for everybody; 1 if there is no price."""
    found = listed_price(at, effective.central, effective.own)
    return found.price.steps[0].from_quantity if found else 1


def steps_of(price: Price) -> tuple[OfferStep, ...]:
    return tuple(
        OfferStep(step.from_quantity, step.amount, unit_net(price, step.from_quantity))
        for step in price.steps
    )


def visible_strike(
    effective: EffectiveArticle,
    price: OfferedPrice | None,
    strike: TopArticle | None,
    at: datetime,
) -> StrikePrice | None:
    """It is for the unit of the price for everybody; what the buyer pays may have another one."""
    if strike is None or strike.strike_price is None or price is None:
        return None
    if not is_within(at, strike.strike_from, strike.strike_until):
        return None
    listed = listed_price(at, effective.central, effective.own)
    found = StrikePrice(strike.strike_price, listed.price.quantity if listed else price.price_unit)
    is_above = found.amount * price.price_unit > price.amount * found.quantity
    return found if is_above else None
