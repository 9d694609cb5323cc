"""The course of orders: shipping, returns that race each other, approvals, and second thoughts."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from chaos.asking import Asking

CANCELLATION = {"reason": "ordered-twice"}


async def cancel(buyer: Asking, order_id: str) -> None:
    """Once, or twice at the same time."""
    key = buyer.key()
    times = buyer.chance.choice((1, 1, 2))
    await asyncio.gather(
        *(
            buyer.insist("cancel", "POST", order_id, "/cancellation", CANCELLATION, key)
            for _ in range(times)
        )
    )


async def ship_and_return(
    buyer: Asking, staff: Asking, order_id: str, lines: Sequence[Mapping[str, Any]]
) -> None:
    """All leaves, perhaps while it is cancelled; then pieces come back in requests that race.

    Together the requests ask for more pieces than there are.
    """
    leaving = [staff.insist("other", "PUT", order_id, "/shipments/s1", {}, staff.key())]
    if buyer.chance.random() < 0.2:
        key = buyer.key()
        leaving.append(buyer.insist("cancel", "POST", order_id, "/cancellation", CANCELLATION, key))
    await asyncio.gather(*leaving)

    def back(number: int, quantity: int) -> Mapping[str, Any]:
        return {"lines": [{"number": number, "quantity": quantity}], "reason": "damaged"}

    wishes: list[tuple[Asking, str, Mapping[str, Any], str]] = []
    for number, line in enumerate(lines, start=1):
        quantity = line["quantity"]
        whole, part = back(number, quantity), back(number, buyer.chance.randint(1, quantity))
        for who, body in ((buyer, whole), (staff, part)):
            key, path = who.key(), f"/returns/r{len(wishes)}"
            wishes += [(who, path, body, key)] * who.chance.choice((1, 2))
    await asyncio.gather(
        *(who.insist("return", "PUT", order_id, path, body, key) for who, path, body, key in wishes)
    )


async def submit(buyer: Asking, boss: Asking, order_id: str, wanted: Mapping[str, Any]) -> None:
    """An order that waits is approved, rejected or withdrawn, or several of these at once."""
    submitted = await buyer.insist("order", "PUT", order_id, "", wanted, buyer.key())
    if submitted is None or submitted.status != 202:
        return
    attempt = {"attempt": submitted.body["attempt"]}
    steps = {
        "approve": (boss, "order", "/approval", attempt),
        "reject": (boss, "other", "/rejection", attempt),
        "withdraw": (buyer, "other", "/withdrawal", None),
    }
    chosen = buyer.chance.choices(
        (
            ("approve",),
            ("approve", "approve"),
            ("approve", "withdraw"),
            ("approve", "reject", "withdraw"),
            ("reject",),
            ("withdraw",),
        ),
        (6, 3, 3, 2, 1, 1),
    )[0]
    keys = {step: buyer.key() for step in steps}
    await asyncio.gather(
        *(
            who.insist(kind, "POST", order_id, path, body, keys[step])  # type: ignore[arg-type]
            for step in chosen
            for who, kind, path, body in (steps[step],)
        )
    )
