"""Warehouses and data models, which all partners share."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from zugabe_web.board.answers import ProductType, Warehouse
from zugabe_web.board.commands import Command, Failure, carry_out, fields_of
from zugabe_web.board.partner_commands import text
from zugabe_web.login.desk import Desk
from zugabe_web.partner.answers import Page
from zugabe_web.site import Visit

PAGE_SIZE = "100"

KEEP = Command(
    "PUT",
    "/warehouses/{warehouse}",
    "Das Lager ist gespeichert.",
    lambda fields: {name: text(fields, name) for name in ("name", "address", "conditions")},
)
IMPLEMENT = Command(
    "PUT",
    "/product-types/{product_type}",
    "Das Datenmodell ist vermerkt; wartende Marken erfahren es.",
    lambda fields: {name: text(fields, name) for name in ("label", "group")},
)


def catalogue_pages(desk: Desk) -> APIRouter:
    router = desk.router()
    visits, changes = Depends(desk.visit), Depends(desk.change)

    @router.get("/board/laeger")
    async def warehouses(visit: Annotated[Visit, visits]) -> Response:
        return await shown_warehouses(visit, None)

    @router.post("/board/laeger")
    async def keep(request: Request, visit: Annotated[Visit, changes]) -> Response:
        failed = await carry_out(KEEP, await fields_of(request), visit.onboarding, "")
        if failed is not None:
            return await shown_warehouses(visit, failed)
        return desk.site.redirect("/board/laeger", visit, KEEP.done)

    @router.get("/board/produkttypen")
    async def product_types(
        visit: Annotated[Visit, visits], status: str = "", after: str = ""
    ) -> Response:
        return await shown_types(visit, None, status, after)

    @router.post("/board/produkttypen")
    async def implement(request: Request, visit: Annotated[Visit, changes]) -> Response:
        failed = await carry_out(IMPLEMENT, await fields_of(request), visit.onboarding, "")
        if failed is not None:
            return await shown_types(visit, failed, "", "")
        return desk.site.redirect("/board/produkttypen", visit, IMPLEMENT.done)

    async def shown_warehouses(visit: Visit, failed: Failure | None) -> Response:
        page = await visit.onboarding.get("/warehouses", Page[Warehouse], {"limit": "200"})
        status = failed.status if failed else 200
        return desk.site.page(
            "board/warehouses.html", visit, status=status, failed=failed, warehouses=page.items
        )

    async def shown_types(
        visit: Visit, failed: Failure | None, status: str, after: str
    ) -> Response:
        asked = {"status": status, "after": after, "limit": PAGE_SIZE}
        asked = {name: value for name, value in asked.items() if value}
        page = await visit.onboarding.get("/product-types", Page[ProductType], asked)
        return desk.site.page(
            "board/product-types.html",
            visit,
            status=failed.status if failed else 200,
            failed=failed,
            types=page,
            chosen=status,
        )

    return router
