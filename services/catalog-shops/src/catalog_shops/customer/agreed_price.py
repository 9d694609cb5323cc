"""Prices of an article that are agreed with one customer (Q34)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from catalog_shops.article.decider import ArticleState, article_history
from catalog_shops.article.refusals import ArticleNotFoundError
from catalog_shops.article.schedule import checked_prices
from zugabe_events.contracts.catalog_shops import CustomerPriceSet, Price
from zugabe_events.domain.article_number import key_of
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.event import Stream
from zugabe_events.domain.prices import PriceVersion, next_version, with_version


@dataclass(frozen=True, slots=True)
class AgreePrices:
    """Set all prices agreed with a customer, whole; none ends the agreement."""

    dealer: str
    number: str
    customer: str
    prices: tuple[Price, ...]
    at: datetime
    effective_at: datetime | None = None


type Versions = tuple[PriceVersion, ...]


def decide(
    command: AgreePrices, versions: Versions, *articles: ArticleState
) -> Sequence[CustomerPriceSet]:
    """`articles` are the dealer's own article and the central one of this number."""
    if not any(state.article for state in articles):
        raise ArticleNotFoundError(command.number)
    prices = checked_prices(command.prices)
    added = next_version(versions, prices, command.at, command.effective_at)
    if added is None:
        return []
    return [
        CustomerPriceSet(
            dealer=command.dealer,
            number=command.number,
            customer=command.customer,
            version=added.version,
            prices=added.prices,
            effective_at=added.effective_at,
        )
    ]


def evolve(versions: Versions, event: CustomerPriceSet) -> Versions:
    added = PriceVersion(event.version, event.effective_at, event.prices)
    return with_version(versions, added)


AGREED_PRICE_DECIDER: Decider[AgreePrices, Versions, CustomerPriceSet] = Decider(
    "agreed-price", (), decide, evolve
)


def agreed_price_history(
    dealer: str, customer: str, number: str
) -> History[Versions, CustomerPriceSet]:
    """In order with the prices of the dealer's article, whose partition key it shares."""
    stream = f"customer-price/{dealer}/{customer}/{key_of(number)}"
    return History(Stream(stream, article_history(dealer, number).stream.id), AGREED_PRICE_DECIDER)
