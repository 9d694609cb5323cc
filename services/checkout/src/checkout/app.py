"""The application of checkout, assembled from its parts without reading the environment."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from fastapi import FastAPI

from checkout.api_words import WORDS
from checkout.approval.api import approval_api
from checkout.approval.approving import ApproveOrder
from checkout.approval.changing import ChangeOrder
from checkout.approval.gate import ApprovalGate
from checkout.approval.list_api import submission_api
from checkout.approval.view import SubmissionView
from checkout.buyer.api import buyer_api
from checkout.buyer.view import BuyerView
from checkout.cart.api import cart_api
from checkout.cart.carts import Carts
from checkout.cart.holders import Holders
from checkout.cart.list_api import cart_list_api
from checkout.cart.priced import PricedCarts
from checkout.cart.view import SavedCart
from checkout.catalogue.documents import CatalogueView
from checkout.fulfilment.api import returns_api, steps_api
from checkout.numbers.allocator import OrderNumbers
from checkout.order import import_api
from checkout.order.api import order_api, quote_api
from checkout.order.order_import import ImportOrders
from checkout.order.placement import PlaceOrder
from checkout.order.view import OrderView
from checkout.peer.ports import Bonus, Prices, Vouchers
from checkout.pricing.quote import Quotes
from checkout.pricing.vat_rates import VatRates
from checkout.quotas import Quotas
from checkout.terms.api import terms_api
from checkout.terms.approver_api import approver_api
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.views import Views
from zugabe_events.encryption.personal_data import People
from zugabe_events.export.response import Exports
from zugabe_events.http.app import Work, http_app
from zugabe_events.http.authorization import Access
from zugabe_events.http.throttling import Throttle


def create_app(
    store: EventStore,
    orders: Views[OrderView],
    buyers: Views[BuyerView],
    submissions: Views[SubmissionView],
    saved_carts: Views[SavedCart],
    access: Access,
    people: People,
    numbers: OrderNumbers,
    documents: Views[CatalogueView],
    prices: Prices,
    vouchers: Vouchers,
    bonus: Bonus,
    vat_rates: VatRates,
    throttle: Throttle,
    quotas: Quotas,
    *,
    hold_seconds: int,
    background: Sequence[Work] = (),
    ready: Callable[[], Awaitable[bool]] | None = None,
) -> FastAPI:
    exports = Exports()
    place_order = PlaceOrder(
        store,
        numbers,
        prices,
        vouchers,
        bonus,
        vat_rates,
        ApprovalGate(buyers),
        timedelta(seconds=hold_seconds),
    )
    quotes = Quotes(prices, vouchers, bonus, vat_rates)
    carts = Carts(store, people, Holders(throttle), quotas)
    routers = [
        quote_api(prices, quotes, quotas, access),
        cart_api(carts, PricedCarts(prices, quotes, people), access),
        cart_list_api(saved_carts, prices, access),
        order_api(store, place_order, prices, vouchers, orders, people, quotas, access, exports),
        steps_api(store, people, access),
        returns_api(store, people, quotas, access),
        import_api.import_api(ImportOrders(store, place_order), people, access),
        submission_api(orders, submissions, people, access, exports),
        approval_api(
            store,
            ApproveOrder(store, numbers, prices, vat_rates),
            ChangeOrder(store, place_order),
            prices,
            people,
            quotas,
            access,
        ),
        buyer_api(buyers, access, exports),
        terms_api(store, documents, access),
        approver_api(store, people, documents, access),
    ]
    larger = {import_api.ROUTE: import_api.MAX_BODY_BYTES}
    return http_app("checkout", routers, background, ready=ready, larger_bodies=larger, words=WORDS)
