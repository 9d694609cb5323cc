"""A dealer's front: what is edited is seen at once by who brings its token, and by no stranger when
the front is closed."""

from typing import Any
from uuid import uuid4

import httpx
from stories.catalogue import editor, price
from stories.dealer import TOKEN, Dealer, Person

SERVICE = "catalog-shops"


class Visitor:
    """Somebody without a token of their own, who saw what the editor did."""

    def __init__(self, dealer: Dealer, keeper: Person) -> None:
        self._http = dealer.http
        self._keeper = keeper

    async def visit(self, path: str, **headers: str) -> httpx.Response:
        url = self._keeper.url(SERVICE, f"/front{path}")
        return await self._http.get(url, headers={TOKEN: self._keeper.tokens, **headers})

    async def look(self, path: str) -> Any:
        answer = await self.visit(path)
        assert answer.status_code == 200, answer.text
        return answer.json()


async def test_a_dealers_own_shop_is_seen_as_soon_as_it_is_saved(dealer: Dealer) -> None:
    """CS-3, CS-4, CS-8, CS-14, CS-17, CS-46, Q13, N-12"""
    await dealer.order_module()
    (await dealer.support.ask("POST", SERVICE, "/own-shops/unlocking")).of(204)
    rights = ("edit-articles", "edit-prices", "edit-shops")
    keeper = editor(dealer, "dealer-staff", dealer.name, *rights)
    visitor = Visitor(dealer, keeper)
    number = f"F-{uuid4().hex[:8]}"

    (await keeper.ask("DELETE", SERVICE, "/brand-shop-placement/adoption")).of(200)
    named = (await keeper.ask("POST", SERVICE, "/brands", {"name": f"Marke {number}"})).of(200)
    article = {"name": f"Ordner {number}", "brand": named["brand"]}
    (await keeper.ask("PUT", SERVICE, f"/articles/{number}", article)).of(200)
    (await keeper.ask("PUT", SERVICE, f"/articles/{number}/prices", price("3.49"))).of(204)
    head = {"url_name": "unsere-marke", "brand": named["brand"], "active": True}
    (await keeper.ask("PUT", SERVICE, "/brand-shops/eigen", head)).of(200)

    flyout = (await visitor.look("/header"))["flyout"]
    assert [one["shop"]["url_name"] for one in flyout["brands"]] == ["unsere-marke"]
    shop = await visitor.visit("/shops/unsere-marke")
    assert shop.json()["shop"]["name"] == f"Marke {number}"
    [shown] = (await visitor.look("/shops/unsere-marke/articles"))["articles"]
    assert (shown["number"], shown["price"]["amount"]) == (number, "3.49")
    [found] = (await visitor.look(f"/search?q={number}&shop=unsere-marke"))["articles"]
    assert found["number"] == number

    again = await visitor.visit("/shops/unsere-marke", **{"If-None-Match": shop.headers["etag"]})
    assert again.status_code == 304
    (await keeper.ask("PUT", SERVICE, f"/articles/{number}/prices", price("2.99"))).of(204)
    [shown] = (await visitor.look("/shops/unsere-marke/articles"))["articles"]
    assert shown["price"]["amount"] == "2.99"

    closed = {"visibility": "customers"}
    (await keeper.ask("PUT", SERVICE, "/front-visibility", closed)).of(204)
    assert (await visitor.visit("/header")).status_code == 401
    (await keeper.ask("GET", SERVICE, "/front/header")).of(200)
    preview = await keeper.ask(
        "GET", SERVICE, "/front-preview/shops/unsere-marke", at="2030-12-25T12:00:00Z"
    )
    assert preview.of(200)["article_count"] == 1
