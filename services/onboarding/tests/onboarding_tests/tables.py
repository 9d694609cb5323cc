"""Requests that carry a table, for tests of what is hostile."""

from collections.abc import Mapping

from zugabe_testing.examples import Example

PARTNERS = (
    "Partner;Firma;Ansprechpartner;E-Mail;Marke;Markenname\r\n"
    "sued;Süd AG;Jo Jansen;jo@example.org;alp;Alp\r\n"
)
PRODUCT_TYPES = "Produkttyp;Gruppe\r\nRöcke;Mode\r\n"

IMPORTS: Mapping[str, Example] = {
    route: Example("central", text.encode(), query={"dry_run": "false"}, media_type="text/csv")
    for route, text in (
        ("POST /partner-imports", PARTNERS),
        ("POST /product-type-imports", PRODUCT_TYPES),
    )
}
