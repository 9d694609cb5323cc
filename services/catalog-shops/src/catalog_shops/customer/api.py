"""Routes of customers: what they do not take part in, and the prices agreed with them."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from catalog_shops.article.api import existing
from catalog_shops.article.decider import article_history
from catalog_shops.article.explanation import PriceAnswer, explained
from catalog_shops.article.offer import offer_of
from catalog_shops.article.requests import PricesBody, Quantity, number_in
from catalog_shops.article.view import ArticleView
from catalog_shops.article_number import ArticleKey
from catalog_shops.customer.agreed_price import AgreePrices, agreed_price_history
from catalog_shops.customer.agreed_price import decide as decide_agreed
from catalog_shops.customer.decider import SetExclusions, customer_history
from catalog_shops.customer.listing import (
    AGREED_PRICE_TABLE,
    CUSTOMER_TABLE,
    AgreedPriceQuery,
    CustomerQuery,
)
from catalog_shops.customer.view import (
    AgreedPriceView,
    CustomerView,
    agreed_price_key,
    customer_key,
)
from catalog_shops.quotas import Quotas
from catalog_shops.tenancy import edits_own
from catalog_shops.tenants import with_central
from zugabe_events.contracts.catalog_shops import Benefit
from zugabe_events.domain.decider import History
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.views import Views
from zugabe_events.export.response import Exports
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.effective import past_of
from zugabe_events.http.fields import Body, Id, Instant, at_most
from zugabe_events.http.list_routes import Selection, list_routes
from zugabe_events.http.request_context import RequestContext


class ExclusionsBody(Body):
    """All that a customer is excluded from; `contract_priced` leaves out lines at agreed prices."""

    excluded: Annotated[tuple[Benefit, ...], at_most(4)]
    contract_priced: bool = False
    effective_at: Instant | None = None


def customer_api(
    store: EventStore,
    customers: Views[CustomerView],
    agreed_prices: Views[AgreedPriceView],
    articles: Views[ArticleView],
    access: Access,
    quotas: Quotas,
    exports: Exports,
) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}/customers", tags=["customer"])
    edits = Depends(access.requires("edit-customers"))
    sees = access.requires("see-customers")

    @router.put("/{customer}/exclusions", status_code=204)
    async def set_exclusions(
        dealer: Id, customer: Id, body: ExclusionsBody, request: Annotated[RequestContext, edits]
    ) -> None:
        """Set what a customer does not take part in, whole."""
        edits_own(request)
        await quotas.count("customers", request)
        command = SetExclusions(
            dealer,
            customer,
            frozenset(body.excluded),
            body.contract_priced,
            request.context.at,
            past_of(request, body.effective_at),
        )
        await request.handle(store, customer_history(dealer, customer), command)

    @router.get("/{customer}/exclusions")
    async def get_exclusions(
        dealer: Id, customer: Id, _: Annotated[RequestContext, Depends(reads(sees, customers))]
    ) -> CustomerView:
        """A customer about whom nothing was said takes part in everything."""
        view = await customers.get(customer_key(dealer, customer))
        return view or CustomerView(dealer, customer)

    @router.put("/{customer}/prices/{key}", status_code=204)
    async def agree_prices(
        dealer: Id,
        customer: Id,
        key: ArticleKey,
        body: PricesBody,
        request: Annotated[RequestContext, edits],
    ) -> None:
        """Set all prices of an article that are agreed with a customer; none ends it."""
        edits_own(request)
        await quotas.count("agreed-prices", request)
        command = AgreePrices(
            dealer,
            number_in(key),
            customer,
            body.schedule(),
            request.context.at,
            past_of(request, body.effective_at),
        )
        histories: list[History[Any, Any]] = [
            agreed_price_history(dealer, customer, command.number),
            *(article_history(tenant, command.number) for tenant in with_central(dealer)),
        ]
        await request.handle_reading(store, histories, partial(decide_agreed, command))

    @router.get("/{customer}/prices/{key}")
    async def get_customers_price(
        dealer: Id,
        customer: Id,
        key: ArticleKey,
        request: Annotated[RequestContext, Depends(reads(sees, articles, agreed_prices))],
        quantity: Annotated[Quantity, Query(strict=False)] = 1,
        at: Annotated[Instant | None, Query()] = None,
    ) -> PriceAnswer:
        """The price of this customer, now or at another instant: the agreed one, if there is."""
        number = number_in(key)
        effective = await existing(articles, dealer, number)
        agreed = await agreed_prices.get(agreed_price_key(dealer, customer, number))
        instant = at or request.context.at
        offer = offer_of(
            effective, instant, quantity=quantity, agreed=agreed.prices if agreed else ()
        )
        return explained(offer, effective, instant)

    @list_routes(router, "", customers, CUSTOMER_TABLE, exports)
    async def list_customers(
        dealer: Id,
        request: Annotated[RequestContext, Depends(sees)],
        query: Annotated[CustomerQuery, Query()],
    ) -> Selection[CustomerView]:
        """Customers about whom something was said."""
        return Selection({**query.where(), "dealer": dealer})

    @list_routes(router, "/{customer}/prices", agreed_prices, AGREED_PRICE_TABLE, exports)
    async def list_agreed_prices(
        dealer: Id,
        customer: Id,
        request: Annotated[RequestContext, Depends(sees)],
        query: Annotated[AgreedPriceQuery, Query()],
    ) -> Selection[AgreedPriceView]:
        """The prices agreed with a customer, by article."""
        return Selection({**query.where(), "dealer": dealer, "customer": customer})

    return router
