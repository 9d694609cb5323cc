"""Commands of a manager on one brand, by the last part of the page's address."""

from collections.abc import Mapping
from typing import Any

from zugabe_web.board.commands import Command, Fields, lines, number, several


def reason(fields: Fields) -> dict[str, str]:
    return {"reason": fields.get("reason", "").strip()}


def left_out(fields: Fields) -> dict[str, Any]:
    return {**reason(fields), "articles": several(fields, "articles")}


def content(fields: Fields) -> dict[str, Any]:
    return {"texts": several(fields, "texts"), "images": several(fields, "images")}


def receipt(fields: Fields) -> dict[str, Any]:
    return {"received_on": fields.get("received_on", ""), "pieces": number(fields, "pieces")}


def delivery(fields: Fields) -> dict[str, Any]:
    return {"expected_on": fields.get("expected_on", ""), "pieces": number(fields, "pieces")}


def reporting(fields: Fields) -> dict[str, Any]:
    return {
        "reporting_url": fields.get("reporting_url", "").strip(),
        "data_links": lines(fields, "data_links"),
        "again": "again" in fields,
    }


def registered(fields: Fields) -> dict[str, Any]:
    kind = fields.get("product_type", "")
    return {
        "articles": [
            {"article": article, "product_type": kind} for article in several(fields, "articles")
        ]
    }


BRAND_COMMANDS: Mapping[str, Command] = {
    "phase": Command(
        "POST", "/phases/{phase}/completion", "Die Phase ist abgeschlossen.", sure=True
    ),
    "erinnerung": Command(
        "POST",
        "/reminders",
        "Die Erinnerung ist unterwegs.",
        lambda fields: {"again": True} if "again" in fields else None,
    ),
    "name": Command(
        "PUT", "/name", "Der Name ist berichtigt.", lambda fields: {"name": fields.get("name", "")}
    ),
    "verzicht": Command(
        "PUT",
        "/waivers/{requirement}",
        "Der Verzicht ist festgehalten.",
        reason,
        sure=True,
    ),
    "artikel-auslassen": Command(
        "POST", "/left-out-articles", "Die Artikel sind ausgelassen.", left_out, sure=True
    ),
    "artikel": Command("POST", "/articles", "Die Artikel sind registriert.", registered),
    "content": Command("POST", "/content", "Der Content ist vermerkt.", content),
    "lager": Command(
        "PUT",
        "/warehouse",
        "Das Lager ist gewählt.",
        lambda fields: {"warehouse": fields.get("warehouse", "")},
    ),
    "anlieferung": Command(
        "PUT", "/deliveries/{delivery}", "Die Anlieferung ist angekündigt.", delivery
    ),
    "wareneingang": Command(
        "PUT", "/goods-receipts/{receipt}", "Der Wareneingang ist gebucht.", receipt
    ),
    "reporting": Command(
        "PUT", "/reporting", "Reporting und Datenlinks sind verschickt.", reporting
    ),
    "produkttypen": Command(
        "PUT",
        "/product-types",
        "Die Produkttypen sind gespeichert.",
        lambda fields: {"product_types": lines(fields, "product_types")},
    ),
    "datenmodelle": Command(
        "POST", "/data-model-requests", "Die fehlenden Datenmodelle sind gemeldet.", lambda _: {}
    ),
    "freigabe-anfragen": Command(
        "POST", "/platforms/{platform}/request", "Die Freigabe ist angefragt."
    ),
    "freigabe-erteilt": Command(
        "POST", "/platforms/{platform}/grant", "Die Freigabe ist vermerkt."
    ),
    "freigabe-abgelehnt": Command(
        "POST", "/platforms/{platform}/refusal", "Die Ablehnung ist vermerkt.", reason
    ),
    "freigabe-entzogen": Command(
        "POST",
        "/platforms/{platform}/withdrawal",
        "Die Freigabe ist zurückgezogen.",
        reason,
        sure=True,
    ),
    "voraussetzung": Command(
        "PUT",
        "/platforms/{platform}/preconditions/{precondition}",
        "Die Voraussetzung ist erfüllt.",
    ),
    "live": Command(
        "POST",
        "/platforms/{platform}/articles",
        "Die Artikel sind als live vermerkt.",
        lambda fields: {"articles": several(fields, "articles")},
    ),
}
