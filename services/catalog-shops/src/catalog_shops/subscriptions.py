"""Policies and read models of catalog-shops."""

from zugabe_events.domain.policy import Policy
from zugabe_events.domain.projection import AnyReadModel

POLICIES: list[Policy] = []

READ_MODELS: list[AnyReadModel] = []
