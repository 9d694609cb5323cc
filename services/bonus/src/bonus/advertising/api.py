"""Routes of the programme's banner and footer link: set them, and what a visitor is shown."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends

from bonus.advertising.decider import Advertise, SetFooterLink, advertising_history
from bonus.advertising.graphic import GraphicView, key_of
from bonus.programme.decider import programme_history
from bonus.programme.versions import Active, RunOff
from bonus.programme.visitors import Visitors
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.domain.marketing_module import ModuleView, check_module
from zugabe_events.domain.views import Views
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Body, Id, Sha256, Text
from zugabe_events.http.request_context import RequestContext


class BannerSettings(Body):
    """`file` is a graphic that was uploaded as a `bonus-banner`; screen readers say the `title`.

    `shown` is the switch „Bewerbung Bonuspunkte".
    """

    shown: bool
    file: Sha256 | None = None
    title: Text = "Bonuspunkte"


class FooterLink(Body):
    shown: bool


@dataclass(frozen=True, slots=True)
class Banner:
    """`address` is that of the graphic at `catalog-shops`; a click leads to the page."""

    file: str
    title: str
    address: str


@dataclass(frozen=True, slots=True)
class AdvertisingSettings:
    shown: bool
    banner: Banner | None
    footer_link: bool


@dataclass(frozen=True, slots=True)
class ShownAdvertising:
    """Advertising for this visitor: the banner above the stage, and the link in the footer."""

    banner: Banner | None
    footer_link: bool


def advertising_api(
    store: EventStore,
    graphics: Views[GraphicView],
    dealers: Views[ModuleView],
    visitors: Visitors,
    access: Access,
) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}/programme", tags=["advertising"])
    edit = Depends(reads(access.requires("edit-bonus-settings"), graphics, dealers))
    edit_link = Depends(access.requires("edit-footer-link"))
    maintainers = access.requires("edit-bonus-settings", "see-programme")
    see_settings = Depends(reads(maintainers, graphics))
    see = Depends(reads(access.requires("see-bonus-page"), visitors.accounts))

    @router.put("/banner", status_code=204)
    async def advertise(
        dealer: Id, body: BannerSettings, request: Annotated[RequestContext, edit]
    ) -> None:
        """Set the banner that advertises the programme, and switch it on or off."""
        await check_module(dealers, dealer)
        file = body.file or ""
        graphic = await graphics.get(key_of(dealer, file)) if file else None
        command = Advertise(dealer, body.shown, file, body.title, graphic, request.context.at)
        await request.handle(store, advertising_history(dealer), command)

    @router.put("/footer-link", status_code=204)
    async def set_footer_link(
        dealer: Id, body: FooterLink, request: Annotated[RequestContext, edit_link]
    ) -> None:
        """Central sets it when the dealer asks for it, once the programme is set up (BO-27)."""
        programme = (await state_of(store, programme_history(dealer))).present
        command = SetFooterLink(dealer, body.shown, programme, request.context.at)
        await request.handle(store, advertising_history(dealer), command)

    @router.get("/banner")
    async def get_banner(
        dealer: Id, request: Annotated[RequestContext, see_settings]
    ) -> AdvertisingSettings:
        """Advertising of the programme for this visitor: banner and footer link."""
        advertising = await state_of(store, advertising_history(dealer))
        banner = banner_of(dealer, advertising.banner, advertising.title)
        return AdvertisingSettings(advertising.shown, banner, advertising.footer_link)

    @router.get("/advertising")
    async def get_advertising(
        dealer: Id, request: Annotated[RequestContext, see]
    ) -> ShownAdvertising:
        """Anonymous visitors see the banner of a programme that runs; users, if they collect
        (BO-25)."""
        at = request.context.at
        programme = (await state_of(store, programme_history(dealer))).at(at)
        advertising = await state_of(store, advertising_history(dealer))
        is_active = isinstance(programme, Active)
        has_banner = advertising.shown and is_active and await visitors.collects(dealer, request)
        has_link = (
            advertising.footer_link
            and isinstance(programme, Active | RunOff)
            and await visitors.see(dealer, request, is_active=is_active)
        )
        banner = banner_of(dealer, advertising.banner, advertising.title) if has_banner else None
        return ShownAdvertising(banner, has_link)

    return router


def banner_of(dealer: str, file: str, title: str) -> Banner | None:
    return Banner(file, title, f"/graphics/{dealer}/{file}") if file else None
