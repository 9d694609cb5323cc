"""A brand at a glance: its four phases with their material, forms and what comes of them."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from zugabe_events.http.fields import Id
from zugabe_web.forms.brand_visit import brand_visit
from zugabe_web.forms.lists import whole_list
from zugabe_web.partner.answers import Brand, FormLine, Forms, Material, Page
from zugabe_web.site import Site, Visit


def brand_at_a_glance(site: Site) -> APIRouter:
    router = APIRouter()

    @router.get("/marken/{brand}")
    async def read(brand: Id, visit: Annotated[Visit, Depends(site.partner_visit)]) -> Response:
        """ON-1, ON-3, ON-9, ON-13, ON-14, ON-19: Platform Insights stand before the forms."""
        of = await brand_visit(visit, brand)
        details, material, forms = await asyncio.gather(
            visit.onboarding.get(of.root, Brand),
            visit.onboarding.get(f"{visit.root}/material", Material),
            whole_list(visit, "/forms", Page[Forms], {"sort": "brand"}),
        )
        return site.page(
            "forms/brand.html",
            visit,
            brand=details,
            material=material,
            lines=lines_of(forms, brand),
        )

    return router


def lines_of(forms: Sequence[Forms], brand: str) -> list[tuple[str, FormLine]]:
    """Forms of the brand and those for all brands, with the addresses of their pages."""
    return [
        (
            f"/marken/{brand}/formulare/{line.form}" if each.brand else f"/formulare/{line.form}",
            line,
        )
        for each in forms
        if each.brand in ("", brand)
        for line in each.forms
    ]
