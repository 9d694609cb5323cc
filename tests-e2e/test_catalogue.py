"""Articles of a dealer beside central ones: listed, priced, found, and shown at once."""

from uuid import uuid4

import httpx
from stories.catalogue import editor, price
from stories.dealer import Dealer


async def test_a_dealers_articles_and_prices_stand_beside_central_ones(dealer: Dealer) -> None:
    """X-34, Q34, CS-46, X-18: each write is read at once by who brings its token."""
    central = editor(dealer, "central", "central")
    keeper = editor(dealer, "dealer-staff", dealer.name, "edit-articles", "edit-prices")
    number = f"S-{uuid4().hex[:8]}"
    service = "catalog-shops"

    named = (await central.ask("POST", service, "/brands", {"name": "Nägel & Müller"})).of(200)
    assert named["brand"] == "naegel-mueller"
    article = {"name": f"Senkkopfschrauben {number}", "brand": "naegel-mueller"}
    (await central.ask("PUT", service, f"/articles/{number}", article)).of(200)
    (await central.ask("PUT", service, f"/articles/{number}/prices", price("3.49", 100))).of(204)
    own = {"name": f"Schrauben aus dem Lager {number}"}
    (await keeper.ask("PUT", service, f"/articles/{number}-L", own)).of(200)

    keeper.saw(central)
    found = (await keeper.ask("GET", service, "/article-search", q=f"schraube {number}")).of(200)
    assert [one["number"] for one in found["items"]] == [f"{number}-L", number]
    found = (await keeper.ask("GET", service, "/article-search", q=number)).of(200)
    assert [one["dealer"] for one in found["items"]] == ["central", dealer.name]

    path = f"/articles/{number}/price"
    offered = (await keeper.ask("GET", service, path, quantity="250")).of(200)["offer"]["price"]
    assert (offered["source"], offered["line_net_cents"]) == ("central", 873)
    (await keeper.ask("PUT", service, f"/articles/{number}/prices", price("2.99", 100))).of(204)
    offered = (await keeper.ask("GET", service, path, quantity="250")).of(200)["offer"]["price"]
    assert (offered["source"], offered["line_net_cents"]) == ("dealer", 748)

    taken = {"name": "Tasse", "use": "gift", "catalogue_flag": 1}
    answer = await keeper.ask("PUT", service, f"/articles/{number}", taken)
    answer.refused("gift-number-taken")
    headers = {"Authorization": f"Bearer {keeper.bearer}"}
    async with httpx.AsyncClient(timeout=60) as http:
        url = keeper.url(service, "/articles.csv?status=listed")
        csv = (await http.get(url, headers=headers)).text.splitlines()
    assert [line.split(";")[0] for line in csv[1:]] == [f'"{number}-L"']
