"""The pages on which a partner does what a brand still lacks."""

from collections.abc import Mapping

from zugabe_web.partner.answers import Missing

FORMS: Mapping[str, str] = {
    "form:contacts": "/formulare/ansprechpartner",
    "form:data-models": "formulare/produkttypen",
    "form:warehouse": "formulare/lagerbestand",
    "form:customer-service": "/formulare/kundenservice",
}
PAGES: Mapping[str, str] = {
    "articles": "artikel",
    "data-model": "datenmodelle",
    "goods-receipt": "anlieferung",
}
RELEASES = "form:releases"


def place_of(missing: Missing, brand: str) -> str:
    """The address of the page; the part of the brand's page about it where there is none."""
    known = FORMS.get(missing.requirement) or PAGES.get(missing.requirement)
    if known is None and missing.requirement == RELEASES:
        known = f"formulare/{missing.subject}" if missing.subject else "#schritt-releases"
    if known is None:
        known = "#livesetzung"
    if known.startswith("/"):
        return known
    page = f"/marken/{brand}"
    return page + known if known.startswith("#") else f"{page}/{known}"
