"""The articles of a brand: registering them, and how far their content is."""

from collections.abc import Sequence
from itertools import batched
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from zugabe_events.http.fields import Id
from zugabe_web.forms.again import send_again
from zugabe_web.forms.brand_visit import BrandVisit, brand_visit
from zugabe_web.forms.data_model_pages import needs_of
from zugabe_web.forms.refusals import Refusal, invalid, refusal_of
from zugabe_web.forms.sent import MAX_FORM_BYTES, Sent, sent_form
from zugabe_web.partner.answers import Brand
from zugabe_web.rendering import counted
from zugabe_web.service_client import RefusedError, UnreachableError
from zugabe_web.site import Site, Visit

PAGE = "/marken/{brand}/artikel"
LARGE_LISTS = {f"POST {PAGE}": MAX_FORM_BYTES}
ARTICLES_PER_REQUEST = 500
"""More are sent in several requests."""

MAX_ARTICLES = 10_000


def article_pages(site: Site) -> APIRouter:
    router = APIRouter()
    visits, changes = Depends(site.partner_visit), Depends(sent_form(site))

    async def page(
        of: BrandVisit, refusal: Refusal | None = None, numbers: str = "", product_type: str = ""
    ) -> Response:
        return site.page(
            "forms/articles.html",
            of.visit,
            status=refusal.status if refusal else 200,
            brand=of.line,
            articles=await of.visit.onboarding.get(of.root, Brand),
            needs=await needs_of(of),
            refusal=refusal,
            numbers=numbers,
            product_type=product_type,
        )

    @router.get(PAGE)
    async def read(brand: Id, visit: Annotated[Visit, visits]) -> Response:
        """ON-5, ON-24"""
        return await page(await brand_visit(visit, brand))

    @router.post(PAGE)
    async def register(brand: Id, sent: Annotated[Sent, changes]) -> Response:
        path = PAGE.replace("{brand}", brand)
        if sent.is_stale:
            return send_again(site, sent, path, 403)
        typed = str(sent.form.get("nummern", ""))
        product_type = str(sent.form.get("produkttyp", ""))
        numbers = list(dict.fromkeys(line.strip() for line in typed.splitlines() if line.strip()))
        try:
            of = await brand_visit(sent.visit, brand)
            wrong = mistakes_of(numbers, product_type)
            if wrong:
                return await page(of, invalid(**wrong), typed, product_type)
            try:
                await register_all(of, numbers, product_type)
            except RefusedError as error:
                return await page(of, with_numbers(error, numbers), typed, product_type)
        except UnreachableError:
            return send_again(site, sent, path, 503)
        many = counted(len(numbers), "Artikel ist", "Artikel sind")
        return site.redirect(path, sent.visit, f"{many} registriert.")

    return router


def mistakes_of(numbers: Sequence[str], product_type: str) -> dict[str, str]:
    wrong = {}
    if not numbers:
        wrong["nummern"] = "Bitte nennen Sie mindestens eine Artikelnummer."
    if len(numbers) > MAX_ARTICLES:
        wrong["nummern"] = "Auf einmal sind höchstens 10.000 Artikel möglich."
    if not product_type:
        wrong["produkttyp"] = "Bitte wählen Sie den Produkttyp dieser Artikel."
    return wrong


async def register_all(of: BrandVisit, numbers: Sequence[str], product_type: str) -> None:
    """Those that are registered already change nothing, so the list can be sent again."""
    for some in batched(numbers, ARTICLES_PER_REQUEST):
        articles = [{"article": number, "product_type": product_type} for number in some]
        await of.visit.onboarding.send("POST", f"{of.root}/articles", {"articles": articles})


def with_numbers(error: RefusedError, numbers: Sequence[str]) -> Refusal:
    """Places count the articles of a request; people look for numbers."""
    refusal = refusal_of(error)
    if refusal.lines or not error.problem.errors:
        return refusal
    odd = [number for number in numbers if not number.isascii() or len(number) > 64]
    detail = "Artikelnummern haben höchstens 64 Zeichen, ohne Umlaute und Sonderzeichen."
    lines = tuple(odd[:20])
    return Refusal(detail, lines, {"nummern": detail}, refusal.status)
