"""The people who maintain articles and prices, and what they send."""

from typing import Any

from stories.dealer import Dealer, Person


def price(amount: str, unit: int = 1) -> dict[str, Any]:
    return {"prices": [{"steps": [{"amount": amount}], "quantity": unit}]}


def editor(dealer: Dealer, role: Any, tenant: str, *rights: str) -> Person:
    """Somebody who edits what belongs to a tenant: the dealer, or `central`."""
    bearer = dealer.token(role, f"{role}-1", rights)
    root = f"/dealers/{tenant}"
    return Person(dealer.http, dealer.stack.addresses, root, role, bearer)


async def sell(seller: Person, number: str, amount: str, **data: Any) -> None:
    """An article of the dealer's own, at a price in euros."""
    article = {"name": f"Artikel {number}", **data}
    (await seller.ask("PUT", "catalog-shops", f"/articles/{number}", article)).of(200)
    priced = await seller.ask("PUT", "catalog-shops", f"/articles/{number}/prices", price(amount))
    priced.of(204)
