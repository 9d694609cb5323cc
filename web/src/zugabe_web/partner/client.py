"""Queries and commands of a partner's pages to onboarding."""

from collections.abc import Sequence

from zugabe_web.partner.answers import Brand, Material, PartnerSummary
from zugabe_web.service_client import ServiceClient
from zugabe_web.site import Visit


class PartnerOnboarding:
    """One partner's onboarding. Its methods raise RefusedError and UnreachableError."""

    def __init__(self, client: ServiceClient, partner: str) -> None:
        self.client = client
        self.root = f"/partners/{partner}"

    async def summary(self) -> PartnerSummary:
        return await self.client.get(self.root, PartnerSummary)

    async def brands(self) -> Sequence[Brand]:
        return await self.client.get(f"{self.root}/brands", tuple[Brand, ...])

    async def material(self) -> Material:
        return await self.client.get(f"{self.root}/material", Material)


async def arrived(visit: Visit) -> tuple[PartnerOnboarding, PartnerSummary]:
    """The partner's onboarding; the layout then names them and their manager (ON-12)."""
    onboarding = PartnerOnboarding(visit.onboarding, visit.partner)
    summary = await onboarding.summary()
    visit.layout |= {"partner_name": summary.name, "manager": summary.manager}
    return onboarding, summary
