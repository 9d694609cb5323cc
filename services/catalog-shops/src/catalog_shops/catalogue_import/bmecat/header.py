"""Facts that the head of a BMEcat file states about all of it."""

import re
from dataclasses import dataclass
from typing import Literal

from catalog_shops.catalogue_import.bmecat.element import Element

type Transaction = Literal["T_NEW_CATALOG", "T_UPDATE_PRODUCTS", "T_UPDATE_PRICES"]

TRANSACTIONS: tuple[Transaction, ...] = ("T_NEW_CATALOG", "T_UPDATE_PRODUCTS", "T_UPDATE_PRICES")

ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|[/\\]{2}")
SCHEMES = ("http:", "https:", "ftp:", "file:")


@dataclass(frozen=True, slots=True)
class Header:
    """`catalogue` names the catalogue across its versions; "" if the file does not."""

    language: str = ""
    currency: str = ""
    territories: tuple[str, ...] = ()
    mime_root: str = ""
    catalogue: str = ""

    def source(self, name: str) -> str | None:
        """The address of a file of the catalogue, by its name there; None for anything else."""
        if found := ADDRESS.match(name):
            return name if found[0][-1] in "/\\" or found[0].lower() in SCHEMES else None
        if not self.mime_root:
            return name
        return f"{self.mime_root.rstrip('/')}/{name.lstrip('/')}"


def header_of(header: Element) -> Header:
    catalog = header.first("CATALOG")
    if catalog is None:
        return Header()
    supplier = header.first("SUPPLIER")
    name = ""
    if supplier is not None:
        name = supplier.text_of("SUPPLIER_ID") or supplier.text_of("SUPPLIER_NAME")
    identity = "/".join(filter(None, (name, catalog.text_of("CATALOG_ID"))))
    languages = catalog.all("LANGUAGE")
    default = next(
        (item for item in languages if item.attributes.get("default", "").lower() == "true"),
        languages[0] if languages else None,
    )
    return Header(
        language=default.text() if default is not None else "",
        currency=catalog.text_of("CURRENCY"),
        territories=tuple(item.text().upper() for item in catalog.all("TERRITORY")),
        mime_root=catalog.text_of("MIME_ROOT"),
        catalogue=" ".join(identity.split())[:200],
    )
