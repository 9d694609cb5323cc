"""A request that each route about forms and documents accepts."""

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from onboarding_tests.form_takes import (
    DEFINITION_TAKES,
    DRAFT_OF_CONTACTS,
    DRAFT_OF_STOCK,
    OF_THE_LOG,
    STOCK_IN_DIGITS,
    VERSION,
)
from zugabe_events.domain.cursor import SortValue, encode_cursor
from zugabe_testing.examples import Example, with_exports

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
OF_PARTNER = "/partners/{partner}"
OF_BRAND = f"{OF_PARTNER}/brands/{{brand}}"
BRAND = {"brand": "nordkap"}
PDF = b"%PDF-1.4\n%%EOF\n"
OLDER_PDF = b"%PDF-1.3\n%%EOF\n"
ROWS = [{"row": "r1", "answers": {"abteilung": "IT", "name": "Lou", "email": "lou@example.org"}}]
CONTACTS = {"revision": 0, "version": 1, "answers": {}, "tables": {"ansprechpartner": ROWS}}
STOCK: Mapping[str, Any] = {
    "revision": 0,
    "version": 2,
    "answers": {"bestand": 40, "artikel": 1, "haengeware": False, "gefahrgut": False},
    "tables": {
        "bestaende": [
            {
                "row": "r1",
                "answers": {
                    "warengruppe": "Jacken",
                    "menge": 40,
                    "laenge_mm": 10,
                    "breite_mm": 10,
                    "hoehe_mm": 10,
                },
            }
        ]
    },
}
RELEASE = {
    "marke": "Nordkap",
    "markeninhaber": "Nordwind GmbH",
    "marke_eingetragen": False,
    "sortiment": "Jacken",
    "zielgruppen": ["Damen"],
    "preispositionierung": "Mitte",
    "vertriebskanaele": ["Noch keine"],
    "auf_plattformen": False,
}
COLUMN = {
    "name": "grund",
    "label": "Grund",
    "kind": "choice",
    "help": "Kurz",
    "required": True,
    "personal": False,
    "choices": ["Ja", "Nein"],
    "least": None,
    "most": None,
    "only_if": None,
    "choice_ids": ["ja", "nein"],
    "only_if_choice": None,
    "web_address": False,
    "not_past": False,
    "at_least": None,
}
TABLE = {
    "name": "zeilen",
    "label": "Zeilen",
    "columns": [COLUMN],
    "help": "Eine je Fall",
    "least_rows": 0,
    "most_rows": 5,
}


def by(sort: str, value: SortValue = "") -> Mapping[str, str]:
    return {"sort": sort, "after": encode_cursor(value, "", sort), "limit": "10"}


def form(name: str) -> Mapping[str, str]:
    return {"form": name}


def form_of_brand(name: str) -> Mapping[str, str]:
    return {**BRAND, "form": name}


def seen(revision: int, **path: str) -> Example:
    return Example("central", {"revision": revision}, path=path)


def sent_back(revision: int, **path: str) -> Example:
    return Example("central", {"revision": revision, "reason": "Bitte ergänzen"}, path=path)


SUBMIT = f"PUT {OF_PARTNER}/forms/{{form}}/submission"
SUBMIT_OF_BRAND = f"PUT {OF_BRAND}/forms/{{form}}/submission"

