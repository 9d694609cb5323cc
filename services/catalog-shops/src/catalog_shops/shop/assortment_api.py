"""HTTP for uploaded assortments (CS-22 to CS-27, CS-40)."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Query
from pydantic import BaseModel, ConfigDict

from catalog_shops.quotas import Quotas
from catalog_shops.shop.assortment_file import LIMITS
from catalog_shops.shop.state import ShopKey
from catalog_shops.shop.upload import AssortmentImport, AssortmentReport
from catalog_shops.tenancy import edits_own
from zugabe_events.contracts.catalog_shops import ShopKind
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import FileName, Id
from zugabe_events.http.request_context import RequestContext

UPLOADS = {
    f"PUT /dealers/{{dealer}}/{kind}-shops/{{shop}}/assortment": LIMITS.max_bytes
    for kind in ("brand", "theme")
}
"""Routes that take a table as body, and so a larger one than others."""


class About(BaseModel):
    """Unless `dry_run` is false, the answer says what would happen, and nothing does."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file_name: FileName
    dry_run: bool = True


def assortment_api(
    kind: ShopKind, assortments: AssortmentImport, access: Access, quotas: Quotas
) -> APIRouter:
    router = APIRouter(prefix=f"/dealers/{{dealer}}/{kind}-shops/{{shop}}", tags=["assortment"])
    edits = Depends(reads(access.requires("edit-shops"), assortments.catalogue.views))

    @router.put("/assortment")
    async def import_assortment(
        dealer: Id,
        shop: Id,
        about: Annotated[About, Query()],
        content: Annotated[bytes, Body(media_type="application/octet-stream")],
        request: Annotated[RequestContext, edits],
    ) -> AssortmentReport:
        """Import XLS, XLSX or CSV with the columns Artikelnummer, Topartikel, Streichpreis, Gültig
        von and Gültig bis. Wrong rows are named and left out."""
        edits_own(request)
        if not about.dry_run:
            await quotas.count("assortments", request)
        key = ShopKey(dealer, kind, shop)
        return await assortments.run(request, key, content, about.file_name, dry_run=about.dry_run)

    return router
