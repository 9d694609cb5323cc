"""Complete orders over HTTP: voucher and reward held, placed, redeemed, points, read models."""

import asyncio
import statistics
import time
from dataclasses import dataclass, field

from benchmarks.measuring import Result, absolute, console, split
from benchmarks.shop import CODE, REWARD, Caller, Shop, Used, a_shop, cart

BUYERS = 16
USERS_EACH = 20
ROUNDS = 10
PRICES = (5_000, 3_000, 2_000)


@dataclass
class Load:
    """Concurrent buyers, each of whom orders for users of their own."""

    shop: Shop
    buyers: list[list[tuple[str, Caller]]]
    milliseconds: list[float] = field(default_factory=list)
    placed: int = 0

    async def run(self, rounds: int, **offered: str) -> None:
        await asyncio.gather(*(self._day(users, rounds, offered) for users in self.buyers))

    async def _day(
        self, users: list[tuple[str, Caller]], rounds: int, offered: dict[str, str]
    ) -> None:
        for _ in range(rounds):
            for name, user in users:
                self.placed += 1
                order = f"o-{name}-{self.placed}"
                began = time.perf_counter()
                answer = await user.must(
                    "PUT", "checkout", f"/orders/{order}", cart(*PRICES, **offered)
                )
                self.milliseconds.append((time.perf_counter() - began) * 1_000)
                refused = answer.body["refused"]
                if refused:
                    raise RuntimeError(f"{order}: {refused}")


def load_of(shop: Shop, users_each: int = USERS_EACH) -> Load:
    names = [[f"u{buyer}-{n}" for n in range(users_each)] for buyer in range(BUYERS)]
    return Load(shop, [[(name, shop.buyer(name)) for name in group] for group in names])


async def run() -> list[Result]:
    async with a_shop() as shop:
        await shop.open()
        load = load_of(shop)
        await load.run(1)  # every user earns the points that rewards cost
        await load.run(1, voucher_code=CODE, reward_id=REWARD)
        await shop.until_current()
        load.milliseconds.clear()
        with shop.used() as used:
            await load.run(ROUNDS, voucher_code=CODE, reward_id=REWARD)
            await shop.until_current()
        await check_read_models(shop, load)
    orders = len(load.milliseconds)
    print_cpu(used, orders)
    p99 = statistics.quantiles(load.milliseconds, n=100)[98]
    cpu = {f"{name}_cpu_ms": 1_000 * seconds / orders for name, seconds in used.cpu.items()}
    return [
        absolute("orders, 16 buyers", orders / used.seconds, "/s", at_least=300, more=cpu),
        absolute("orders, placing, p99", p99, " ms", at_most=80),
    ]


def print_cpu(used: Used, orders: int) -> None:
    console.print(f"CPU per order: {sum(used.cpu.values()) / orders * 1_000:.1f} ms")
    console.print(
        split({name: 1_000 * seconds / orders for name, seconds in used.cpu.items()}, "ms")
    )


async def check_read_models(shop: Shop, load: Load) -> None:
    """Raise unless the read models count exactly what was done."""
    each = 2 + ROUNDS
    for users in load.buyers:
        for name, user in users:
            bought = (await user.must("GET", "checkout", f"/buyers/{name}")).body
            account = (await user.must("GET", "bonus", f"/accounts/{name}")).body
            counted = (
                bought["orders"], bought["vouchers_redeemed"], bought["rewards_redeemed"],
                account["orders_accrued"], account["points_redeemed"], account["points_held"],
            )  # fmt: skip
            if counted != (each, each - 1, each - 1, each, each - 1, 0):
                raise RuntimeError(f"{name}: {counted}")
