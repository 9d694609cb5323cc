"""A dealer's catalogue: uploaded as a supplier sends it, and in two issues."""

import time
from collections.abc import AsyncGenerator, Sequence
from typing import Any

import httpx
from stories.catalogue import editor
from stories.dealer import Dealer, Person

SERVICE = "catalog-shops"
DEADLINE_SECONDS = 90.0

HEAD = """<?xml version="1.0" encoding="ISO-8859-1"?>
<!DOCTYPE BMECAT SYSTEM "bmecat_new_catalog_1_2.dtd">
<BMECAT version="1.2" xmlns="http://www.bmecat.org/bmecat/1.2/bmecat_new_catalog">
<HEADER><CATALOG><LANGUAGE>deu</LANGUAGE><CATALOG_ID>{0}</CATALOG_ID><CURRENCY>EUR</CURRENCY>
</CATALOG></HEADER><T_NEW_CATALOG><CATALOG_GROUP_SYSTEM>
<CATALOG_STRUCTURE type="root"><GROUP_ID>1</GROUP_ID><GROUP_NAME>Alles</GROUP_NAME>
<PARENT_ID>0</PARENT_ID></CATALOG_STRUCTURE>
<CATALOG_STRUCTURE type="leaf"><GROUP_ID>2</GROUP_ID><GROUP_NAME>Bürobedarf {0}</GROUP_NAME>
<PARENT_ID>1</PARENT_ID></CATALOG_STRUCTURE></CATALOG_GROUP_SYSTEM>"""
ARTICLE = """<ARTICLE><SUPPLIER_AID>{0}</SUPPLIER_AID><ARTICLE_DETAILS>
<DESCRIPTION_SHORT>Locher {0}</DESCRIPTION_SHORT>
<MANUFACTURER_NAME>Müller &amp; Söhne</MANUFACTURER_NAME></ARTICLE_DETAILS>
<ARTICLE_PRICE_DETAILS><ARTICLE_PRICE price_type="net_list"><PRICE_AMOUNT>{1}</PRICE_AMOUNT>
</ARTICLE_PRICE></ARTICLE_PRICE_DETAILS></ARTICLE>"""
PLACED = """<ARTICLE_TO_CATALOGGROUP_MAP><ART_ID>{0}</ART_ID>
<CATALOG_GROUP_ID>2</CATALOG_GROUP_ID></ARTICLE_TO_CATALOGGROUP_MAP>"""
END = "</T_NEW_CATALOG></BMECAT>"


def catalogue(name: str, numbers: Sequence[str], amount: str) -> bytes:
    articles = [ARTICLE.format(number, amount) for number in numbers]
    placed = [PLACED.format(number) for number in numbers]
    return "\n".join([HEAD.format(name), *articles, *placed, END]).encode("iso-8859-1")


async def upload(person: Person, content: bytes, **about: str) -> httpx.Response:
    async def pieces() -> AsyncGenerator[bytes]:
        for at in range(0, len(content), 10_000):
            yield content[at : at + 10_000]

    async with httpx.AsyncClient(timeout=60) as http:
        return await http.post(
            person.url(SERVICE, "/catalogue-imports"),
            params={"file_name": "katalog.xml", **about},
            content=pieces(),
            headers={"Authorization": f"Bearer {person.bearer}"},
        )


async def ended(person: Person, uploaded: httpx.Response) -> Any:
    assert uploaded.status_code == 202, uploaded.text
    path = f"/catalogue-imports/{uploaded.json()['import_id']}"
    until = time.monotonic() + DEADLINE_SECONDS
    while True:
        shown = await person.ask("GET", SERVICE, path)
        if shown.status == 200 and shown.body["ended_at"]:
            return shown.body
        assert time.monotonic() < until, shown.body


async def test_a_catalogue_and_its_next_issue(dealer: Dealer) -> None:
    """X-39: what the next issue lacks is delisted, what is dearer has a new price."""
    keeper = editor(dealer, "dealer-staff", dealer.name, "import-articles")
    numbers = [f"{dealer.name}-{number:04d}" for number in range(1_200)]
    first = await ended(keeper, await upload(keeper, catalogue("K1", numbers, "3,49")))
    assert (first["status"], first["counts"]["new"]) == ("completed", 1_200)
    assert (first["done"], first["total"], first["catalogue"]) == (1_200, 1_200, "K1")

    issue = catalogue("K1", numbers[:-100], "3,59")
    dry = await ended(keeper, await upload(keeper, issue, dry_run="true"))
    second = await ended(keeper, await upload(keeper, issue))
    assert dry["counts"] == second["counts"]
    assert (second["counts"]["changed"], second["counts"]["delisted"]) == (1_100, 100)

    until = time.monotonic() + DEADLINE_SECONDS
    while True:
        gone = await keeper.ask("GET", SERVICE, "/articles", status="delisted", limit="500")
        if len(gone.of(200)["items"]) == 100:
            break
        assert time.monotonic() < until, len(gone.body["items"])
    assert {article["number"] for article in gone.body["items"]} == set(numbers[-100:])
    path = f"/articles/{numbers[0]}"
    offered = (await keeper.ask("GET", SERVICE, f"{path}/price")).of(200)["offer"]
    assert offered["price"]["line_net_cents"] == 359
    shown = (await keeper.ask("GET", SERVICE, path)).of(200)
    assert "mueller-soehne" in str(shown)
    groups = (await keeper.ask("GET", SERVICE, "/product-groups")).of(200)
    assert "Bürobedarf K1" in str(groups)


async def test_a_stranger_cannot_make_the_service_read_a_large_file(dealer: Dealer) -> None:
    """X-10, X-16: the refusal comes while the body is still being sent."""
    staff = editor(dealer, "dealer-staff", dealer.name)
    content = catalogue("K2", ["1"], "1,00") + b" " * 20_000_000
    try:
        answer = await upload(staff, content)
    except httpx.TransportError:
        return  # the connection was closed before all was sent
    assert answer.status_code == 403
    assert answer.headers["connection"] == "close"
