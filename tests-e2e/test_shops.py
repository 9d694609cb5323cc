"""From a supplier's catalogue to the front of a dealer's shop, today and on another day."""

from typing import Any

import httpx
from stories.catalogue import editor
from stories.dealer import Dealer
from test_catalogue_import import SERVICE, catalogue, ended, upload

from zugabe.demo.drawing import striped

BEFORE, DURING = "2199-11-30T10:00:00+01:00", "2199-12-01T00:00:00+01:00"
AFTER = "2199-12-25T00:00:00+01:00"


async def test_an_imported_catalogue_becomes_a_shop_that_changes_with_its_dates(
    dealer: Dealer,
) -> None:
    """CS-4, CS-8, CS-20, CS-22, CS-24, CS-25, CS-27, CS-28, CS-32, CS-37, CS-38, CS-39, N-12: the
    same shop on three dates; what is crossed out is so within its period only."""
    support = editor(dealer, "central", dealer.name, "unlock-dealers")
    rights = ("import-articles", "edit-shops", "edit-articles")
    keeper = editor(dealer, "dealer-staff", dealer.name, *rights)
    (await support.ask("PUT", SERVICE, "/marketing-module", {"gift_source": "none"})).of(204)
    (await support.ask("POST", SERVICE, "/own-shops/unlocking")).of(204)
    numbers = [f"{dealer.name}-{number}" for number in range(6)]
    imported = await ended(keeper, await upload(keeper, catalogue("K1", numbers, "3,49")))
    assert imported["counts"]["new"] == 6

    head = {"name": "Weihnachten", "url_name": "Weihnachts-Büro", "text": "[b]Ho[\\b]<i>ho</i>"}
    refused = await keeper.ask("PUT", SERVICE, "/theme-shops/xmas", head)
    refused.refused("central-shops-adopted")
    (await keeper.ask("DELETE", SERVICE, "/theme-shop-placement/adoption")).of(200)
    saved = (await keeper.ask("PUT", SERVICE, "/theme-shops/xmas", head)).of(200)
    assert saved["url_name"] == "weihnachts-buero"

    rows = "".join(f"{number};;;;\n" for number in numbers)
    table = f"Artikelnummer;Topartikel;Streichpreis;Gültig von;Gültig bis\n{rows}".encode()
    (await keeper.ask("GET", SERVICE, f"/articles/{numbers[0]}")).of(200)
    path = "/theme-shops/xmas"
    about = {"file_name": "weihnachten.csv", "dry_run": "false"}
    report = (await keeper.ask("PUT", SERVICE, f"{path}/assortment", table, **about)).of(200)
    assert (report["rows"], report["wrong"]) == (6, [])
    shown = (await keeper.ask("GET", SERVICE, path)).of(200)
    assert (shown["article_count"], shown["file_name"]) == (6, "weihnachten.csv")
    for number in numbers[:3]:
        (await keeper.ask("PUT", SERVICE, f"{path}/top-articles/{number}")).of(204)
    strike = {"strike_price": "4.99", "strike_from": "2199-12-01", "strike_until": "2199-12-24"}
    prices = [{"number": numbers[0], **strike}, *({"number": one} for one in numbers[1:3])]
    (await keeper.ask("PUT", SERVICE, f"{path}/top-article-prices", {"prices": prices})).of(204)
    picture = striped(690, 120, (9, 9, 9), (200, 0, 0))
    banner = (await keeper.ask("POST", SERVICE, "/graphics", picture, purpose="banner")).of(200)
    places = {"places": {"header-banner": banner["file"]}}
    (await keeper.ask("PUT", SERVICE, f"{path}/graphics", places)).of(204)
    (await keeper.ask("PUT", SERVICE, f"/theme-shop-placement/active/{dealer.name}/xmas")).of(200)

    async def front(page: str, **query: str) -> Any:
        where = "front-preview" if "at" in query else "front"
        return (await keeper.ask("GET", SERVICE, f"/{where}/{page}", **query)).of(200)

    flyout = (await front("header"))["flyout"]
    assert [shop["name"] for shop in flyout["themes"]] == ["Weihnachten"]
    shop = await front("shops/weihnachts-buero")
    assert shop["text"] == "<b>Ho</b>&lt;i&gt;ho&lt;/i&gt;"
    assert [top["article"]["number"] for top in shop["top_articles"]] == numbers[:3]
    async with httpx.AsyncClient(timeout=60) as http:
        served = await http.get(dealer.stack.addresses[SERVICE] + shop["header_banner"]["url"])
    assert served.headers["content-type"] == "image/png"

    strikes = []
    for at in (BEFORE, DURING, AFTER):
        previewed = await front("shops/weihnachts-buero", at=at)
        first, *others = (top["strike"] for top in previewed["top_articles"])
        assert others == [None, None]
        strikes.append(first and first["price"]["amount"])
    assert strikes == [None, "4.99", None]

    listed = await front("shops/weihnachts-buero/articles")
    assert [one["number"] for one in listed["articles"]] == numbers
    assert all(f"/front/shops/{saved['url_name']}/" in one["href"] for one in listed["articles"])
