"""A partner with two brands: one reaches logistics, the other still lacks its forms."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from rich.table import Table

from zugabe import mails
from zugabe.demo.client import Answer, Client, RefusedError, client
from zugabe.demo.nordwind import (
    AHEAD,
    ARTICLES,
    BEHIND,
    BRANDS,
    CONTACT,
    EXISTING_TYPE,
    MANAGER,
    NEW_TYPE,
    OF_PARTNER,
    PARTNER,
    PLACE,
    PRODUCT_TYPE,
    WAREHOUSE,
    of_brand,
)
from zugabe.errors import StackError

PHASES = {
    "organisation": "1 Organisation",
    "content": "2 Content",
    "logistics": "3 Logistik",
    "live": "4 Livesetzung",
}
WAITS_FOR = {"partner": "Partner", "central": "Customer Success", "nobody": "niemanden"}
NOT_YET = ("gate-closed", "phase-not-started")
MAX_ATTEMPTS = 100


@dataclass(slots=True)
class Side:
    """Central or the partner; they share `tokens`, so that each sees what the other wrote."""

    http: Client
    tokens: list[str] = field(default_factory=list)

    async def ask(
        self, method: str, path: str, body: Any = None, query: Mapping[str, str] | None = None
    ) -> Answer:
        tokens = self.tokens[-20:] if method == "GET" else ()
        answer = await self.http.ask(method, "onboarding", path, body, tokens=tokens, query=query)
        if answer.token:
            self.tokens.append(answer.token)
        return answer


@asynccontextmanager
async def sides(
    addresses: Mapping[str, str], central: str, partner: str
) -> AsyncGenerator[tuple[Side, Side]]:
    """Open clients for central and the partner with their bearer tokens."""
    tokens: list[str] = []
    async with (
        client(addresses, "", central, 4) as central_http,
        client(addresses, "", partner, 4) as partner_http,
    ):
        yield Side(central_http, tokens), Side(partner_http, tokens)


async def onboard(central: Side, partner: Side) -> None:
    """Onboard both brands; repeatable up to the second brand's forms."""
    at = f"/partners/{PARTNER}"
    await central.ask("PUT", f"/warehouses/{WAREHOUSE}", PLACE)
    model = {"label": EXISTING_TYPE, "group": "Bekleidung"}
    await central.ask("PUT", f"/product-types/{PRODUCT_TYPE}", model)
    await central.ask("PUT", at, {"name": "Nordwind GmbH", "contact": CONTACT})
    await central.ask("PUT", f"{at}/manager", MANAGER)
    for brand, name in BRANDS.items():
        await central.ask("PUT", f"{at}/brands/{brand}", {"name": name})
    await central.ask("POST", f"{at}/welcome")
    for form, body in OF_PARTNER.items():
        await fill(central, partner, f"{at}/forms/{form}", body)
    for form, body in of_brand(BRANDS[AHEAD]).items():
        await fill(central, partner, f"{at}/brands/{AHEAD}/forms/{form}", body)
    releases = of_brand(BRANDS[BEHIND])["marken-und-vertrieb"]
    await fill(central, partner, f"{at}/brands/{BEHIND}/forms/marken-und-vertrieb", releases)
    await to_logistics(central, partner, f"{at}/brands/{AHEAD}")


async def fill(central: Side, partner: Side, form: str, body: Mapping[str, Any]) -> None:
    submitted = await partner.ask("PUT", f"{form}/submission", {"revision": 0, **body})
    seen = {"revision": submitted.body["revision"]}
    await central.ask("POST", f"{form}/acceptance", seen)


async def to_logistics(central: Side, partner: Side, brand: str) -> None:
    await partner.ask("PUT", f"{brand}/product-types", {"product_types": [EXISTING_TYPE, NEW_TYPE]})
    await partner.ask("POST", f"{brand}/data-model-requests", {})
    await central.ask("PUT", f"{brand}/warehouse", {"warehouse": WAREHOUSE})
    await complete(central, brand, "organisation")
    articles = [{"article": article, "product_type": PRODUCT_TYPE} for article in ARTICLES]
    await partner.ask("POST", f"{brand}/articles", {"articles": articles})
    await central.ask("POST", f"{brand}/content", {"texts": ARTICLES, "images": ARTICLES})
    await complete(central, brand, "content")


async def complete(central: Side, brand: str, phase: str) -> None:
    """Complete a phase; what the partner did for all brands reaches each a moment later."""
    for _ in range(MAX_ATTEMPTS):
        try:
            await central.ask("POST", f"{brand}/phases/{phase}/completion")
        except RefusedError as error:
            if error.code not in NOT_YET:
                raise
            await asyncio.sleep(0.1)
        else:
            return
    raise StackError(f"The phase {phase} of {brand} does not end.")


async def board(central: Side) -> Table:
    """Read the board as central staff see it."""
    found = await central.ask("GET", "/board", query={"partner": PARTNER})
    table = Table("Onboarding", "Phase", "wartet auf", "es fehlt", "live voraussichtlich", box=None,
                  header_style="bold")  # fmt: skip
    for brand in found.body["items"]:
        detail = await central.ask("GET", f"/partners/{PARTNER}/brands/{brand['brand']}")
        table.add_row(
            f"{brand['partner_name']}: {brand['name']}",
            PHASES.get(brand["phase"], "vorbereitet"),
            WAITS_FOR[brand["waits_for"]],
            in_short([missing["detail"] for missing in detail.body["missing"]]),
            str(brand["forecast"]),
        )
    return table


def in_short(missing: Sequence[str]) -> str:
    more = f" und {len(missing) - 1} weitere" if len(missing) > 1 else ""
    return missing[0] + more if missing else ""


async def partner_hint(folder: str) -> str:
    """Tell the latest mailed link to the pages of the partner. Raises StackError without one."""
    for _ in range(MAX_ATTEMPTS):
        arrived = mails.to(CONTACT["email"], folder)
        if links := [link for mail in arrived for link in mails.links(mail)]:
            return f"The partner's pages, from the latest mail to {CONTACT['name']}:\n  {links[-1]}"
        await asyncio.sleep(0.2)
    raise StackError(f"No mail to {CONTACT['name']} has arrived in {folder}.")


def board_hint(addresses: Mapping[str, str]) -> str:
    """The way to the board in a browser."""
    return (
        f"The board of Customer Success: {addresses['web']}/board\n"
        "  Choose „Maxi Meise“ at the sign-in, who guides this partner; no password is asked."
    )


def example(addresses: Mapping[str, str]) -> str:
    return (
        f"  PARTNER=$(.venv/bin/zugabe token --role partner --partner {PARTNER} --user kim)\n"
        f'  curl -s -H "Authorization: Bearer $PARTNER" '
        f"'{addresses['onboarding']}/partners/{PARTNER}/brands/{AHEAD}'"
    )
