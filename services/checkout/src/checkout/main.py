"""Settings, real parts and process of checkout."""

from typing import Annotated

from fastapi import FastAPI
from pydantic import BeforeValidator, Field
from pydantic_settings import NoDecode

from checkout.access import RIGHTS
from checkout.app import create_app
from checkout.approval.view import SUBMISSIONS
from checkout.buyer.view import BUYERS
from checkout.cart.decider import CART_DECIDER
from checkout.cart.holders import WINDOW
from checkout.cart.view import CARTS
from checkout.catalogue.catalogue import Catalogue
from checkout.catalogue.view import CATALOGUE
from checkout.conduct.decider import CONDUCT_DECIDER
from checkout.fulfilment.decider import FULFILMENT_DECIDER
from checkout.numbers.allocator import OrderNumbers
from checkout.numbers.decider import NUMBERS_DECIDER
from checkout.order.decider import ORDER_DECIDER
from checkout.order.recorded import RECORD_DECIDER
from checkout.order.view import ORDERS
from checkout.peer.adapters import HttpBonus, HttpVouchers
from checkout.person import ERASURE
from checkout.pricing.vat_rates import GERMANY, VatRates, parse_vat_rates
from checkout.quotas import Quotas
from checkout.subscriptions import MAILS, POLICIES, READ_MODELS, TIMERS
from checkout.terms.customer_terms import CUSTOMER_TERMS_DECIDER
from checkout.terms.sales_terms import SALES_TERMS_DECIDER
from zugabe_events.cli.service import run as run_service
from zugabe_events.contracts.catalog_shops import (
    ArticleEvent,
    CustomerEvent,
    CustomerPriceEvent,
    DealerEvent,
    GiftEvent,
    MasterDataEvent,
)
from zugabe_events.contracts.checkout import CheckoutEvent
from zugabe_events.contracts.vouchers import CampaignEvent
from zugabe_events.domain.event import EventTypes
from zugabe_events.http.throttling import MongoTally, Throttle, deploy_failures
from zugabe_events.runtime.host import Host
from zugabe_events.runtime.service import Service, ServiceSettings

SERVICE = Service(
    "checkout",
    own=EventTypes.of(CheckoutEvent),
    event_types=EventTypes.of(
        CheckoutEvent,
        ArticleEvent,
        CustomerPriceEvent,
        CustomerEvent,
        DealerEvent,
        GiftEvent,
        MasterDataEvent,
        CampaignEvent,
    ),
    deciders=(
        NUMBERS_DECIDER,
        ORDER_DECIDER,
        RECORD_DECIDER,
        CART_DECIDER,
        SALES_TERMS_DECIDER,
        CUSTOMER_TERMS_DECIDER,
        FULFILMENT_DECIDER,
        CONDUCT_DECIDER,
    ),
    policies=POLICIES,
    read_models=READ_MODELS,
    mails=MAILS,
    timers=TIMERS,
    erasure=ERASURE,
    deploy_steps=(deploy_failures,),
)


def vat_rates_in(given: object) -> object:
    return parse_vat_rates(given) if isinstance(given, str) else given


class Settings(ServiceSettings):
    """The settings of checkout."""

    hold_seconds: int = Field(900, ge=1)
    """seconds for which a checkout attempt holds a voucher or a reward before it lapses"""
    price_delay_seconds: int = Field(60, ge=1)
    """seconds after which a change of the catalogue that checkout does not know yet keeps it from
    pricing carts"""
    vat_rates: Annotated[VatRates, NoDecode, BeforeValidator(vat_rates_in)] = Field(GERMANY)
    """VAT rates by tax class, a comma-separated list of `class=percent@day`, from which day on; a
    class that is not named keeps the German rates, and its first rate holds before, too"""


def build(host: Host) -> FastAPI:
    settings = host.settings
    assert isinstance(settings, Settings)
    access = host.access(RIGHTS)
    documents = host.views(CATALOGUE)
    delay = host.delay(CATALOGUE, "catalog-shops", settings.price_delay_seconds)
    return create_app(
        host.store,
        host.views(ORDERS),
        host.views(BUYERS),
        host.views(SUBMISSIONS),
        host.views(CARTS),
        access,
        host.people,
        OrderNumbers(host.store, access.new_id),
        documents,
        Catalogue(documents, delay.is_too_long),
        HttpVouchers(host.http, settings.url_of("vouchers"), host.bearer),
        HttpBonus(host.http, settings.url_of("bonus"), host.bearer),
        settings.vat_rates,
        Throttle(MongoTally(host.db), WINDOW),
        Quotas(MongoTally(host.db)),
        hold_seconds=settings.hold_seconds,
        background=[delay.watch],
        ready=host.ready,
    )


def run() -> None:
    run_service(SERVICE, Settings, build)
