"""Settings, real parts and process of bonus."""

from fastapi import FastAPI

from bonus.access import RIGHTS
from bonus.account.decider import ACCOUNT_DECIDER
from bonus.account.erasure import ERASURE
from bonus.account.movements import MOVEMENTS
from bonus.account.view import ACCOUNTS
from bonus.advertising.decider import ADVERTISING_DECIDER
from bonus.advertising.graphic import GRAPHICS
from bonus.app import create_app
from bonus.catalogue.view import LABELS
from bonus.customer.adoption import adopt_customers
from bonus.customer.decider import CUSTOMER_DECIDER
from bonus.customer.view import CUSTOMERS
from bonus.dealer.view import DEALERS
from bonus.liability.figures import LiabilityViews
from bonus.liability.view import CUSTOMER_LIABILITY, LIABILITY
from bonus.notice.decider import NOTICES_DECIDER
from bonus.pool.decider import POOL_DECIDER
from bonus.pool.view import POOLS
from bonus.programme.decider import PROGRAMME_DECIDER
from bonus.programme.view import PROGRAMMES
from bonus.quotas import quotas_by
from bonus.subscriptions import MAILS, POLICIES, READ_MODELS, TIMERS
from bonus.text.decider import TEXTS_DECIDER
from bonus.text.view import TEXTS
from zugabe_events.cli.service import run as run_service
from zugabe_events.contracts.bonus import BonusEvent
from zugabe_events.contracts.catalog_shops import DealerEvent, GraphicEvent, MasterDataEvent
from zugabe_events.contracts.checkout import CheckoutEvent
from zugabe_events.domain.event import EventTypes
from zugabe_events.http.throttling import MongoTally, deploy_failures
from zugabe_events.runtime.host import Host
from zugabe_events.runtime.service import Service, ServiceSettings

SERVICE = Service(
    "bonus",
    own=EventTypes.of(BonusEvent),
    event_types=EventTypes.of(
        BonusEvent, CheckoutEvent, DealerEvent, GraphicEvent, MasterDataEvent
    ),
    deciders=(
        ACCOUNT_DECIDER,
        ADVERTISING_DECIDER,
        CUSTOMER_DECIDER,
        NOTICES_DECIDER,
        POOL_DECIDER,
        PROGRAMME_DECIDER,
        TEXTS_DECIDER,
    ),
    policies=POLICIES,
    read_models=READ_MODELS,
    timers=TIMERS,
    mails=MAILS,
    erasure=ERASURE,
    deploy_steps=(adopt_customers, deploy_failures),
)


class Settings(ServiceSettings):
    """The settings of bonus."""


def build(host: Host) -> FastAPI:
    return create_app(
        host.store,
        host.views(ACCOUNTS),
        host.views(MOVEMENTS),
        LiabilityViews(host.views(LIABILITY), host.views(CUSTOMER_LIABILITY)),
        host.views(PROGRAMMES),
        host.views(CUSTOMERS),
        host.views(POOLS),
        host.views(TEXTS),
        host.views(DEALERS),
        host.views(LABELS),
        host.views(GRAPHICS),
        host.policies,
        host.access(RIGHTS),
        quotas_by(MongoTally(host.db)),
        ready=host.ready,
    )


def run() -> None:
    run_service(SERVICE, Settings, build)
