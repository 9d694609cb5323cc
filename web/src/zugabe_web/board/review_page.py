"""Forms to review: side by side with the version that was looked at last, accept or return."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response

from zugabe_web.board.commands import Command, Failure, Fields, carry_out, fields_of, number
from zugabe_web.board.filled_form import FilledForm, compared
from zugabe_web.errors import NoSuchPageError
from zugabe_web.login.desk import Desk
from zugabe_web.partner.answers import PartnerSummary
from zugabe_web.service_client import RefusedError, ServiceClient
from zugabe_web.site import Visit


def revision(fields: Fields) -> dict[str, Any]:
    return {"revision": number(fields, "revision")}


COMMANDS: Mapping[str, Command] = {
    "annahme": Command("POST", "/acceptance", "Das Formular ist angenommen.", revision),
    "rueckgabe": Command(
        "POST",
        "/return",
        "Das Formular ist zurückgegeben; der Partner bekommt eine E-Mail mit dem Grund.",
        lambda fields: {**revision(fields), "reason": fields.get("reason", "").strip()},
    ),
}
ALL_BRANDS = "-"
"""In addresses, of forms that a partner fills in once for all brands."""


def root_of(partner: str, brand: str, form: str) -> str:
    of_brand = f"/brands/{quote(brand, safe='')}" if brand != ALL_BRANDS else ""
    return f"/partners/{quote(partner, safe='')}{of_brand}/forms/{quote(form, safe='')}"


def page_of(partner: str, brand: str, form: str) -> str:
    parts = (quote(part, safe="") for part in (partner, brand, form))
    return "/board/pruefung/" + "/".join(parts)


def back_to(partner: str, brand: str) -> str:
    of_brand = f"/marken/{quote(brand, safe='')}" if brand != ALL_BRANDS else ""
    return f"/board/partner/{quote(partner, safe='')}{of_brand}"


def review_pages(desk: Desk) -> APIRouter:
    router = desk.router()

    @router.get("/board/pruefung/{partner}/{brand}/{form}")
    async def review(
        partner: str, brand: str, form: str, visit: Annotated[Visit, Depends(desk.visit)]
    ) -> Response:
        return await shown((partner, brand, form), visit, None)

    @router.post("/board/pruefung/{partner}/{brand}/{form}/{command}")
    async def decide(
        partner: str,
        brand: str,
        form: str,
        command: str,
        request: Request,
        visit: Annotated[Visit, Depends(desk.change)],
    ) -> Response:
        wanted = COMMANDS.get(command)
        if wanted is None:
            raise NoSuchPageError
        root = root_of(partner, brand, form)
        failed = await carry_out(wanted, await fields_of(request), visit.onboarding, root)
        if failed is not None:
            return await shown((partner, brand, form), visit, failed)
        return desk.site.redirect(back_to(partner, brand), visit, wanted.done)

    async def shown(key: tuple[str, str, str], visit: Visit, failed: Failure | None) -> Response:
        partner, brand, _ = key
        root, client = root_of(*key), visit.onboarding
        filled, before, summary = await asyncio.gather(
            client.get(root, FilledForm),
            version_before(client, root),
            client.get(f"/partners/{quote(partner, safe='')}", PartnerSummary),
        )
        names = {line.brand: line.name for line in summary.brands}
        return desk.site.page(
            "board/review.html",
            visit,
            status=failed.status if failed else 200,
            failed=failed,
            filled=filled,
            before=before,
            groups=compared(filled, before),
            summary=summary,
            brand_name=names.get(brand, ""),
            page=page_of(*key),
            back=back_to(partner, brand),
        )

    return router


async def version_before(client: ServiceClient, root: str) -> FilledForm | None:
    """None where nobody has looked at another version."""
    try:
        return await client.get(f"{root}/reviewed", FilledForm)
    except RefusedError as error:
        if error.problem.code == "form-not-reviewed":
            return None
        raise
