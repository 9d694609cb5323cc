"""The pages of a partner: where each of their brands stands, and what is to be done next."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from zugabe_web.partner.client import arrived
from zugabe_web.site import Site, Visit


def partner_pages(site: Site) -> APIRouter:
    router = APIRouter()
    visits = Depends(site.partner_visit)

    @router.get("/")
    async def overview(visit: Annotated[Visit, visits]) -> Response:
        """Welcome, and the four phases of each brand (ON-13)."""
        onboarding, summary = await arrived(visit)
        brands = await onboarding.brands(summary)
        return site.page("partner/overview.html", visit, summary=summary, brands=brands)

    return router
