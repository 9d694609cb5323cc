"""The application of bonus, assembled from its parts without reading the environment."""

from collections.abc import Awaitable, Callable

from fastapi import FastAPI

from bonus.account.api import account_api
from bonus.account.correction_api import correction_api
from bonus.account.movements import Movement
from bonus.account.opening_api import LARGER_BODIES, opening_api
from bonus.account.opt_out_api import opt_out_api
from bonus.account.reward_api import reward_api
from bonus.account.view import AccountView
from bonus.advertising.api import advertising_api
from bonus.advertising.graphic import GraphicView
from bonus.api_words import WORDS
from bonus.catalogue.view import LabelView
from bonus.customer.api import customer_api
from bonus.customer.view import CustomerView
from bonus.liability.api import liability_api
from bonus.liability.figures import LiabilityViews
from bonus.notice.api import notice_api
from bonus.pool.api import pool_api
from bonus.pool.view import PoolView
from bonus.programme.api import programme_api
from bonus.programme.page_api import page_api
from bonus.programme.switch_api import switch_api
from bonus.programme.view import ProgrammeView
from bonus.programme.visitors import Visitors
from bonus.quotas import Quotas
from bonus.text.api import text_api
from bonus.text.view import TextView
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.marketing_module import ModuleView
from zugabe_events.domain.views import Follower, Views
from zugabe_events.export.response import Exports
from zugabe_events.http.app import http_app
from zugabe_events.http.authorization import Access


def create_app(
    store: EventStore,
    accounts: Views[AccountView],
    movements: Views[Movement],
    liability: LiabilityViews,
    programmes: Views[ProgrammeView],
    customers: Views[CustomerView],
    pools: Views[PoolView],
    texts: Views[TextView],
    dealers: Views[ModuleView],
    labels: Views[LabelView],
    graphics: Views[GraphicView],
    policies: Follower,
    access: Access,
    quotas: Quotas,
    *,
    ready: Callable[[], Awaitable[bool]] | None = None,
) -> FastAPI:
    exports, visitors = Exports(), Visitors(store, accounts)
    routers = [
        programme_api(store, programmes, dealers, labels, pools, access),
        switch_api(store, accounts, dealers, access),
        page_api(store, programmes, visitors, dealers, labels, access),
        advertising_api(store, graphics, dealers, visitors, access),
        customer_api(store, customers, dealers, access, exports),
        text_api(store, texts, dealers, access, quotas),
        notice_api(store, texts, labels, access),
        pool_api(store, pools, accounts, movements, dealers, access, exports),
        account_api(store, accounts, movements, access, exports),
        liability_api(liability, programmes, access, exports),
        correction_api(store, accounts, access),
        opening_api(store, access),
        opt_out_api(store, policies, access),
        reward_api(store, policies, access),
    ]
    return http_app("bonus", routers, ready=ready, larger_bodies=LARGER_BODIES, words=WORDS)
