"""Campaigns of the demo that apply to part of the assortment, to all dealers, to subscribers."""

from collections.abc import Mapping, Sequence
from typing import Any

from zugabe.demo.client import Client
from zugabe.demo.world import CUSTOMER

SERVICE = "vouchers"
RESTRICTED, CENTRAL, NEWSLETTER = "ordnung", "central-schreiben", "willkommen"
CODES = {RESTRICTED: "ORDNUNG", CENTRAL: "3STIFTE", NEWSLETTER: "WILLKOMMEN"}

USUAL: Mapping[str, Any] = {
    "valid_from": "2026-01-01",
    "valid_until": "2035-12-31",
    "minimum_cents": 0,
    "max_per_user": None,
}
ORDER, FOLDERS = "Ordnen & Registrieren", "Ordner"
WRITE, PENS = "Schreiben & Korrigieren", "Kugelschreiber & Gelschreiber"

type Groups = Mapping[str, str]
"""Ids of product groups by name."""


def campaigns(groups: Groups) -> Mapping[str, Mapping[str, Any]]:
    return {
        RESTRICTED: {
            "title": "Ordnung im Büro",
            "description": "10 % auf alles zum Ordnen und Registrieren von Kranich",
            "discount_type": "percent",
            "value": 1_000,
            "assortment": {"brands": ["kranich"], "groups": [groups[ORDER]]},
        },
        CENTRAL: {
            "title": "Schreiben und sparen",
            "description": "3 € auf Schreibgeräte, bei jedem Händler, der teilnimmt",
            "discount_type": "fixed",
            "value": 300,
            "minimum_cents": 2_000,
            "assortment": {"groups": [groups[WRITE]]},
        },
        NEWSLETTER: {
            "kind": "newsletter",
            "title": "Willkommen",
            "description": "5 € für alle, die den Newsletter bestellen",
            "discount_type": "fixed",
            "value": 500,
            "minimum_cents": 2_500,
            "max_per_user": 1,
        },
    }


async def product_groups(central: Client) -> Groups:
    tree = (await central.ask("GET", "catalog-shops", "/product-groups")).body
    return {node["name"]: node["group"] for node in tree}


async def set_up_campaigns(central: Client, staff: Client, groups: Groups) -> Sequence[str]:
    """Activate the campaigns, and take part in the central one; returns titles with codes."""
    drawn_up = campaigns(groups)
    for campaign, terms in drawn_up.items():
        owner = central if campaign == CENTRAL else staff
        body = {**USUAL, **terms, "code": CODES[campaign]}
        await owner.ask("PUT", SERVICE, f"/campaigns/{campaign}", body)
        await owner.ask("POST", SERVICE, f"/campaigns/{campaign}/activation")
    await staff.ask("POST", SERVICE, f"/central-campaigns/{CENTRAL}/participation", {})
    return [f"{terms['title']} ({CODES[name]})" for name, terms in drawn_up.items()]


async def answers(staff: Client, groups: Groups) -> Sequence[str]:
    """Try the codes on a cart of folders and pens, and on one of pens; show the start page."""
    folders = {
        "number": 1,
        "article": "ORD-001",
        "brand": "kranich",
        "groups": [groups[FOLDERS], groups[ORDER]],
        "net_cents": 2_790,
    }
    pens = {
        "number": 2,
        "article": "KUG-001",
        "brand": "tintenfisch",
        "groups": [groups[PENS], groups[WRITE]],
        "net_cents": 1_800,
    }
    fitting = [await check(staff, CODES[name], [folders, pens]) for name in (RESTRICTED, CENTRAL)]
    other = await check(staff, CODES[RESTRICTED], [pens])
    container = (await staff.ask("GET", SERVICE, "/newsletter")).body
    return [
        *(voucher["explanation"] for found in fitting for voucher in found["vouchers"]),
        *(reason["detail"] for reason in other["reasons"]),
        *(offer["sentence"] for offer in container["offers"]),
    ]


async def check(staff: Client, code: str, lines: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    body = {"codes": [code], "customer": CUSTOMER, "user": "00004", "lines": lines}
    answer: Mapping[str, Any] = (await staff.ask("POST", SERVICE, "/voucher-checks", body)).body
    return answer
