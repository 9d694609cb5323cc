"""Read models of customers: what they do not take part in, and the prices agreed with them."""

from collections.abc import Sequence

from msgspec.structs import replace

from zugabe_events.contracts.catalog_shops import Benefit, CustomerExclusionsSet, CustomerPriceSet
from zugabe_events.domain.article_number import key_of
from zugabe_events.domain.event import Event, Fact, Instant
from zugabe_events.domain.prices import PriceVersion, with_version
from zugabe_events.domain.projection import ListOptions, ReadModel
from zugabe_events.domain.versions import latest

MAX_VERSIONS = 50


class ExclusionVersion(Fact, frozen=True):
    """In force from `effective_at` to the next version."""

    version: int
    effective_at: Instant
    excluded: tuple[Benefit, ...]
    contract_priced: bool


class CustomerView(Fact, frozen=True):
    """A customer of a dealer. `excluded` and `contract_priced` are the latest ones."""

    dealer: str
    customer: str
    excluded: tuple[Benefit, ...] = ()
    contract_priced: bool = False
    versions: tuple[ExclusionVersion, ...] = ()


class AgreedPriceView(Fact, frozen=True):
    """The prices of an article that are agreed with a customer, by version."""

    dealer: str
    customer: str
    number: str
    has_prices: bool = False
    prices: tuple[PriceVersion, ...] = ()


def customer_key(dealer: str, customer: str) -> str:
    return f"{dealer}/{customer}"


def agreed_price_key(dealer: str, customer: str, number: str) -> str:
    return f"{dealer}/{customer}/{key_of(number)}"


def customer_keys(event: Event) -> Sequence[str]:
    match event:
        case CustomerExclusionsSet():
            return [customer_key(event.dealer, event.customer)]
        case _:
            return []


def project_customer(view: CustomerView | None, event: Event) -> CustomerView | None:
    match event:
        case CustomerExclusionsSet():
            known = view or CustomerView(event.dealer, event.customer)
            added = ExclusionVersion(
                event.version, event.effective_at, event.excluded, event.contract_priced
            )
            versions = (*known.versions, added)[-MAX_VERSIONS:]
            last = latest(versions) or added
            return replace(
                known,
                versions=versions,
                excluded=last.excluded,
                contract_priced=last.contract_priced,
            )
        case _:
            return view


def agreed_price_keys(event: Event) -> Sequence[str]:
    match event:
        case CustomerPriceSet():
            return [agreed_price_key(event.dealer, event.customer, event.number)]
        case _:
            return []


def project_agreed_price(view: AgreedPriceView | None, event: Event) -> AgreedPriceView | None:
    match event:
        case CustomerPriceSet():
            known = view or AgreedPriceView(event.dealer, event.customer, event.number)
            added = PriceVersion(event.version, event.effective_at, event.prices)
            versions = with_version(known.prices, added)
            last = latest(versions) or added
            return replace(known, prices=versions, has_prices=bool(last.prices))
        case _:
            return view


CUSTOMERS = ReadModel(
    name="catalog-shops.customers",
    version=1,
    topics=("catalog-shops",),
    view=CustomerView,
    keys=customer_keys,
    project=project_customer,
    lists=ListOptions(("excluded", "contract_priced"), ("customer",)),
)

AGREED_PRICES = ReadModel(
    name="catalog-shops.agreed-prices",
    version=1,
    topics=("catalog-shops",),
    view=AgreedPriceView,
    keys=agreed_price_keys,
    project=project_agreed_price,
    lists=ListOptions(("customer", "has_prices"), ("number",)),
)
