"""Filters and columns of the list of banners."""

from collections.abc import Mapping
from typing import Literal

from catalog_shops.banner.view import BANNERS, BannerView
from zugabe_events.contracts.catalog_shops import BannerPage, LinkKind
from zugabe_events.export.table import Column, Table, yes_or_no
from zugabe_events.http.list_query import ListQuery


class BannerQuery(ListQuery):
    page: BannerPage | None = None
    sort: Literal["title", "-title"] = "title"


PAGES: Mapping[BannerPage, str] = {
    "start": "Startseite",
    "brand-overview": "Markenshopübersicht",
    "theme-overview": "Themenshopübersicht",
    "no-result": "Suche ohne Ergebnis",
    "shop": "Shop",
    "all": "alle Seiten",
}
LINKS: Mapping[LinkKind, str] = {
    "shop": "Shop",
    "article": "Artikel",
    "overview": "Übersicht",
    "none": "kein Ziel",
}

TABLE: Table[BannerView] = Table(
    "banner",
    BANNERS,
    (
        Column("Titel", lambda view: view.title),
        Column("Seite", lambda view: PAGES.get(view.page, view.page)),
        Column("Ziel", lambda view: LINKS.get(view.banner.link.to, view.banner.link.to)),
        Column("Gültig von", lambda view: view.banner.valid_from),
        Column("Gültig bis", lambda view: view.banner.valid_until),
        Column("Aktiv", lambda view: yes_or_no(view.banner.active)),
        Column("Höhe (Pixel)", lambda view: view.height),
    ),
)
