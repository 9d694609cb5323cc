"""The assortment of the demo: an office supplier's articles, in families of variants.

All of it is invented for the demo; prices are net in euro.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from itertools import product


@dataclass(frozen=True, slots=True)
class Supply:
    """An article of the demo. `steps` are amounts by the number of pieces they begin with."""

    number: str
    name: str
    text: str
    brand: str
    group: str
    gtin: str
    quantity: int
    steps: Mapping[int, Decimal]
    tax_percent: int


def rows(name: str) -> Iterator[Mapping[str, str]]:
    text = (files("zugabe") / "data" / name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines(), delimiter=";")


def groups() -> Mapping[str, tuple[str, str]]:
    """Name and parent of each product group."""
    return {row["Kennung"]: (row["Name"], row["Über"]) for row in rows("product-groups.csv")}


def supplies() -> Iterator[Supply]:
    """All articles, with numbers such as `ORD-001`; a family's variants are numbered.

    Each further version of a variant costs the family's extra; larger quantities a tenth less.
    """
    serial = 0
    for family in rows("office-supplies.csv"):
        variants = family["Varianten"].split("|")
        versions = enumerate(family["Ausführungen"].split("|"))
        for place, (variant, (level, version)) in enumerate(product(variants, versions), 1):
            serial += 1
            name = family["Bezeichnung"].format(variant, version)
            amount = Decimal(family["Preis"]) + level * Decimal(family["Aufpreis"])
            less = (amount * 9 / 10).quantize(Decimal("0.001"))
            yield Supply(
                number=f"{family['Präfix']}-{place:03}",
                name=name if "{0}" in family["Bezeichnung"] else f"{name}, {variant}",
                text=family["Langtext"],
                brand=family["Marke"],
                group=family["Warengruppe"],
                gtin=gtin_of(serial),
                quantity=int(family["Preiseinheit"]),
                steps={1: amount, int(family["Staffel ab"]): less},
                tax_percent=int(family["Steuer"]),
            )


def gtin_of(serial: int) -> str:
    """A GTIN-13 with its check digit, in the range for use within a company."""
    body = f"2000{serial:08}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return body + str(-total % 10)
