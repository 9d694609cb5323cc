"""Which topics catalog-shops listens to, and what each one sets in motion."""

from zugabe_events.domain.policy import Policy
from zugabe_events.domain.projection import AnyReadModel

POLICIES: list[Policy] = []

READ_MODELS: list[AnyReadModel] = []
