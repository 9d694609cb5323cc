"""The pages of a partner: where each of their brands stands, and what is to be done next."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from zugabe_web.partner.client import PartnerOnboarding, arrived
from zugabe_web.site import Site, Visit


def partner_pages(site: Site) -> APIRouter:
    router = APIRouter()
    visits = Depends(site.partner_visit)

    @router.get("/")
    async def overview(visit: Annotated[Visit, visits]) -> Response:
        """Welcome, the introduction, and the four phases of each brand (ON-2, ON-3, ON-13)."""
        onboarding = PartnerOnboarding(visit.onboarding, visit.partner)
        (_, summary), brands, material = await asyncio.gather(
            arrived(visit), onboarding.brands(), onboarding.material()
        )
        return site.page(
            "partner/overview.html", visit, summary=summary, brands=brands, material=material
        )

    return router