FORMS: Mapping[str, Example] = {
    "GET /forms": Example("central", takes=OF_THE_LOG),
    "GET /forms/{form}": Example("central", path=form("kundenservice"), takes=OF_THE_LOG),
    "PUT /forms/{form}": Example(
        "central",
        {"title": "Service", "introduction": "Bitte", "fields": [COLUMN], "tables": [TABLE]},
        path=form("kundenservice"),
        takes=DEFINITION_TAKES,
    ),
    f"PUT {OF_PARTNER}/forms/{{form}}/draft": Example(
        "partner", CONTACTS, path=form("ansprechpartner"), takes=DRAFT_OF_CONTACTS
    ),
    SUBMIT: Example(
        "partner",
        {**CONTACTS, "revision": 1},
        path=form("ansprechpartner"),
        takes={**VERSION, "body.answers": ("missing",)},
    ),
    f"GET {OF_PARTNER}/forms/{{form}}": Example(
        "partner", path=form("ansprechpartner"), takes=OF_THE_LOG
    ),
    f"POST {OF_PARTNER}/forms/{{form}}/return": sent_back(2, form="ansprechpartner"),
    f"GET {OF_PARTNER}/forms/{{form}}/reviewed": Example(
        "central", path=form("ansprechpartner"), takes=OF_THE_LOG
    ),
    f"POST {OF_PARTNER}/forms/{{form}}/acceptance": seen(4, form="ansprechpartner"),
    f"PUT {OF_BRAND}/forms/{{form}}/draft": Example(
        "partner", STOCK, path=form_of_brand("lagerbestand"), takes=DRAFT_OF_STOCK
    ),
    SUBMIT_OF_BRAND: Example(
        "partner",
        {**STOCK, "revision": 1},
        path=form_of_brand("lagerbestand"),
        takes=STOCK_IN_DIGITS,
    ),
    f"GET {OF_BRAND}/forms/{{form}}": Example(
        "partner", path=form_of_brand("lagerbestand"), takes=OF_THE_LOG
    ),
    f"POST {OF_BRAND}/forms/{{form}}/return": sent_back(2, **form_of_brand("lagerbestand")),
    f"GET {OF_BRAND}/forms/{{form}}/reviewed": Example(
        "central", path=form_of_brand("lagerbestand"), takes=OF_THE_LOG
    ),
    f"POST {OF_BRAND}/forms/{{form}}/acceptance": seen(4, **form_of_brand("lagerbestand")),
    f"PUT {OF_BRAND}/forms/{{form}}/carry-over": Example(
        "central",
        {"revision": 0, "version": 2, "answers": RELEASE, "tables": {}},
        path=form_of_brand("marken-und-vertrieb"),
        takes={**VERSION, "body.tables": ("missing",)},
    ),
    **with_exports(f"GET {OF_PARTNER}/forms", Example("partner", query=by("brand"))),
    f"PUT {OF_PARTNER}/documents/{{document}}": Example(
        "partner",
        PDF,
        query={
            "title": "Katalog",
            "file_name": "katalog.pdf",
            "brand": "nordkap",
            "replaces": sha256(OLDER_PDF).hexdigest(),
        },
        path={"document": "d1"},
        media_type="application/octet-stream",
        takes={"query.title": ("a slash", "broken"), "query.file_name": ("broken",)},
    ),
    **with_exports(
        f"GET {OF_PARTNER}/documents",
        Example("partner", query={"brand": "nordkap", **by("-stored_at", NOON)}),
    ),
    f"GET {OF_PARTNER}/documents/{{document}}": Example(
        "partner", path={"document": "d1"}, takes=OF_THE_LOG
    ),
    f"DELETE {OF_PARTNER}/documents/{{document}}": Example("central", path={"document": "d2"}),
}

AGAIN = {**CONTACTS, "revision": 3}
CHOICE = {
    "revision": 0,
    "version": 3,
    "answers": {"plattformen": ["amazon", "otto", "zalando"], "amazon_registriert": False},
    "tables": {},
}
BEFORE_FORMS: Mapping[str, tuple[tuple[str, Example], ...]] = {
    f"POST {OF_PARTNER}/forms/{{form}}/acceptance": (
        (SUBMIT, Example("partner", AGAIN, path=form("ansprechpartner"))),
    ),
    f"POST {OF_BRAND}/forms/{{form}}/acceptance": (
        (
            SUBMIT_OF_BRAND,
            Example("partner", {**STOCK, "revision": 3}, path=form_of_brand("lagerbestand")),
        ),
    ),
    f"PUT {OF_BRAND}/forms/{{form}}/carry-over": (
        (
            f"PUT {OF_BRAND}/forms/{{form}}/carry-over",
            Example("central", CHOICE, path=form_of_brand("plattformauswahl")),
        ),
    ),
    f"PUT {OF_PARTNER}/documents/{{document}}": (
        (
            f"PUT {OF_PARTNER}/documents/{{document}}",
            Example(
                "partner",
                OLDER_PDF,
                query={"title": "Katalog", "file_name": "katalog.pdf", "brand": "nordkap"},
                path={"document": "d1"},
                media_type="application/octet-stream",
            ),
        ),
    ),
    f"DELETE {OF_PARTNER}/documents/{{document}}": (
        (
            f"PUT {OF_PARTNER}/documents/{{document}}",
            Example(
                "partner",
                PDF,
                query={"title": "Alt", "file_name": "alt.pdf"},
                path={"document": "d2"},
                media_type="application/octet-stream",
            ),
        ),
    ),
}
