"""Cost of an order in a system, and for a user, with many earlier orders."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from benchmarks.measuring import Result, console, ratio_of
from benchmarks.orders import PRICES
from benchmarks.seeding import seed
from benchmarks.shop import CODE, REWARD, Caller, Shop, a_shop, cart

SHORT_HISTORY, LONG_HISTORY = 10_000, 1_000_000
OWN_ORDERS = 10_000
CONCURRENCY = 8
ROUNDS, EACH = 9, 100
OFFERED = {"voucher_code": CODE, "reward_id": REWARD}


async def run(python: Path) -> list[Result]:
    async with a_shop(python) as young, a_shop(python) as old:
        for shop, orders in ((young, SHORT_HISTORY), (old, LONG_HISTORY)):
            await shop.open()
            await seed(shop, orders)
        of_history = await compared(
            f"an order after {LONG_HISTORY:,} orders of history, against {SHORT_HISTORY:,}",
            await ordering(old, "u1"),
            await ordering(young, "u1"),
        )
        await order_often(young)
        of_own = await compared(
            f"an order of a user with {OWN_ORDERS:,} of their own, against few",
            await ordering(young, "regular"),
            await ordering(young, "u2"),
        )
        return [of_history, of_own]


async def ordering(shop: Shop, name: str) -> Callable[[], Awaitable[float]]:
    """Return a measurement: the median milliseconds of orders placed one by one."""
    user, run = shop.buyer(name), iter(range(10**9))

    async def place(count: int, **offered: str) -> float:
        milliseconds = []
        for _ in range(count):
            began = time.perf_counter()
            await one_order(user, f"{name}-{time.time_ns()}-{next(run)}", **offered)
            milliseconds.append((time.perf_counter() - began) * 1_000)
        return statistics.median(milliseconds)

    await place(2)
    await shop.until_current()

    async def measured() -> float:
        took = await place(EACH, **OFFERED)
        await shop.until_current()
        return took

    return measured


async def one_order(user: Caller, order: str, **offered: str) -> None:
    await user.must("PUT", "checkout", f"/orders/{order}", cart(*PRICES, **offered))


async def order_often(shop: Shop) -> None:
    """Give the regular customer a long history of orders with voucher and reward."""
    user = shop.buyer("regular")
    enough_points = cart(200 * OWN_ORDERS)
    await user.must("PUT", "checkout", "/orders/regular-first", enough_points)
    await shop.until_current()
    numbers = iter(range(OWN_ORDERS))

    async def buyer() -> None:
        for number in numbers:
            await one_order(user, f"regular-{number}", **OFFERED)

    with console.status(f"one user orders {OWN_ORDERS:,} times"):
        await asyncio.gather(*(buyer() for _ in range(CONCURRENCY)))
        await shop.until_current()


async def compared(
    name: str, much: Callable[[], Awaitable[float]], little: Callable[[], Awaitable[float]]
) -> Result:
    pairs = []
    for number in range(ROUNDS + 1):
        with console.status(f"{name}: round {number} of {ROUNDS}"):
            pairs.append((await much(), await little()))
    return ratio_of(name, pairs[1:], unit=" ms", at_most=1.1)
