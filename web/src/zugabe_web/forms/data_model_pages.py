"""A brand's product types: which have a data model, and reporting those that have none."""

import asyncio
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from zugabe_events.http.fields import Id
from zugabe_web.forms.again import send_again
from zugabe_web.forms.brand_visit import BrandVisit, brand_visit
from zugabe_web.forms.product_types import product_types
from zugabe_web.forms.refusals import Refusal, invalid, refusal_of
from zugabe_web.forms.sent import Sent, sent_form
from zugabe_web.forms.typed import texts
from zugabe_web.partner.answers import Needs
from zugabe_web.service_client import RefusedError, UnreachableError
from zugabe_web.site import Site, Visit

PAGE = "/marken/{brand}/datenmodelle"


def data_model_pages(site: Site) -> APIRouter:  # noqa: C901
    router = APIRouter()
    visits, changes = Depends(site.partner_visit), Depends(sent_form(site))

    async def page(of: BrandVisit, refusal: Refusal | None = None, added: str = "") -> Response:
        needs, implemented = await asyncio.gather(needs_of(of), product_types(of.visit))
        by_group = groupby(
            sorted(implemented, key=lambda each: each.group or ""), key=lambda each: each.group
        )
        return site.page(
            "forms/data-models.html",
            of.visit,
            status=refusal.status if refusal else 200,
            brand=of.line,
            needs=needs,
            groups=[(group or "Sonstige", list(types)) for group, types in by_group],
            refusal=refusal,
            added=added,
        )

    @router.get(PAGE)
    async def read(brand: Id, visit: Annotated[Visit, visits]) -> Response:
        """ON-24 to ON-28"""
        return await page(await brand_visit(visit, brand))

    @router.post(PAGE)
    async def report(brand: Id, sent: Annotated[Sent, changes]) -> Response:
        """Report product types without a data model, or name more of them."""
        path = PAGE.replace("{brand}", brand)
        if sent.is_stale:
            return send_again(site, sent, path, 403)
        added = str(sent.form.get("weitere", ""))
        try:
            of = await brand_visit(sent.visit, brand)
            try:
                if sent.form.get("aktion") == "ergaenzen":
                    return await add(of, path, added)
                chosen = texts(sent.form, "produkttyp")
                if not chosen:
                    nothing = "Bitte wählen Sie mindestens einen Produkttyp aus."
                    return await page(of, invalid(produkttyp=nothing))
                body = {"product_types": chosen}
                await of.visit.onboarding.send("POST", f"{of.root}/data-model-requests", body)
            except RefusedError as error:
                return await page(of, refusal_of(error), added)
        except UnreachableError:
            return send_again(site, sent, path, 503)
        reported = (
            "Der fehlende Produkttyp ist gemeldet. Das neue Datenmodell ist kostenfrei und nimmt "
            "bis zu 4 Wochen in Anspruch."
            if len(chosen) == 1
            else f"{len(chosen)} fehlende Produkttypen sind gemeldet. Neue Datenmodelle sind "
            "kostenfrei und nehmen bis zu 4 Wochen in Anspruch."
        )
        return site.redirect(path, sent.visit, reported)

    async def add(of: BrandVisit, path: str, added: str) -> Response:
        labels = [line.strip() for line in added.splitlines() if line.strip()]
        if not labels:
            return await page(of, invalid(weitere="Bitte nennen Sie mindestens einen."))
        known = [need.label for need in (await needs_of(of)).product_types]
        body = {"product_types": [*known, *labels]}
        await of.visit.onboarding.send("PUT", f"{of.root}/product-types", body)
        return site.redirect(path, of.visit, "Die Produkttypen sind ergänzt.")

    return router


async def needs_of(of: BrandVisit) -> Needs:
    return await of.visit.onboarding.get(f"{of.root}/product-types", Needs)
