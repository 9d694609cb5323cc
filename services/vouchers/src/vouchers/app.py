"""The application of vouchers, assembled from its parts without reading the environment."""

from collections.abc import Awaitable, Callable
from functools import partial

from fastapi import FastAPI

from vouchers.advertising.api import OBJECTION, advertising_api, object_to
from vouchers.api_words import WORDS
from vouchers.assortment.api import LARGER_BODIES, article_list_api
from vouchers.assortment.article_lists import ArticleLists
from vouchers.assortment.catalogue import Catalogue
from vouchers.assortment.restrictions import Restrictions
from vouchers.assortment.view import CatalogueEntry
from vouchers.campaign.api import campaign_api
from vouchers.campaign.editing import CampaignEditor
from vouchers.campaign.life_api import campaign_life_api
from vouchers.campaign.list_api import campaign_lists
from vouchers.campaign.uses import CampaignUses
from vouchers.campaign.view import CampaignView
from vouchers.dealer.shipping import ShippingView
from vouchers.estimate.api import estimate_api
from vouchers.estimate.jobs import EstimateJobs
from vouchers.estimate.past_orders import PastOrder
from vouchers.estimate.worker import EstimateWorker
from vouchers.graphic.api import graphic_api, shown_graphics
from vouchers.graphic.storage import GraphicStorage, is_graphic
from vouchers.mail_link.api import Act, Wording, mail_link_api
from vouchers.mail_link.links import Purpose
from vouchers.migration.api import LARGER_BODIES as IMPORTED_BODIES
from vouchers.migration.api import migration_api
from vouchers.newsletter.api import CONFIRMATION, UNSUBSCRIPTION, end, newsletter_api
from vouchers.newsletter.confirmation import confirm
from vouchers.newsletter.container import container_api
from vouchers.newsletter.parts import NewsletterParts
from vouchers.orderer.names import Orderers
from vouchers.participation.api import participation_api
from vouchers.participation.central_campaigns import CentralCampaigns
from vouchers.participation.dealers_campaigns import DealersCampaigns
from vouchers.participation.list_api import central_campaign_lists, participant_lists
from vouchers.participation.view import ParticipationView
from vouchers.quotas import Quotas
from vouchers.statistics.api import StatisticsViews, statistics_api
from vouchers.unique_code.api import unique_code_api
from vouchers.unique_code.batch_queue import BatchQueue
from vouchers.unique_code.codes import UniqueCodes
from vouchers.unique_code.listing import UniqueCodeList
from vouchers.unique_code.view import CodeUse
from vouchers.unique_code.worker import CodeWorker
from vouchers.wallet.api import wallet_api
from vouchers.wallet.lent_api import lent_vouchers_api
from vouchers.wallet.list_api import voucher_lists
from vouchers.wallet.order_api import order_vouchers_api
from vouchers.wallet.redemptions import RedeemedView
from vouchers.wallet.view import VoucherView
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.marketing_module import ModuleView
from zugabe_events.domain.views import Follower, Views
from zugabe_events.export.response import Exports
from zugabe_events.files.inspection import Inspection
from zugabe_events.files.scanner import Scanner
from zugabe_events.files.store import Files
from zugabe_events.files.sweeper import keep_swept
from zugabe_events.http.app import http_app
from zugabe_events.http.authorization import Access
from zugabe_events.http.throttling import Throttle


def create_app(
    store: EventStore,
    campaigns: Views[CampaignView],
    campaign_uses: Views[CampaignUses],
    participations: Views[ParticipationView],
    vouchers: Views[VoucherView],
    redeemed: Views[RedeemedView],
    dealers: Views[ModuleView],
    shipping: Views[ShippingView],
    statistics: StatisticsViews,
    orderers: Orderers,
    catalogue: Views[CatalogueEntry],
    past_orders: Views[PastOrder],
    estimates: EstimateJobs,
    unique_codes: UniqueCodes,
    code_batches: BatchQueue,
    code_uses: Views[CodeUse],
    policies: Follower,
    policies_in_turn: Follower,
    access: Access,
    throttle: Throttle,
    quotas: Quotas,
    newsletter: NewsletterParts,
    graphics: Files,
    scanner: Scanner,
    *,
    ready: Callable[[], Awaitable[bool]] | None = None,
) -> FastAPI:
    exports = Exports()
    acts: dict[Purpose, tuple[Wording, Act]] = {
        "objection": (OBJECTION, partial(object_to, store)),
        "confirmation": (CONFIRMATION, partial(confirm, store)),
        "unsubscription": (UNSUBSCRIPTION, partial(end, store)),
    }
    known = Catalogue(catalogue)
    restrictions = Restrictions(ArticleLists(store), known)
    editor = CampaignEditor(store, restrictions, dealers, shipping, quotas)
    sources = (dealers, shipping, catalogue)
    central = CentralCampaigns(campaigns, participations)
    estimating = EstimateWorker(estimates, past_orders, restrictions, access.now)
    generating = CodeWorker(store, code_batches, unique_codes, access.now)
    code_list = UniqueCodeList(unique_codes, code_uses)
    storage = GraphicStorage(store, graphics, Inspection(), scanner)
    routers = [
        campaign_api(store, editor, sources, access),
        campaign_life_api(editor, sources, access),
        article_list_api(store, known, access, quotas),
        campaign_lists(
            store, DealersCampaigns(central), campaign_uses, restrictions, access, exports
        ),
        participation_api(store, dealers, shipping, access),
        central_campaign_lists(central, campaign_uses, restrictions, access, exports),
        participant_lists(central, dealers, access, exports),
        wallet_api(store, restrictions, unique_codes, policies, policies_in_turn, access, throttle),
        order_vouchers_api(store, policies, access),
        lent_vouchers_api(store, policies_in_turn, access),
        voucher_lists(store, vouchers, redeemed, campaigns, orderers, access, exports),
        statistics_api(statistics, campaigns, orderers, dealers, access, exports),
        advertising_api(store, access),
        unique_code_api(store, code_batches, code_list, generating, dealers, access, exports),
        estimate_api(store, estimates, past_orders, estimating, access),
        newsletter_api(store, newsletter, access),
        container_api(store, newsletter.links, access),
        graphic_api(storage, newsletter.links, access),
        shown_graphics(storage),
        mail_link_api(newsletter.links, acts, access),
        migration_api(store, access),
    ]
    return http_app(
        "vouchers",
        routers,
        [
            estimating.rounds.run,
            generating.rounds.run,
            partial(keep_swept, graphics, is_graphic(store), access.now),
        ],
        ready=ready,
        larger_bodies={**LARGER_BODIES, **IMPORTED_BODIES},
        words=WORDS,
    )
