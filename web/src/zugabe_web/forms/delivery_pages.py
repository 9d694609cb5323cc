"""The address for a brand's goods, once it is disclosed, and announcing a delivery."""

import re
import secrets
from dataclasses import replace
from datetime import date
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Response

from zugabe_events.http.fields import Id
from zugabe_web.forms.again import send_again
from zugabe_web.forms.brand_visit import BrandVisit, brand_visit
from zugabe_web.forms.definition import Column
from zugabe_web.forms.refusals import Refusal, invalid, refusal_of
from zugabe_web.forms.sent import Sent, sent_form
from zugabe_web.forms.typed import ROW_ID, canonical
from zugabe_web.rendering import day
from zugabe_web.service_client import RefusedError, UnreachableError
from zugabe_web.site import Site, Visit

PAGE = "/marken/{brand}/anlieferung"
PIECES = re.compile(r"[0-9]{1,9}|[0-9]{1,3}(\.[0-9]{3}){1,2}", re.ASCII)
DAY = Column("termin", "Termin", "date")


class StockGroup(msgspec.Struct, frozen=True):
    """Millimetres and grams of a packed piece; None where the form did not say it."""

    product_group: str
    pieces: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    weight_g: int | None = None


class PlannedStock(msgspec.Struct, frozen=True):
    pieces: int | None = None
    articles: int | None = None
    groups: tuple[StockGroup, ...] = ()


class Announced(msgspec.Struct, frozen=True):
    expected_on: date
    pieces: int


class Received(msgspec.Struct, frozen=True):
    received_on: date
    pieces: int


class Place(msgspec.Struct, frozen=True):
    """`address` and `conditions` are None until logistics begins (ON-31)."""

    name: str
    address: str | None = None
    conditions: str | None = None
    planned: PlannedStock | None = None
    announced: tuple[Announced, ...] = ()
    received: tuple[Received, ...] = ()


def delivery_pages(site: Site) -> APIRouter:
    router = APIRouter()
    visits, changes = Depends(site.partner_visit), Depends(sent_form(site))

    async def page(of: BrandVisit, refusal: Refusal | None = None, **given: str) -> Response:
        return site.page(
            "forms/delivery.html",
            of.visit,
            status=refusal.status if refusal else 200,
            brand=of.line,
            place=await place_of(of),
            refusal=refusal,
            given={"termin": "", "stueck": "", "kennung": secrets.token_hex(6), **given},
        )

    @router.get(PAGE)
    async def read(brand: Id, visit: Annotated[Visit, visits]) -> Response:
        """ON-4, ON-6, ON-31"""
        return await page(await brand_visit(visit, brand))

    @router.post(PAGE)
    async def announce(brand: Id, sent: Annotated[Sent, changes]) -> Response:
        path = PAGE.replace("{brand}", brand)
        if sent.is_stale:
            return send_again(site, sent, path, 403)
        given = {
            name: str(sent.form.get(name, "")).strip() for name in ("termin", "stueck", "kennung")
        }
        try:
            of = await brand_visit(sent.visit, brand)
            wrong = mistakes_of(given)
            if wrong:
                return await page(of, invalid(**wrong), **given)
            body: dict[str, Any] = {
                "expected_on": canonical(DAY, given["termin"]),
                "pieces": pieces_in(given["stueck"]),
            }
            delivery = f"{of.root}/deliveries/{given['kennung']}"
            try:
                await of.visit.onboarding.send("PUT", delivery, body)
            except RefusedError as error:
                return await page(of, named(refusal_of(error)), **given)
        except UnreachableError:
            return send_again(site, sent, path, 503)
        on = day(date.fromisoformat(body["expected_on"]))
        return site.redirect(path, sent.visit, f"Die Anlieferung am {on} ist angekündigt.")

    return router


def mistakes_of(given: dict[str, str]) -> dict[str, str]:
    wrong = {}
    try:
        date.fromisoformat(canonical(DAY, given["termin"]))
    except ValueError:
        wrong["termin"] = "Bitte geben Sie ein Datum an, wie 31.12.2026."
    if not PIECES.fullmatch(given["stueck"]) or pieces_in(given["stueck"]) < 1:
        wrong["stueck"] = "Bitte geben Sie eine ganze Zahl an, zum Beispiel 1.200."
    if not ROW_ID.fullmatch(given["kennung"]):
        given["kennung"] = secrets.token_hex(6)
    return wrong


def pieces_in(text: str) -> int:
    """Dots stand between thousands, as Germans write them."""
    return int(text.replace(".", ""))


def named(refusal: Refusal) -> Refusal:
    """With the names of the page's fields."""
    names = {"expected_on": "termin", "pieces": "stueck"}
    fields = {names[name]: detail for name, detail in refusal.fields.items() if name in names}
    return replace(refusal, fields=fields)


async def place_of(of: BrandVisit) -> Place | None:
    """None while no warehouse is chosen."""
    try:
        return await of.visit.onboarding.get(f"{of.root}/warehouse", Place)
    except RefusedError as error:
        if error.problem.code == "no-warehouse-chosen":
            return None
        raise
