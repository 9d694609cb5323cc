"""What onboarding answers to a manager about Nordwind and its brand Nordkap."""

from typing import Any

from web_tests.onboarding import BRAND, FakeOnboarding, problem

PARTNER, NAME = "nordwind", "nordkap"
ROOT = f"/partners/{PARTNER}"
OF_BRAND = f"{ROOT}/brands/{NAME}"
PAGE = f"/board/partner/{PARTNER}/marken/{NAME}"
REVIEW = f"/board/pruefung/{PARTNER}/{NAME}/lagerbestand"

LINE: dict[str, Any] = {
    "partner": PARTNER,
    "partner_name": "Nordwind GmbH",
    "brand": NAME,
    "name": "Nordkap",
    "manager": "maxi",
    "status": "running",
    "phase": "organisation",
    "since": "2026-11-01T09:00:00Z",
    "waits_for": "partner",
    "waiting_since": "2026-11-02T09:00:00Z",
    "missing": [{"requirement": "form:contacts", "owner": "partner"}],
    "overdue": True,
    "overdue_data_models": ["kajak"],
    "reminders": 1,
    "reminded_at": "2026-11-20T09:00:00Z",
    "forecast": "2027-03-01",
    "needs": ["Kontaktübersicht: die Ansprechpartner"],
}
TIMES = {
    "phases": [
        {
            "phase": "organisation",
            "running": 1,
            "finished": 1,
            "median_days": 1,
            "expected_days": 28,
            "waited_for_partner_hours": 1,
            "waited_for_central_hours": 1200,
        }
    ]
}
FORM_LINE = {
    "form": "lagerbestand",
    "step": "warehouse",
    "title": "Geplante Bestände",
    "status": "submitted",
    "revision": 3,
    "source": "partner",
    "reason": "",
    "changed_at": "2026-11-03T09:00:00Z",
}
STOCK: dict[str, Any] = {
    "partner": PARTNER,
    "brand": NAME,
    "form": "lagerbestand",
    "status": "submitted",
    "revision": 3,
    "source": "partner",
    "reason": "",
    "changed_at": "2026-11-03T09:00:00Z",
    "newest": 1,
    "definition": {
        "form": "lagerbestand",
        "title": "Geplante Bestände",
        "version": 1,
        "fields": [
            {"name": "bestand", "label": "Stück im Schnitt", "kind": "whole-number"},
            {"name": "haengeware", "label": "Hängeware", "kind": "yes-no"},
        ],
        "tables": [
            {
                "name": "bestaende",
                "label": "Warengruppen",
                "columns": [{"name": "warengruppe", "label": "Warengruppe", "kind": "text"}],
            }
        ],
    },
    "answers": {"bestand": "1600", "haengeware": "nein"},
    "tables": {"bestaende": [{"row": "r1", "answers": {"warengruppe": "Jacken"}}]},
}
REVIEWED = STOCK | {"answers": {"bestand": "600", "haengeware": "nein"}}
NEEDS = {
    "brand": NAME,
    "product_types": [
        {"product_type": "kajak", "label": "Kajak", "status": "overdue", "due_on": "2026-11-10"}
    ],
    "price_cents": 0,
    "days": 10,
}


def answer_manager(onboarding: FakeOnboarding) -> None:
    page: dict[str, Any] = {"items": [], "next": None}
    forms = {"brand": NAME, "brand_name": "Nordkap", "accepted": 0, "forms": [FORM_LINE]}
    onboarding.answers |= {
        "GET /board": {"items": [LINE], "next": "cursor-2"},
        "GET /lead-times": TIMES,
        f"GET {ROOT}/address": {"failed_at": None, "detail": ""},
        f"GET {OF_BRAND}": BRAND,
        f"GET {OF_BRAND}/product-types": NEEDS,
        f"GET {OF_BRAND}/warehouse": problem(404, "no-warehouse-chosen", "Noch keins."),
        f"GET {OF_BRAND}/forms/lagerbestand": STOCK,
        f"GET {OF_BRAND}/forms/lagerbestand/reviewed": REVIEWED,
        f"GET {ROOT}/forms": {"items": [forms], "next": None},
        f"GET {ROOT}/documents": page,
        "GET /warehouses": {
            "items": [
                {
                    "warehouse": "hamburg",
                    "name": "Lager Hamburg",
                    "address": "Kai",
                    "conditions": "-",
                }
            ],
            "next": None,
        },
    }
