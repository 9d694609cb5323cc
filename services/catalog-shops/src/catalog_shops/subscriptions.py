"""Policies and read models of catalog-shops."""

from catalog_shops.article.view import ARTICLES
from catalog_shops.brand.policy import LIVE_BRANDS
from catalog_shops.brand.view import BRANDS
from catalog_shops.catalogue_import.view import IMPORTS
from catalog_shops.customer.view import AGREED_PRICES, CUSTOMERS
from catalog_shops.dealer.view import DEALERS
from catalog_shops.front.view import FRONTS
from catalog_shops.gift.view import GIFTS, OWN_GIFTS
from catalog_shops.group.view import GROUPS
from catalog_shops.placement.view import PLACEMENTS
from catalog_shops.shop.assortment_view import ASSORTMENTS
from catalog_shops.shop.policy import PROPOSALS
from catalog_shops.shop.view import SHOPS
from zugabe_events.domain.policy import Policy
from zugabe_events.domain.projection import AnyReadModel

POLICIES: list[Policy] = [LIVE_BRANDS, PROPOSALS]

READ_MODELS: list[AnyReadModel] = [
    AGREED_PRICES,
    ARTICLES,
    ASSORTMENTS,
    BRANDS,
    CUSTOMERS,
    DEALERS,
    FRONTS,
    GIFTS,
    OWN_GIFTS,
    GROUPS,
    IMPORTS,
    PLACEMENTS,
    SHOPS,
]
