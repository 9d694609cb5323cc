"""A brand's page: phases with all that is missing, and what a manager can do about it."""

import asyncio
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response

from zugabe_web.board.answers import Address, Entry, Warehouse, WarehouseChoice
from zugabe_web.board.brand_commands import BRAND_COMMANDS
from zugabe_web.board.commands import Failure, carry_out, fields_of
from zugabe_web.board.filled_form import FilledForm, Group, compared
from zugabe_web.errors import NoSuchPageError
from zugabe_web.login.desk import Desk
from zugabe_web.partner.answers import Brand, Forms, Needs, Page, PartnerSummary
from zugabe_web.service_client import RefusedError, ServiceClient
from zugabe_web.site import Visit

STOCK_FORM = "lagerbestand"
HANDED_IN = ("submitted", "accepted")


def root_of(partner: str, brand: str) -> str:
    return f"/partners/{quote(partner, safe='')}/brands/{quote(brand, safe='')}"


def page_of(partner: str, brand: str) -> str:
    return f"/board/partner/{quote(partner, safe='')}/marken/{quote(brand, safe='')}"


def brand_pages(desk: Desk) -> APIRouter:
    router = desk.router()

    @router.get("/board/partner/{partner}/marken/{brand}")
    async def brand_page(
        partner: str, brand: str, visit: Annotated[Visit, Depends(desk.visit)]
    ) -> Response:
        return await shown(partner, brand, visit, None)

    @router.get("/board/partner/{partner}/marken/{brand}/verlauf")
    async def history_page(
        partner: str, brand: str, visit: Annotated[Visit, Depends(desk.visit)], after: str = ""
    ) -> Response:
        root, place = root_of(partner, brand), {"after": after} if after else {}
        details, entries = await asyncio.gather(
            visit.onboarding.get(root, Brand),
            visit.onboarding.get(f"{root}/history", Page[Entry], {"limit": "50", **place}),
        )
        return desk.site.page(
            "board/history.html",
            visit,
            brand=details,
            entries=entries,
            page=page_of(partner, brand),
        )

    @router.post("/board/partner/{partner}/marken/{brand}/{command}")
    async def change_brand(
        partner: str,
        brand: str,
        command: str,
        request: Request,
        visit: Annotated[Visit, Depends(desk.change)],
    ) -> Response:
        wanted = BRAND_COMMANDS.get(command)
        if wanted is None:
            raise NoSuchPageError
        fields = await fields_of(request)
        failed = await carry_out(wanted, fields, visit.onboarding, root_of(partner, brand))
        if failed is not None:
            return await shown(partner, brand, visit, failed)
        return desk.site.redirect(page_of(partner, brand), visit, wanted.done)

    async def shown(partner: str, brand: str, visit: Visit, failed: Failure | None) -> Response:
        known = await everything_about(visit.onboarding, partner, brand)
        return desk.site.page(
            "board/brand.html",
            visit,
            status=failed.status if failed else 200,
            failed=failed,
            partner=partner,
            page=page_of(partner, brand),
            **known,
        )

    return router


async def everything_about(client: ServiceClient, partner: str, brand: str) -> dict[str, Any]:
    root = root_of(partner, brand)
    of_partner = f"/partners/{quote(partner, safe='')}"
    (summary, details, needs, forms), (address, choice, warehouses, stock) = await asyncio.gather(
        asyncio.gather(
            client.get(of_partner, PartnerSummary),
            client.get(root, Brand),
            client.get(f"{root}/product-types", Needs),
            client.get(f"{of_partner}/forms", Page[Forms], {"limit": "200"}),
        ),
        asyncio.gather(
            client.get(f"{of_partner}/address", Address),
            chosen(client, root),
            client.get("/warehouses", Page[Warehouse], {"limit": "200"}),
            planned_stock(client, root),
        ),
    )
    return {
        "summary": summary,
        "address": address,
        "brand": details,
        "needs": needs.product_types,
        "forms": [line for line in forms.items if line.brand in ("", brand)],
        "choice": choice,
        "warehouses": warehouses.items,
        "stock": stock,
    }


async def chosen(client: ServiceClient, root: str) -> WarehouseChoice | None:
    try:
        return await client.get(f"{root}/warehouse", WarehouseChoice)
    except RefusedError as error:
        if error.problem.code == "no-warehouse-chosen":
            return None
        raise


async def planned_stock(client: ServiceClient, root: str) -> list[Group]:
    """The basis for the choice of a warehouse (ON-4); empty before it is in."""
    form = await client.get(f"{root}/forms/{STOCK_FORM}", FilledForm)
    return list(compared(form, None)) if form.status in HANDED_IN else []
