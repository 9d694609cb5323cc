"""BMEcat files as systems of suppliers write them, for tests."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal
from xml.sax.saxutils import escape as xml
from xml.sax.saxutils import quoteattr

from catalog_shops.catalogue_import.records import CatalogueArticle, GroupPath, RecordPrice

type Transaction = Literal["T_NEW_CATALOG", "T_UPDATE_PRODUCTS", "T_UPDATE_PRICES"]

TAX_RATES = {"standard": "0.19", "reduced": "7", "zero": "0"}

OLD_TO_NEW = {
    "ARTICLE": "PRODUCT",
    "SUPPLIER_AID": "SUPPLIER_PID",
    "ARTICLE_DETAILS": "PRODUCT_DETAILS",
    "MANUFACTURER_AID": "MANUFACTURER_PID",
    "ARTICLE_FEATURES": "PRODUCT_FEATURES",
    "ARTICLE_ORDER_DETAILS": "PRODUCT_ORDER_DETAILS",
    "ARTICLE_PRICE_DETAILS": "PRODUCT_PRICE_DETAILS",
    "ARTICLE_PRICE": "PRODUCT_PRICE",
    "ARTICLE_TO_CATALOGGROUP_MAP": "PRODUCT_TO_CATALOGGROUP_MAP",
    "ART_ID": "PROD_ID",
}


@dataclass(frozen=True)
class Dialect:
    """`languages`: each text also in English, before the German one. `groups_as` the catalogue's
    own tree or a classification. `doubly`: texts are HTML within XML."""

    version: Literal["1.01", "1.2", "2005"] = "1.2"
    namespace: str = ""
    prefix: str = ""
    encoding: str = "UTF-8"
    decimal_mark: Literal[".", ","] = "."
    languages: bool = False
    doubly: bool = False
    groups_as: Literal["catalogue", "classes"] = "catalogue"
    doctype: str = ""

    def name(self, tag: str) -> str:
        """A tag of BMEcat 1.2 as this dialect writes it."""
        named = OLD_TO_NEW.get(tag, tag) if self.version == "2005" else tag
        return f"{self.prefix}:{named}" if self.prefix else named

    def element(self, tag: str, *content: str, **attributes: str) -> str:
        name = self.name(tag)
        written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
        return f"<{name}{written}>{''.join(content)}</{name}>"

    def words(self, tag: str, text: str) -> str:
        """A text for people."""
        german = xml(escape(text, quote=False) if self.doubly else text)
        if not self.languages:
            return self.element(tag, german)
        return self.element(tag, "English", lang="eng") + self.element(tag, german, lang="deu")


def bmecat_file(
    articles: Sequence[CatalogueArticle],
    dialect: Dialect = Dialect(),
    transaction: Transaction = "T_NEW_CATALOG",
    *,
    currency: str = "EUR",
    mime_root: str = "",
) -> bytes:
    pieces = pieces_of(articles, dialect, transaction, currency, mime_root)
    return "".join(pieces).encode(dialect.encoding, "xmlcharrefreplace")


def pieces_of(
    articles: Sequence[CatalogueArticle],
    dialect: Dialect,
    transaction: Transaction,
    currency: str,
    mime_root: str,
) -> Iterator[str]:
    nodes = nodes_of(articles)
    attribute = f"xmlns:{dialect.prefix}" if dialect.prefix else "xmlns"
    space = f' {attribute}="{dialect.namespace}"' if dialect.namespace else ""
    yield f'<?xml version="1.0" encoding="{dialect.encoding}"?>\n{dialect.doctype}\n'
    yield f'<{dialect.name("BMECAT")}{space} version="{dialect.version}">\n'
    yield dialect.element(
        "HEADER",
        dialect.element("GENERATOR_INFO", "Test"),
        dialect.element(
            "CATALOG",
            *([dialect.element("LANGUAGE", "eng")] if dialect.languages else []),
            dialect.element("LANGUAGE", "deu"),
            dialect.element("CATALOG_ID", "Haupt"),
            dialect.element("CURRENCY", currency),
            dialect.element("MIME_ROOT", xml(mime_root)),
        ),
        dialect.element("SUPPLIER", dialect.element("SUPPLIER_NAME", "Muster &amp; Co.")),
    )
    yield f"\n<{dialect.name(transaction)}>\n"
    if transaction == "T_NEW_CATALOG":
        yield tree_of(nodes, dialect)
    for article in articles:
        yield article_of(article, dialect, transaction, nodes) + "\n"
    if transaction == "T_NEW_CATALOG" and dialect.groups_as == "catalogue":
        yield from map_of(articles, dialect, nodes)
    yield f"</{dialect.name(transaction)}>\n</{dialect.name('BMECAT')}>\n"


def nodes_of(articles: Sequence[CatalogueArticle]) -> Mapping[GroupPath, str]:
    """Ids of all groups by their paths."""
    paths = {
        path[: level + 1]: None
        for article in articles
        for path in article.groups or ()
        for level in range(len(path))
    }
    return {path: f"g{number}" for number, path in enumerate(paths)}


def tree_of(nodes: Mapping[GroupPath, str], dialect: Dialect) -> str:
    if dialect.groups_as == "classes":
        groups = [
            dialect.element(
                "CLASSIFICATION_GROUP",
                dialect.element("CLASSIFICATION_GROUP_ID", group),
                dialect.words("CLASSIFICATION_GROUP_NAME", path[-1]),
                *(
                    [dialect.element("CLASSIFICATION_GROUP_PARENT_ID", nodes[path[:-1]])]
                    if path[:-1]
                    else []
                ),
            )
            for path, group in nodes.items()
        ]
        return dialect.element(
            "CLASSIFICATION_SYSTEM",
            dialect.element("CLASSIFICATION_SYSTEM_NAME", "udf_Muster-1.0"),
            dialect.element("CLASSIFICATION_GROUPS", *groups),
        )
    root = dialect.element(
        "CATALOG_STRUCTURE",
        dialect.element("GROUP_ID", "1"),
        dialect.words("GROUP_NAME", "Gesamtkatalog"),
        dialect.element("PARENT_ID", "0"),
        type="root",
    )
    return dialect.element(
        "CATALOG_GROUP_SYSTEM",
        root,
        *(
            dialect.element(
                "CATALOG_STRUCTURE",
                dialect.element("GROUP_ID", group),
                dialect.words("GROUP_NAME", path[-1]),
                dialect.element("PARENT_ID", nodes[path[:-1]] if path[:-1] else "1"),
                type="node",
            )
            for path, group in nodes.items()
        ),
    )


def map_of(
    articles: Sequence[CatalogueArticle], dialect: Dialect, nodes: Mapping[GroupPath, str]
) -> Iterator[str]:
    for article in articles:
        for path in article.groups or ():
            yield dialect.element(
                "ARTICLE_TO_CATALOGGROUP_MAP",
                dialect.element("ART_ID", xml(article.number)),
                dialect.element("CATALOG_GROUP_ID", nodes[path]),
            )


def article_of(
    article: CatalogueArticle,
    dialect: Dialect,
    transaction: Transaction,
    nodes: Mapping[GroupPath, str],
) -> str:
    number = dialect.element("SUPPLIER_AID", xml(article.number))
    if article.action == "delist":
        return dialect.element("ARTICLE", number, mode="delete")
    prices = [price_details(price, article, dialect) for price in article.prices or ()]
    if transaction == "T_UPDATE_PRICES":
        return dialect.element("ARTICLE", number, *prices)
    parts = [number, details_of(article, dialect)]
    if dialect.groups_as == "classes":
        parts += [
            dialect.element(
                "ARTICLE_FEATURES",
                dialect.element("REFERENCE_FEATURE_SYSTEM_NAME", "udf_Muster-1.0"),
                dialect.element("REFERENCE_FEATURE_GROUP_ID", nodes[path]),
                dialect.element("FEATURE", dialect.element("FNAME", "Farbe")),
            )
            for path in article.groups or ()
        ]
    if article.order_unit is not None:
        quantities = [str(price.quantity) for price in article.prices or ()]
        parts.append(
            dialect.element(
                "ARTICLE_ORDER_DETAILS",
                dialect.element("ORDER_UNIT", xml(article.order_unit)),
                *(dialect.element("PRICE_QUANTITY", quantity) for quantity in quantities[:1]),
            )
        )
    parts += prices
    if article.images is not None:
        parts.append(
            dialect.element(
                "MIME_INFO",
                *(
                    dialect.element(
                        "MIME",
                        dialect.element("MIME_TYPE", "image/jpeg"),
                        dialect.element("MIME_SOURCE", xml(source)),
                        dialect.element("MIME_PURPOSE", "normal"),
                    )
                    for source in article.images
                ),
            )
        )
    mode = {"mode": "update"} if transaction == "T_UPDATE_PRODUCTS" else {}
    return dialect.element("ARTICLE", *parts, **mode)


def details_of(article: CatalogueArticle, dialect: Dialect) -> str:
    details = [dialect.words("DESCRIPTION_SHORT", article.name or "")]
    if article.text:
        details.append(dialect.words("DESCRIPTION_LONG", article.text))
    if article.gtin and dialect.version == "2005":
        details.append(dialect.element("INTERNATIONAL_PID", article.gtin, type="gtin"))
    elif article.gtin:
        details.append(dialect.element("EAN", article.gtin))
    for tag, name in (
        ("MANUFACTURER_AID", article.manufacturer_number),
        ("MANUFACTURER_NAME", article.manufacturer),
    ):
        if name:
            details.append(dialect.element(tag, xml(escape(name, quote=False))))
    details += [dialect.words("KEYWORD", word) for word in article.keywords or ()]
    return dialect.element("ARTICLE_DETAILS", *details)


def price_details(price: RecordPrice, article: CatalogueArticle, dialect: Dialect) -> str:
    days = {"valid_start_date": price.valid_from, "valid_end_date": price.valid_until}
    dates = [
        dialect.element("DATETIME", dialect.element("DATE", day.isoformat()), type=kind)
        for kind, day in days.items()
        if day is not None
    ]
    tax = [dialect.element("TAX", TAX_RATES[article.tax])] if article.tax else []
    steps = [
        dialect.element(
            "ARTICLE_PRICE",
            dialect.element("PRICE_AMOUNT", f"{step.amount:f}".replace(".", dialect.decimal_mark)),
            dialect.element("PRICE_CURRENCY", "EUR"),
            *tax,
            dialect.element("LOWER_BOUND", str(step.from_quantity)),
            dialect.element("TERRITORY", "DE"),
            price_type="net_list",
        )
        for step in price.steps
    ]
    return dialect.element("ARTICLE_PRICE_DETAILS", *dates, *steps)
