"""Settings, real parts and process of vouchers."""

from dataclasses import replace

from fastapi import FastAPI

from vouchers.access import RIGHTS
from vouchers.advertising.decider import ADVERTISING_DECIDER
from vouchers.advertising.sender import SENDER_DECIDER
from vouchers.app import create_app
from vouchers.assortment.decider import ARTICLE_LIST_DECIDER, CONTENT_DECIDER
from vouchers.assortment.view import CATALOGUE
from vouchers.budget.decider import BUDGET_DECIDER
from vouchers.campaign.code import CODE_DECIDER
from vouchers.campaign.code_adoption import adopt_codes
from vouchers.campaign.decider import CAMPAIGN_DECIDER
from vouchers.campaign.register import NEWSLETTER_REGISTER_DECIDER, REGISTER_DECIDER
from vouchers.campaign.uses import CAMPAIGN_USES
from vouchers.campaign.view import CAMPAIGNS
from vouchers.customer.decider import CUSTOMER_DECIDER
from vouchers.dealer.shipping import SHIPPING
from vouchers.dealer.view import DEALERS
from vouchers.estimate.jobs import MongoEstimateJobs, deploy_estimates
from vouchers.estimate.past_orders import PAST_ORDERS
from vouchers.graphic.decider import GRAPHIC_DECIDER
from vouchers.graphic.storage import BUCKET
from vouchers.limit.decider import LIMIT_DECIDER
from vouchers.mail_link.links import Links, LinkSecretFile
from vouchers.mails import mails_of
from vouchers.newsletter.address import ADDRESS_DECIDER
from vouchers.newsletter.decider import NEWSLETTER_DECIDER
from vouchers.newsletter.parts import MAILS_WINDOW, NewsletterParts
from vouchers.orderer.names import Orderers
from vouchers.orderer.view import ORDERERS
from vouchers.participation.decider import PARTICIPATION_DECIDER
from vouchers.participation.view import PARTICIPATIONS
from vouchers.quotas import quotas_by
from vouchers.statistics.api import StatisticsViews
from vouchers.statistics.revenue import REVENUE
from vouchers.statistics.view import CAMPAIGN_STATISTICS, DEALER_STATISTICS, USER_STATISTICS
from vouchers.subscriptions import MAILS, POLICIES, READ_MODELS
from vouchers.unique_code.batch_queue import MongoBatchQueue, deploy_batch_queue
from vouchers.unique_code.codes import MongoUniqueCodes, deploy_unique_codes
from vouchers.unique_code.decider import BATCH_DECIDER
from vouchers.unique_code.use import UNIQUE_CODE_DECIDER
from vouchers.unique_code.view import CODE_USES
from vouchers.wallet.decider import WALLET_DECIDER
from vouchers.wallet.erasure import ERASURE
from vouchers.wallet.guess_limits import WINDOW
from vouchers.wallet.redemptions import REDEEMED
from vouchers.wallet.view import VOUCHERS
from zugabe_events.cli.service import run as run_service
from zugabe_events.contracts.catalog_shops import ArticleEvent, DealerEvent, MasterDataEvent
from zugabe_events.contracts.checkout import CheckoutEvent
from zugabe_events.contracts.vouchers import VouchersEvent
from zugabe_events.domain.event import EventTypes
from zugabe_events.encryption.remote_sealing import RemoteSealing
from zugabe_events.files.scanner import scanner_at
from zugabe_events.files.store import MongoFiles, deploy_files
from zugabe_events.http.throttling import MongoTally, Throttle, deploy_failures
from zugabe_events.runtime.host import Host
from zugabe_events.runtime.service import Service, UploadSettings
from zugabe_events.runtime.setting_types import HttpUrl

SERVICE = Service(
    "vouchers",
    own=EventTypes.of(VouchersEvent),
    event_types=EventTypes.of(
        VouchersEvent, CheckoutEvent, DealerEvent, ArticleEvent, MasterDataEvent
    ),
    deciders=(
        CODE_DECIDER,
        CAMPAIGN_DECIDER,
        REGISTER_DECIDER,
        LIMIT_DECIDER,
        WALLET_DECIDER,
        CUSTOMER_DECIDER,
        BUDGET_DECIDER,
        BATCH_DECIDER,
        UNIQUE_CODE_DECIDER,
        ARTICLE_LIST_DECIDER,
        CONTENT_DECIDER,
        PARTICIPATION_DECIDER,
        ADVERTISING_DECIDER,
        SENDER_DECIDER,
        NEWSLETTER_DECIDER,
        NEWSLETTER_REGISTER_DECIDER,
        ADDRESS_DECIDER,
        GRAPHIC_DECIDER,
    ),
    policies=POLICIES,
    read_models=READ_MODELS,
    mails=MAILS,
    erasure=ERASURE,
    deploy_steps=(
        deploy_failures,
        deploy_unique_codes,
        deploy_batch_queue,
        deploy_files(BUCKET),
        deploy_estimates,
        adopt_codes,
    ),
)


class Settings(UploadSettings):
    """The settings of vouchers."""

    link_secret_file: LinkSecretFile
    """at least 32 bytes that seal the links in mails and the fingerprints of mail addresses; never
    change it, or everybody can have their newsletter vouchers again"""

    public_url: HttpUrl = "http://127.0.0.1:8103"
    """URL under which people reach this service: links in mails and graphics begin with it"""

    def configured(self, service: Service) -> Service:
        return replace(service, mails=(mails_of(links_from(self)),))


def links_from(settings: Settings) -> Links:
    return Links(settings.link_secret_file.read_text().strip().encode(), settings.public_url)


def build(host: Host) -> FastAPI:
    settings = host.settings
    assert isinstance(settings, Settings)
    return create_app(
        host.store,
        host.views(CAMPAIGNS),
        host.views(CAMPAIGN_USES),
        host.views(PARTICIPATIONS),
        host.views(VOUCHERS),
        host.views(REDEEMED),
        host.views(DEALERS),
        host.views(SHIPPING),
        StatisticsViews(
            host.views(CAMPAIGN_STATISTICS),
            host.views(USER_STATISTICS),
            host.views(DEALER_STATISTICS),
            host.views(REVENUE),
        ),
        Orderers(host.views(ORDERERS), host.people),
        host.views(CATALOGUE),
        host.views(PAST_ORDERS),
        MongoEstimateJobs(host.db),
        MongoUniqueCodes(host.db),
        MongoBatchQueue(host.db),
        host.views(CODE_USES),
        host.policies,
        host.policies_in_turn,
        host.access(RIGHTS),
        Throttle(MongoTally(host.db), WINDOW),
        quotas_by(MongoTally(host.db)),
        NewsletterParts(
            links_from(settings),
            RemoteSealing(host.http, settings.url_of("checkout"), host.bearer),
            Throttle(MongoTally(host.db), MAILS_WINDOW),
        ),
        MongoFiles(host.db, BUCKET),
        scanner_at(settings.clamav),
        ready=host.ready,
    )


def run() -> None:
    run_service(SERVICE, Settings, build)
