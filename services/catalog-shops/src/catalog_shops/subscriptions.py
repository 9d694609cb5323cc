"""Policies and read models of catalog-shops."""

from catalog_shops.dealer.view import DEALERS
from zugabe_events.domain.policy import Policy
from zugabe_events.domain.projection import AnyReadModel

POLICIES: list[Policy] = []

READ_MODELS: list[AnyReadModel] = [DEALERS]
