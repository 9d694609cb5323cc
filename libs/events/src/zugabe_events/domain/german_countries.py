"""Countries as a German sentence about a way there needs them."""

from collections.abc import Mapping

WAYS: Mapping[str, str] = {
    "AT": "nach Österreich",
    "BE": "nach Belgien",
    "BG": "nach Bulgarien",
    "CH": "in die Schweiz",
    "CY": "nach Zypern",
    "CZ": "nach Tschechien",
    "DE": "nach Deutschland",
    "DK": "nach Dänemark",
    "EE": "nach Estland",
    "ES": "nach Spanien",
    "FI": "nach Finnland",
    "FR": "nach Frankreich",
    "GB": "in das Vereinigte Königreich",
    "GR": "nach Griechenland",
    "HR": "nach Kroatien",
    "HU": "nach Ungarn",
    "IE": "nach Irland",
    "IT": "nach Italien",
    "LT": "nach Litauen",
    "LU": "nach Luxemburg",
    "LV": "nach Lettland",
    "MT": "nach Malta",
    "NL": "in die Niederlande",
    "PL": "nach Polen",
    "PT": "nach Portugal",
    "RO": "nach Rumänien",
    "SE": "nach Schweden",
    "SI": "nach Slowenien",
    "SK": "in die Slowakei",
}
"""The European Union, Switzerland and the United Kingdom, by ISO 3166."""


def way_to(country: str) -> str:
    """`nach Deutschland`, `in die Schweiz`; other countries by their code."""
    return WAYS.get(country, f"nach „{country}“")
