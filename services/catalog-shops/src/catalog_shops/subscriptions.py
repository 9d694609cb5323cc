"""Policies, read models and timers of catalog-shops."""

from catalog_shops.article.view import ARTICLES
from catalog_shops.banner.view import BANNERS
from catalog_shops.brand.policy import LIVE_BRANDS
from catalog_shops.brand.view import BRANDS
from catalog_shops.catalogue_import.view import IMPORTS
from catalog_shops.customer.view import AGREED_PRICES, CUSTOMERS
from catalog_shops.dealer.view import DEALERS
from catalog_shops.front.view import FRONTS
from catalog_shops.gift.view import GIFTS, OWN_GIFTS
from catalog_shops.group.view import GROUPS
from catalog_shops.media_plan.timer import PLAN_BEGINS, PLAN_ENDS
from catalog_shops.media_plan.unlocking import UNLOCKINGS
from catalog_shops.media_plan.view import MEDIA_PLAN
from catalog_shops.placement.view import PLACEMENTS
from catalog_shops.shop.assortment_view import ASSORTMENTS
from catalog_shops.shop.policy import PROPOSALS
from catalog_shops.shop.reminders import USUAL_DAYS, reviews_after
from catalog_shops.shop.view import SHOPS
from zugabe_events.domain.policy import Policy
from zugabe_events.domain.projection import AnyReadModel
from zugabe_events.domain.timer import TimerRule

POLICIES: list[Policy] = [LIVE_BRANDS, PROPOSALS]

READ_MODELS: list[AnyReadModel] = [
    AGREED_PRICES,
    ARTICLES,
    ASSORTMENTS,
    BANNERS,
    BRANDS,
    CUSTOMERS,
    DEALERS,
    FRONTS,
    GIFTS,
    OWN_GIFTS,
    GROUPS,
    IMPORTS,
    MEDIA_PLAN,
    PLACEMENTS,
    SHOPS,
    UNLOCKINGS,
]

TIMERS: list[TimerRule] = [PLAN_BEGINS, PLAN_ENDS, reviews_after(USUAL_DAYS)]
