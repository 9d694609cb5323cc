"""The price of a cart by the catalogue: a pure function of its documents, the same for a quote and
for an order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from checkout.catalogue.documents import EMPTY, ArticleEntry, Documents, agreed_id, article_id
from checkout.catalogue.labels import Labels
from checkout.catalogue.refusals import LineReason
from checkout.peer.ports import Buyer
from checkout.pricing.exclusions import CustomerExclusions, excluded_from
from checkout.pricing.goods import CartLine, Goods, WantedLine, at_own_prices
from checkout.pricing.sale import Sale
from zugabe_events.contracts.checkout import CatalogueLine, LinePriceSource, OrderLine
from zugabe_events.domain.german_numbers import thousands
from zugabe_events.domain.prices import (
    PriceInForce,
    PriceSource,
    PriceVersion,
    in_force,
    line_net_cents,
    listed_price,
    price_for,
    step_of,
    unit_net_cents,
)
from zugabe_events.domain.tenant import CENTRAL

SOURCES: Mapping[PriceSource, LinePriceSource] = {
    "central": "list",
    "dealer": "dealer",
    "customer": "agreed",
}


@dataclass(frozen=True, slots=True)
class Offered:
    """The article behind a number at a dealer, with all prices; `tenant` maintains it."""

    tenant: str
    article: ArticleEntry
    central: Sequence[PriceVersion]
    dealer: Sequence[PriceVersion]
    agreed: Sequence[PriceVersion]


def documents_of(buyer: Buyer, lines: Sequence[WantedLine]) -> set[str]:
    """The keys of all that prices these lines, except for labels."""
    dealer, customer = buyer.dealer, buyer.customer
    agreed = {agreed_id(dealer, customer, line.article) for line in lines} if customer else set()
    return agreed | articles_behind(buyer, lines)


def articles_behind(buyer: Buyer, lines: Sequence[WantedLine] | Sequence[CartLine]) -> set[str]:
    return {
        article_id(tenant, line.article) for line in lines for tenant in (buyer.dealer, CENTRAL)
    }


def at_callers_prices(
    buyer: Buyer,
    lines: Sequence[CartLine],
    documents: Documents,
    customer: CustomerExclusions,
    sale: Sale,
) -> Goods:
    """Flags count of articles that the catalogue knows by the same number (X-24).

    Raises CartTooLargeError.
    """
    found = [offered_as(buyer, line.article, documents) for line in lines]
    excluded = [
        excluded_from(offered.article.flags if offered else (), "caller", customer)
        for offered in found
    ]
    return at_own_prices(lines, sale, excluded)


def orderable(
    buyer: Buyer,
    lines: Sequence[WantedLine],
    documents: Documents,
    labels: Labels,
    customer: CustomerExclusions,
) -> tuple[tuple[OrderLine, ...], tuple[LineReason, ...]]:
    """The lines as of the instant at which the buyer orders, and all that is against others."""
    found: list[OrderLine] = []
    reasons: list[LineReason] = []
    for number, line in enumerate(lines, start=1):
        offered = offered_as(buyer, line.article, documents)
        price = price_of(buyer, line, offered)
        objections = [
            LineReason(number, line.article, code, detail)
            for code, detail in against(buyer, line, offered, price)
        ]
        if offered and price and not objections:
            found.append(order_line(number, line, offered, price, labels, customer))
        reasons += objections
    return tuple(found), tuple(reasons)


def offered_as(buyer: Buyer, number: str, documents: Documents) -> Offered | None:
    """The dealer's own article, which has no central prices; else the central one."""
    own = documents.get(article_id(buyer.dealer, number), EMPTY)
    central = documents.get(article_id(CENTRAL, number), EMPTY)
    agreed = documents.get(agreed_id(buyer.dealer, buyer.customer, number), EMPTY)
    if own.article is not None:
        return Offered(buyer.dealer, own.article, (), own.prices, agreed.prices)
    if central.article is not None:
        return Offered(CENTRAL, central.article, central.prices, own.prices, agreed.prices)
    return None


def price_of(buyer: Buyer, line: WantedLine, offered: Offered | None) -> PriceInForce | None:
    if offered is None:
        return None
    return price_for(
        buyer.placed_at,
        line.quantity,
        central=offered.central,
        dealer=offered.dealer,
        customer=offered.agreed,
    )


def against(
    buyer: Buyer, line: WantedLine, offered: Offered | None, price: PriceInForce | None
) -> Iterator[tuple[str, str]]:
    """Codes and sentences: all that is against ordering this line."""
    if offered is None:
        yield "article-unknown", f"Den Artikel {line.article} gibt es nicht."
        return
    article = offered.article
    name = f"„{article.name}“ ({line.article})"
    if article.use == "gift":
        yield "article-is-gift", f"{name} ist ein Dankeschönartikel und nicht verkäuflich."
        return
    if not article.is_listed:
        yield "article-delisted", f"{name} ist nicht mehr im Sortiment."
        return
    if article.availability == "out-of-stock":
        yield "article-unavailable", f"{name} ist zurzeit nicht lieferbar."
    if article.availability == "discontinued":
        yield "article-unavailable", f"{name} ist ausgelaufen und nicht mehr lieferbar."
    if price is None:
        first = first_quantity(buyer, offered)
        if first is None:
            yield "price-missing", f"Für {name} gibt es zurzeit keinen Preis."
        else:
            yield (
                "quantity-too-small",
                f"{name} gibt es erst ab einer Menge von {thousands(first)}.",
            )


def first_quantity(buyer: Buyer, offered: Offered) -> int | None:
    """The smallest quantity that has a price for this buyer; None if there is no price."""
    listed = listed_price(buyer.placed_at, offered.central, offered.dealer)
    agreed = in_force(offered.agreed, buyer.placed_at, "customer")
    starts = [found.price.steps[0].from_quantity for found in (listed, agreed) if found]
    return min(starts, default=None)


def order_line(
    number: int,
    line: WantedLine,
    offered: Offered,
    found: PriceInForce,
    labels: Labels,
    customer: CustomerExclusions,
) -> OrderLine:
    article, price, source = offered.article, found.price, SOURCES[found.source]
    step = step_of(price, line.quantity)
    assert step is not None, "a price was found for this quantity"
    return OrderLine(
        number=number,
        article=line.article,
        product_group=article.groups[0] if article.groups else "",
        brand=article.brand,
        quantity=line.quantity,
        unit_cents=unit_net_cents(price, line.quantity),
        net_cents=line_net_cents(price, line.quantity),
        price_source=source,
        from_catalogue=CatalogueLine(
            name=article.name,
            brand_name=labels.brand(article.brand),
            groups=labels.with_above(article.groups),
            media=article.media,
            tax=article.tax,
            flags=article.flags,
            price_amount=step.amount,
            price_quantity=price.quantity,
            price_version=found.version,
            tenant=offered.tenant,
        ),
        excluded=excluded_from(article.flags, source, customer),
    )
