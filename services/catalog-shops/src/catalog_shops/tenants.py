"""Tenants of the catalogue: dealers, groups of dealers, and central."""

from zugabe_events.contracts.catalog_shops import GROUP_PREFIX
from zugabe_events.domain.tenant import CENTRAL


def is_dealer(tenant: str) -> bool:
    return tenant != CENTRAL and not tenant.startswith(GROUP_PREFIX)


def with_central(tenant: str) -> tuple[str, ...]:
    """The tenants whose data count at this one; its own come before those of central."""
    return (tenant,) if tenant == CENTRAL else (tenant, CENTRAL)
