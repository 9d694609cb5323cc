"""The assortment of the demo as a BMEcat 1.2 catalogue, the way a supplier would send it."""

from collections.abc import Iterable, Mapping
from xml.etree import ElementTree as ET

from zugabe.demo.office_supplies import Supply

NAMESPACE = "http://www.bmecat.org/bmecat/1.2/bmecat_new_catalog"


def catalogue(groups: Mapping[str, tuple[str, str]], supplies: Iterable[Supply]) -> bytes:
    """A new catalogue with its product groups, articles, and articles' groups."""
    root = ET.Element("BMECAT", {"version": "1.2", "xmlns": NAMESPACE})
    header = add(add(root, "HEADER"), "CATALOG")
    for name, text in (("LANGUAGE", "deu"), ("CATALOG_ID", "buero"), ("CATALOG_VERSION", "1.0")):
        add(header, name, text)
    add(header, "CURRENCY", "EUR")
    add(add(root[0], "SUPPLIER"), "SUPPLIER_NAME", "Bürobedarf Zentral")
    body = add(root, "T_NEW_CATALOG")
    system = add(body, "CATALOG_GROUP_SYSTEM")
    for group, (name, parent) in groups.items():
        structure = add(system, "CATALOG_STRUCTURE", type="node" if not parent else "leaf")
        add(structure, "GROUP_ID", group)
        add(structure, "GROUP_NAME", name)
        add(structure, "PARENT_ID", parent or "0")
    found = list(supplies)
    for supply in found:
        add_article(body, supply)
    for supply in found:
        place = add(body, "ARTICLE_TO_CATALOGGROUP_MAP")
        add(place, "ART_ID", supply.number)
        add(place, "CATALOG_GROUP_ID", supply.group)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def add_article(body: ET.Element, supply: Supply) -> None:
    article = add(body, "ARTICLE", mode="new")
    add(article, "SUPPLIER_AID", supply.number)
    details = add(article, "ARTICLE_DETAILS")
    add(details, "DESCRIPTION_SHORT", supply.name)
    add(details, "DESCRIPTION_LONG", supply.text)
    add(details, "EAN", supply.gtin)
    add(details, "MANUFACTURER_NAME", supply.brand)
    order = add(article, "ARTICLE_ORDER_DETAILS")
    add(order, "ORDER_UNIT", "C62")
    add(order, "PRICE_QUANTITY", str(supply.quantity))
    prices = add(article, "ARTICLE_PRICE_DETAILS")
    for first, amount in supply.steps.items():
        price = add(prices, "ARTICLE_PRICE", price_type="net_list")
        add(price, "PRICE_AMOUNT", str(amount))
        add(price, "PRICE_CURRENCY", "EUR")
        add(price, "TAX", f"0.{supply.tax_percent:02}")
        add(price, "LOWER_BOUND", str(first))


def add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, name, attributes)
    element.text = text
    return element
