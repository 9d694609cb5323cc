"""What catalog-shops says, in short: articles, prices, groups and brands for a cart."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from checkout.catalogue.view import CatalogueView
from zugabe_events.contracts.catalog_shops import (
    Article,
    ArticleListed,
    BrandNamed,
    CustomerPriceSet,
    PriceSet,
    ProductGroupPlaced,
)
from zugabe_events.domain.prices import Price, PriceStep
from zugabe_testing.views import InMemoryViews

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
CENTRAL = "central"

type Documents = InMemoryViews[CatalogueView]


def price(*steps: tuple[int, str], unit: int = 1, **validity: date) -> Price:
    found = tuple(PriceStep(quantity, Decimal(amount)) for quantity, amount in steps)
    return Price(found, unit, validity.get("valid_from"), validity.get("valid_until"))


def each(amount: str, unit: int = 1) -> Price:
    """A price without steps and without end."""
    return price((1, amount), unit=unit)


class Told:
    """Tells a read model what catalog-shops publishes; versions of prices count by themselves."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._versions: dict[tuple[str, ...], int] = {}

    def listed(self, number: str, name: str = "", tenant: str = CENTRAL, **more: Any) -> None:
        article = Article(name or f"Artikel {number}", **more)
        self._documents.fold(ArticleListed(tenant, number, article, LONG_AGO))

    def priced(
        self, number: str, *prices: Price, tenant: str = CENTRAL, since: datetime = LONG_AGO
    ) -> None:
        version = self._next(tenant, number)
        self._documents.fold(PriceSet(tenant, number, version, prices, since))

    def agreed(
        self,
        number: str,
        *prices: Price,
        customer: str = "c1",
        dealer: str = "d1",
        since: datetime = LONG_AGO,
    ) -> None:
        version = self._next(dealer, customer, number)
        self._documents.fold(CustomerPriceSet(dealer, number, customer, version, prices, since))

    def sold(self, number: str, amount: str, name: str = "", **more: Any) -> None:
        """A central article at a price for everybody."""
        self.listed(number, name, **more)
        self.priced(number, each(amount))

    def grouped(self, group: str, name: str, parent: str = "", tenant: str = CENTRAL) -> None:
        self._documents.fold(ProductGroupPlaced(tenant, group, name, parent))

    def branded(self, brand: str, name: str, tenant: str = CENTRAL) -> None:
        self._documents.fold(BrandNamed(tenant, brand, name, "staff"))

    def _next(self, *whose: str) -> int:
        self._versions[whose] = self._versions.get(whose, 0) + 1
        return self._versions[whose]
