"""Columns of the upload of a shop's assortment (CS-23, Q19)."""

NUMBER = "Artikelnummer"
TOP_ARTICLE = "Topartikel"
STRIKE_PRICE = "Streichpreis"
VALID_FROM = "Gültig von"
VALID_UNTIL = "Gültig bis"

ASSORTMENT_TITLES = (NUMBER, TOP_ARTICLE, STRIKE_PRICE, VALID_FROM, VALID_UNTIL)
"""All of them must be there, also if no article is a top article."""

MEANINGS = {
    NUMBER: ("Nummer eines Artikels im Shop; führende Nullen zählen", "0017-4711"),
    TOP_ARTICLE: ("Platz unter den Topartikeln: 1, 2 oder 3; sonst leer", "1"),
    STRIKE_PRICE: ("Preis, der durchgestrichen wird, in Euro netto", "4,99"),
    VALID_FROM: ("erster Tag des Streichpreises", "01.05.2026"),
    VALID_UNTIL: ("letzter Tag des Streichpreises; Pflicht, wenn es einen gibt", "31.05.2026"),
}
