"""A request for each route about templates."""

from collections.abc import Mapping
from urllib.parse import quote

from zugabe_testing.examples import Example
from zugabe_testing.malformed import HEADERS, NO_TOKENS

PUBLIC_TEMPLATES = frozenset({"GET /templates", "GET /templates/{name}"})

IGNORED = {"header": tuple(HEADERS), "token": tuple(NO_TOKENS)}
"""A public route reads no headers about repeats and tokens."""

NAME = quote("Excelvorlage für Datenimport.xlsx")

TEMPLATE_EXAMPLES: Mapping[str, Example] = {
    "GET /templates": Example("user", takes=IGNORED),
    "GET /templates/{name}": Example("user", path={"name": NAME}, takes=IGNORED),
}
