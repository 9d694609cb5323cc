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
