"""The central catalogue of the demo: imported as a supplier sends it, then shown in shops."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zugabe.demo.bmecat import catalogue
from zugabe.demo.client import Client
from zugabe.demo.drawing import Colour, striped
from zugabe.demo.office_supplies import groups, supplies
from zugabe.errors import StackError

SERVICE = "catalog-shops"
TIMEOUT_SECONDS = 120
BANNER, LOGO = (690, 160), (240, 96)

GIFTS = """Artikelnummer;Bezeichnung;Langtext;Hersteller;Marke;Warengruppe;Bild;\
Katalogkennzeichen;Preis
G-BECHER;Kaffeebecher „Zugabe“;Aus Porzellan, 300 ml.;Kranich;Kranich;;;1;
G-TASCHE;Einkaufstasche;Aus Baumwolle, mit langen Henkeln.;Nordlicht;Nordlicht;;;1;
G-PRALINEN;Pralinen, 200 g;16 Pralinen in sechs Sorten.;Morgenrot;Morgenrot;;;1;
"""
GIFT_LIMITS = {"G-TASCHE": 5_000, "G-BECHER": 10_000, "G-PRALINEN": 15_000}
"""Net cents from which a gift can be chosen."""


@dataclass(frozen=True, slots=True)
class DemoShop:
    """A shop with its top articles; `numbers` are its assortment if it has no brand."""

    kind: str
    shop: str
    head: Mapping[str, Any]
    colours: tuple[Colour, Colour]
    top: Sequence[str]
    numbers: Sequence[str] = field(default_factory=tuple)

    @property
    def path(self) -> str:
        return f"/{self.kind}-shops/{self.shop}"


SHOPS = (
    DemoShop(
        "brand",
        "kranich",
        {
            "brand": "kranich",
            "url_name": "kranich",
            "text": "[b]Kranich[\\b] ordnet Büros seit 1924.[br]Alles aus Karton, das bleibt.",
        },
        ((18, 52, 86), (226, 178, 60)),
        ("ORD-001", "SIM-001", "ARC-001"),
    ),
    DemoShop(
        "brand",
        "tintenfisch",
        {
            "brand": "tintenfisch",
            "url_name": "tintenfisch",
            "text": "Schreibt, markiert, korrigiert: [b]Tintenfisch[\\b].",
        },
        ((12, 74, 96), (240, 240, 240)),
        ("KUG-001", "GEL-001", "PER-001"),
    ),
    DemoShop(
        "theme",
        "homeoffice",
        {
            "name": "Homeoffice",
            "url_name": "homeoffice",
            "text": "[b]Arbeiten zu Hause:[\\b] was auf den Schreibtisch gehört.",
        },
        ((70, 96, 64), (236, 226, 198)),
        ("BRK-001", "LOC-001", "KAL-001"),
        ("BRK-001", "STS-001", "LOC-001", "HEF-001", "KAL-001", "NOB-001", "KOP-001", "KAB-001"),
    ),
    DemoShop(
        "theme",
        "kaffeepause",
        {
            "name": "Kaffeepause",
            "url_name": "kaffeepause",
            "text": "Kaffee, Tee und Gebäck.[br][b]Für alle, die weitermachen.[\\b]",
        },
        ((84, 48, 28), (248, 220, 170)),
        ("KAF-001", "TEE-001", "GEB-001"),
        ("KAF-001", "KAF-002", "TEE-001", "TEE-002", "TEE-003", "GEB-001", "GEB-002", "GEB-003"),
    ),
)


async def set_up_catalogue(central: Client) -> int:
    """Import articles and gifts, and open the shops; returns the number of articles."""
    found = list(supplies())
    token = await imported(central, "buerobedarf.xml", catalogue(groups(), found))
    await imported(central, "geschenke.csv", GIFTS.encode(), scope="gifts")
    await asyncio.gather(*(open_shop(central, shop, token) for shop in SHOPS))
    for kind in ("brand", "theme"):
        await arrange(central, kind)
    for number, limit in GIFT_LIMITS.items():
        body = {"number": number, "limit_cents": limit, "valid_from": "2026-01-01"}
        await central.ask("PUT", SERVICE, f"/gifts/{number.lower()}", body)
    return len(found)


async def imported(central: Client, name: str, content: bytes, **query: str) -> str:
    """Import a file and wait until it is done; returns a token that includes it."""
    begun = await central.ask(
        "POST", SERVICE, "/catalogue-imports", content, query={"file_name": name, **query}
    )
    path = f"/catalogue-imports/{begun.body['import_id']}"
    async with asyncio.timeout(TIMEOUT_SECONDS):
        while True:
            seen = await central.ask("GET", SERVICE, path, tokens=filter(None, [begun.token]))
            if seen.body["status"] not in ("waiting", "running"):
                break
            await asyncio.sleep(0.05)
    counts = seen.body["counts"]
    if seen.body["status"] != "completed" or counts["wrong"]:
        raise StackError(f"The import of {name} failed: {seen.body['problem'] or counts}")
    return begun.token or ""


async def open_shop(central: Client, shop: DemoShop, token: str) -> None:
    await central.ask("PUT", SERVICE, shop.path, dict(shop.head), tokens=[token])
    ground, stripe = shop.colours
    banner = await upload(central, "banner", striped(*BANNER, ground, stripe))
    places = {"content-banner": banner}
    if shop.kind == "brand":
        places["logo"] = await upload(central, "logo", striped(*LOGO, stripe, ground))
    else:
        places["header-banner"] = await upload(central, "banner", striped(*BANNER, stripe, ground))
    await central.ask("PUT", SERVICE, f"{shop.path}/graphics", {"places": places})
    if shop.numbers:
        rows = "".join(f"{number};;;;\n" for number in shop.numbers)
        content = f"Artikelnummer;Topartikel;Streichpreis;Gültig von;Gültig bis\n{rows}".encode()
        await central.ask(
            "PUT",
            SERVICE,
            f"{shop.path}/assortment",
            content,
            query={"file_name": f"{shop.shop}.csv", "dry_run": "false"},
            tokens=[token],
        )
    for number in shop.top:
        await central.ask("PUT", SERVICE, f"{shop.path}/top-articles/{number}", tokens=[token])


async def upload(central: Client, purpose: str, content: bytes) -> str:
    answer = await central.ask("POST", SERVICE, "/graphics", content, query={"purpose": purpose})
    return str(answer.body["file"])


async def arrange(central: Client, kind: str) -> None:
    """Show all shops of a kind, in the order in which they are named here."""
    path = f"/{kind}-shop-placement"
    present = (await central.ask("GET", SERVICE, path)).body
    active = [{"dealer": "central", "shop": shop.shop} for shop in SHOPS if shop.kind == kind]
    body = {"based_on": present["version"], "active": active}
    await central.ask("PUT", SERVICE, path, body)
