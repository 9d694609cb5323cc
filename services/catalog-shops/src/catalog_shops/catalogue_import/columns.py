"""Columns of tables with articles, as templates name them and as files are read (GA-9, Q19)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zugabe_events.contracts.catalog_shops import Availability, ImportScope, TaxClass
from zugabe_events.tables.cells import Kind

NUMBER = "Artikelnummer"
NAME = "Bezeichnung"
TEXT = "Langtext"
MANUFACTURER = "Hersteller"
MANUFACTURER_NUMBER = "Herstellernummer"
BRAND = "Marke"
GROUPS = "Warengruppe"
IMAGES = "Bild"
FLAG = "Katalogkennzeichen"
PRICE = "Preis"
QUANTITY = "Preiseinheit"
VALID_FROM = "Preis gültig von"
VALID_UNTIL = "Preis gültig bis"
STEPS = 5
TAX = "Steuer"
GTIN = "GTIN"
KEYWORDS = "Schlagwörter"
MEDIA = "Werbemittel"
ORDER_UNIT = "Bestelleinheit"
AVAILABILITY = "Verfügbarkeit"

SEPARATOR = ";"
BELOW = ">"

TAXES: Mapping[str, TaxClass] = {
    "19": "standard",
    "voll": "standard",
    "7": "reduced",
    "ermäßigt": "reduced",
    "0": "zero",
    "frei": "zero",
}

AVAILABILITIES: Mapping[str, Availability] = {
    "verfügbar": "available",
    "wenige": "low",
    "nicht verfügbar": "out-of-stock",
    "Auslauf": "discontinued",
}


@dataclass(frozen=True, slots=True)
class ImportColumn:
    """A column: its title, how its cells are read, what stands in it, and an example."""

    title: str
    kind: Kind
    meaning: str
    example: str


def step_titles(step: int) -> tuple[str, str]:
    """Titles of quantity and price of a step; the first one is `Preis`, from one on."""
    return f"Staffelmenge {step}", f"Staffelpreis {step}"


def step_columns() -> Sequence[ImportColumn]:
    found: list[ImportColumn] = []
    for step in range(2, STEPS + 1):
        quantity, price = step_titles(step)
        found += [
            ImportColumn(quantity, "number", "Menge, ab der der Staffelpreis gilt", str(10**step)),
            ImportColumn(price, "number", f"Nettopreis in Euro je Preiseinheit ab {quantity}", ""),
        ]
    return found


COLUMNS: Sequence[ImportColumn] = (
    ImportColumn(
        NUMBER,
        "text",
        "Nummer des Artikels im Shop, bis 64 Zeichen; führende Nullen zählen",
        "0017-4711",
    ),
    ImportColumn(NAME, "text", "Bezeichnung, bis 200 Zeichen", "Ordner A4, 80 mm, blau"),
    ImportColumn(
        TEXT,
        "text",
        "Beschreibung; [br] ist ein Zeilenumbruch, [b]fett[\\b] ist fett",
        "Hält [b]alles[\\b] zusammen.[br]Für 600 Blatt.",
    ),
    ImportColumn(MANUFACTURER, "text", "Name des Herstellers", "Muster GmbH"),
    ImportColumn(MANUFACTURER_NUMBER, "text", "Artikelnummer des Herstellers", "ORD-80-B"),
    ImportColumn(BRAND, "text", "Name der Marke; eine neue wird angelegt", "Muster"),
    ImportColumn(
        GROUPS,
        "text",
        "Warengruppe mit denen darüber, von oben nach unten durch „>“ getrennt; mehrere durch „;“; "
        "neue werden angelegt",
        "Büro > Ordnen > Ordner",
    ),
    ImportColumn(
        IMAGES, "text", "Dateiname oder Web-Adresse des Bildes; mehrere durch „;“", "ordner.jpg"
    ),
    ImportColumn(FLAG, "text", "1 für Dankeschönartikel, sonst 0", "0"),
    ImportColumn(PRICE, "number", "Nettopreis in Euro, bis zu vier Nachkommastellen", "3,49"),
    ImportColumn(QUANTITY, "number", "Menge, für die der Preis gilt; ohne Angabe 1", "1"),
    ImportColumn(VALID_FROM, "day", "erster Tag, an dem der Preis gilt", "01.01.2026"),
    ImportColumn(VALID_UNTIL, "day", "letzter Tag, an dem der Preis gilt", "31.12.2026"),
    *step_columns(),
    ImportColumn(TAX, "text", "19, 7 oder 0 (Prozent); ohne Angabe 19", "19"),
    ImportColumn(GTIN, "text", "GTIN (EAN) mit 8, 12, 13 oder 14 Ziffern", "4006381333931"),
    ImportColumn(KEYWORDS, "text", "Suchwörter, durch „;“ getrennt", "Ablage; Aktenordner"),
    ImportColumn(MEDIA, "text", "Werbemittel mit dem Artikel, durch „;“ getrennt", "Katalog 2026"),
    ImportColumn(ORDER_UNIT, "text", "Einheit, in der bestellt wird", "Stück"),
    ImportColumn(
        AVAILABILITY, "text", f"{', '.join(AVAILABILITIES)}; ohne Angabe verfügbar", "verfügbar"
    ),
)

PRICE_TITLES = (PRICE, QUANTITY, VALID_FROM, VALID_UNTIL)

GIFT_TITLES = (NUMBER, NAME, TEXT, MANUFACTURER, BRAND, GROUPS, IMAGES, FLAG, PRICE)
"""The columns of gifts, all of which a file must have (Q19)."""

REQUIRED: Mapping[ImportScope, Sequence[str]] = {
    "whole-catalogue": (NUMBER, NAME),
    "some-articles": (NUMBER, NAME),
    "prices": (NUMBER, PRICE),
    "gifts": GIFT_TITLES,
}

KINDS: Mapping[str, Kind] = {column.title: column.kind for column in COLUMNS}


def optional_titles(scope: ImportScope) -> Sequence[str]:
    return [column.title for column in COLUMNS if column.title not in REQUIRED[scope]]
