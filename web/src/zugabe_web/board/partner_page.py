"""A partner's page: contact, manager, brands, forms and documents; and a new partner's."""

import asyncio
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response

from zugabe_web.board.answers import Address
from zugabe_web.board.commands import Failure, carry_out, fields_of
from zugabe_web.board.partner_commands import OPEN, PARTNER_COMMANDS
from zugabe_web.errors import NoSuchPageError
from zugabe_web.login.desk import Desk
from zugabe_web.partner.answers import Document, Forms, Page, PartnerSummary
from zugabe_web.passing_on import passed_on
from zugabe_web.service_client import ServiceClient
from zugabe_web.site import Visit

LISTS = {"formulare": "forms", "unterlagen": "documents"}
FORMATS = ("csv", "xlsx")


def root_of(partner: str) -> str:
    return f"/partners/{quote(partner, safe='')}"


def page_of(partner: str) -> str:
    return f"/board/partner/{quote(partner, safe='')}"


def new_partner_pages(desk: Desk) -> APIRouter:
    router = desk.router()
    visits, changes = Depends(desk.visit), Depends(desk.change)

    @router.get("/board/neuer-partner")
    async def new_partner(visit: Annotated[Visit, visits]) -> Response:
        return desk.site.page("board/new-partner.html", visit, failed=None)

    @router.post("/board/neuer-partner")
    async def open_partner(request: Request, visit: Annotated[Visit, changes]) -> Response:
        fields = await fields_of(request)
        fields["partner"] = fields.get("partner", "").strip()
        failed = await carry_out(OPEN, fields, visit.onboarding, "")
        if failed is not None:
            return desk.site.page(
                "board/new-partner.html", visit, status=failed.status, failed=failed
            )
        return desk.site.redirect(page_of(fields["partner"]), visit, OPEN.done)

    return router


def partner_files(desk: Desk) -> APIRouter:
    router = desk.router()
    visits = Depends(desk.visit)

    @router.get("/board/partner/{partner}/dateien/{name}.{form}")
    async def export(
        partner: str, name: str, form: str, visit: Annotated[Visit, visits]
    ) -> Response:
        if name not in LISTS or form not in FORMATS:
            raise NoSuchPageError
        return await passed_on(visit.onboarding, f"{root_of(partner)}/{LISTS[name]}.{form}")

    @router.get("/board/partner/{partner}/unterlagen/{document}")
    async def download(partner: str, document: str, visit: Annotated[Visit, visits]) -> Response:
        path = f"{root_of(partner)}/documents/{quote(document, safe='')}"
        return await passed_on(visit.onboarding, path)

    return router


def partner_pages(desk: Desk) -> APIRouter:
    router = desk.router()
    visits, changes = Depends(desk.visit), Depends(desk.change)

    @router.get("/board/partner/{partner}")
    async def partner_page(partner: str, visit: Annotated[Visit, visits]) -> Response:
        return await shown(partner, visit, None)

    @router.post("/board/partner/{partner}/{command}")
    async def change_partner(
        partner: str, command: str, request: Request, visit: Annotated[Visit, changes]
    ) -> Response:
        wanted = PARTNER_COMMANDS.get(command)
        if wanted is None:
            raise NoSuchPageError
        fields = await fields_of(request)
        failed = await carry_out(wanted, fields, visit.onboarding, root_of(partner))
        if failed is not None:
            return await shown(partner, visit, failed)
        return desk.site.redirect(page_of(partner), visit, wanted.done)

    async def shown(partner: str, visit: Visit, failed: Failure | None) -> Response:
        return desk.site.page(
            "board/partner.html",
            visit,
            status=failed.status if failed else 200,
            failed=failed,
            partner=partner,
            page=page_of(partner),
            **await everything_about(visit.onboarding, root_of(partner)),
        )

    return router


async def everything_about(client: ServiceClient, root: str) -> dict[str, Any]:
    summary, address, forms, documents = await asyncio.gather(
        client.get(root, PartnerSummary),
        client.get(f"{root}/address", Address),
        client.get(f"{root}/forms", Page[Forms], {"limit": "200"}),
        client.get(f"{root}/documents", Page[Document], {"limit": "200"}),
    )
    return {
        "summary": summary,
        "address": address,
        "forms": forms.items,
        "documents": documents.items,
    }
