"""Forms of a fake onboarding, and a person who fills them in."""

from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from typing import Any

import httpx
import msgspec

from web_tests.browser import PORTAL, Browser
from web_tests.onboarding import PARTNER

OF_BRAND = "/marken/nordkap/formulare/lagerbestand"
PATH = f"/partners/{PARTNER}/brands/nordkap/forms/lagerbestand"
FIELDS = [
    {"name": "bestand", "label": "Lagerbestand (Stück)", "kind": "whole-number", "required": True},
    {"name": "preis", "label": "Preis (EUR)", "kind": "decimal"},
    {"name": "termin", "label": "Termin der Lieferung", "kind": "date", "help": "Ungefähr."},
    {"name": "haengeware", "label": "Ist Hängeware dabei?", "kind": "yes-no", "required": True},
    {
        "name": "haengeware_stueck",
        "label": "Davon Hängeware (Stück)",
        "kind": "whole-number",
        "only_if": "haengeware",
    },
    {
        "name": "plattformen",
        "label": "Plattformen",
        "kind": "choices",
        "choices": ["Otto", "Peek & Cloppenburg"],
        "choice_ids": ["otto", "peek-cloppenburg"],
    },
    {"name": "anmerkungen", "label": "Anmerkungen", "kind": "long-text", "most": 1000},
]
TABLE = {
    "name": "bestaende",
    "label": "Bestände",
    "least_rows": 1,
    "most_rows": 3,
    "columns": [
        {"name": "gruppe", "label": "Warengruppe", "kind": "text", "required": True},
        {"name": "menge", "label": "Menge", "kind": "whole-number", "required": True},
    ],
}


def filled(**changes: Any) -> dict[str, Any]:
    return {
        "partner": PARTNER,
        "brand": "nordkap",
        "form": "lagerbestand",
        "status": "open",
        "revision": 0,
        "source": "partner",
        "reason": "",
        "changed_at": None,
        "newest": 2,
        "definition": {
            "form": "lagerbestand",
            "version": 2,
            "step": "warehouse",
            "title": "Lagerinformationen",
            "introduction": "Bitte je Marke ausfüllen.",
            "per_brand": True,
            "fields": FIELDS,
            "tables": [TABLE],
        },
        "answers": {},
        "tables": {"bestaende": []},
        **changes,
    }


MATERIAL = {
    "items": [
        {
            "id": "lager",
            "title": "Lagerinformationen: Mengen und Dimensionen je Marke",
            "kind": "guide",
            "url": "https://material.zugabe.test/lager",
            "phase": "organisation",
            "step": "warehouse",
        }
    ],
    "amazon": None,
    "files": [],
}


def prepare(browser: Browser, **changes: Any) -> None:
    browser.onboarding.answers |= {
        f"GET {PATH}": filled(**changes),
        f"GET /partners/{PARTNER}/material": MATERIAL,
        f"PUT {PATH}/draft": {"revision": changes.get("revision", 0) + 1},
        f"PUT {PATH}/submission": {"revision": changes.get("revision", 0) + 1},
    }


async def send(
    browser: Browser,
    path: str = OF_BRAND,
    fields: Mapping[str, str | Sequence[str]] | None = None,
    **headers: str,
) -> httpx.Response:
    """From the portal's own page, with the token of the session."""
    session = browser.site.sessions.open(browser.http.cookies["__Host-zugabe"], browser.now)
    assert session is not None
    data = {"csrf": session.csrf, "revision": "0", "version": "2", **(fields or {})}
    return await browser.http.post(path, data=data, headers={"Origin": PORTAL, **headers})


def bodies(browser: Browser, method: str, path: str) -> list[Any]:
    """What onboarding was sent."""
    return [
        msgspec.json.decode(request.content)
        for request in browser.onboarding.asked
        if (request.method, request.url.path) == (method, path)
    ]


class Html(HTMLParser):
    """Elements of a page by id, fields with their values, and the addresses it leads to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def by_id(self, id: str) -> dict[str, str | None]:  # noqa: A002 - of HTML
        [found] = [attributes for _, attributes in self.tags if attributes.get("id") == id]
        return found

    def field(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for _, attributes in self.tags if attributes.get("name") == name]

    @property
    def ids(self) -> list[str]:
        return [found for _, attributes in self.tags if (found := attributes.get("id"))]
