"""Requests that carry a table, for tests of what is hostile."""

from collections.abc import Mapping

from zugabe_testing.examples import Example

ODD_TEXTS = ("a slash", "broken")

PARTNERS = (
    "Partner;Firma;Ansprechpartner;E-Mail;Marke;Markenname\r\n"
    "sued;Süd AG;Jo Jansen;jo@example.org;alp;Alp\r\n"
)
PRODUCT_TYPES = "Produkttyp;Gruppe\r\nRöcke;Mode\r\n"

IMPORTS: Mapping[str, Example] = {
    route: Example(
        "central",
        text.encode(),
        query={"dry_run": "false", "sheet": "Tabelle1"},
        takes={"query.sheet": ODD_TEXTS},
        media_type="text/csv",
    )
    for route, text in (
        ("POST /partner-imports", PARTNERS),
        ("POST /product-type-imports", PRODUCT_TYPES),
    )
}
