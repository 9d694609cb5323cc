"""The columns of the upload of a shop's assortment (CS-23, Q19)."""

from collections.abc import Mapping

from catalog_shops.shop.assortment_file import ARTICLE, FIRST, LAST, PRICE, TOP

MEANINGS: Mapping[str, tuple[str, str]] = {
    ARTICLE: ("Nummer eines Artikels im Shop; führende Nullen zählen", "0017-4711"),
    TOP: ("Platz unter den Topartikeln: 1, 2 oder 3; sonst leer", "1"),
    PRICE: ("Preis, der durchgestrichen wird, in Euro netto", "4,99"),
    FIRST: ("erster Tag des Streichpreises", "01.05.2026"),
    LAST: ("letzter Tag des Streichpreises; beide Tage sind mit ihm Pflicht", "31.05.2026"),
}
"""By title, each with an example."""
