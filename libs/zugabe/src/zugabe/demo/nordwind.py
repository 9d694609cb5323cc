"""The partner of the demo: brands, forms and articles."""

from collections.abc import Mapping
from typing import Any

PARTNER = "nordwind"
CONTACT = {"contact_id": "kim", "name": "Kim Kranich", "email": "kim@nordwind.invalid"}
MANAGER = {"manager_id": "maxi", "name": "Maxi Meise", "email": "maxi@zugabe.invalid"}
AHEAD, BEHIND = "nordkap", "suedlicht"
BRANDS: Mapping[str, str] = {AHEAD: "Nordkap", BEHIND: "Südlicht"}
WAREHOUSE = "hamburg"
PLACE = {
    "name": "Lager Hamburg",
    "address": "Am Kai 1\n20457 Hamburg",
    "conditions": "Werktags bis 14 Uhr, auf Europaletten, mit Avis am Vortag.",
}
EXISTING_TYPE, NEW_TYPE = "Regenjacke", "Kajak"
PRODUCT_TYPE = EXISTING_TYPE.casefold()
ARTICLES = tuple(f"NK-{number:04}" for number in range(1, 13))


def of_brand(name: str) -> Mapping[str, Any]:
    """Answers of a brand by form (ON-18, ON-30)."""
    return {
        "marken-und-vertrieb": {
            "answers": {
                "marke": name,
                "markeninhaber": "Nordwind GmbH",
                "marke_eingetragen": True,
                "markennummer": "302026000017",
                "sortiment": "Kleidung und Ausrüstung für draußen",
                "zielgruppen": ["Damen", "Herren"],
                "preispositionierung": "Mitte",
                "vertriebskanaele": ["Eigener Onlineshop"],
                "auf_plattformen": False,
            }
        },
        "plattformauswahl": {
            "answers": {
                "plattformen": ["amazon", "otto"],
                "amazon_registriert": False,
            }
        },
        "produkttypen": {
            "tables": {
                "produkttypen": [
                    {"row": "r1", "answers": {"produkttyp": EXISTING_TYPE}},
                    {"row": "r2", "answers": {"produkttyp": NEW_TYPE}},
                ]
            }
        },
        "lagerbestand": {
            "answers": {
                "bestand": 600,
                "artikel": len(ARTICLES),
                "haengeware": False,
                "gefahrgut": False,
            },
            "tables": {
                "bestaende": [
                    {
                        "row": "r1",
                        "answers": {
                            "warengruppe": "Jacken",
                            "menge": 600,
                            "laenge_mm": 400,
                            "breite_mm": 300,
                            "hoehe_mm": 60,
                        },
                    }
                ]
            },
        },
    }


OF_PARTNER: Mapping[str, Any] = {
    "ansprechpartner": {
        "tables": {
            "ansprechpartner": [
                {
                    "row": "r1",
                    "answers": {
                        "abteilung": "Logistik",
                        "name": "Lou Lachs",
                        "email": "lou@nordwind.invalid",
                    },
                }
            ]
        }
    },
    "kundenservice": {
        "answers": {"rabatt": True, "rabatt_prozent": "15"},
        "tables": {
            "ansprechpartner": [
                {
                    "row": "r1",
                    "answers": {"name": "Pia Pinguin", "email": "pia@nordwind.invalid"},
                }
            ]
        },
    },
}
"""Answers that count for all brands of the partner (ON-23, ON-33)."""
