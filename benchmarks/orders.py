"""Complete orders over HTTP: voucher and reward held, placed, redeemed, points, read models."""

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from rich.table import Table

from benchmarks.measuring import Result, absolute, console, percentiles, split
from benchmarks.requests import logged
from benchmarks.shop import CODE, REWARD, Caller, Shop, cart
from benchmarks.stack import Used

BUYERS = (1, 16, 64)
CURVE = (1, 4, 16, 64, 128)
USERS_EACH = 4
SECONDS, LOGGED_SECONDS = 12.0, 4.0
PRICES = (5_000, 3_000, 2_000)
OFFERED = {"voucher_code": CODE, "reward_id": REWARD}
BARS: Mapping[int, tuple[float | None, float | None]] = {16: (300, 80)}
"""By buyers, orders per second at least, and milliseconds of placing at most (p99)."""
LOADS = itertools.count()


@dataclass
class User:
    name: str
    caller: Caller
    orders: int = 0

    async def order(self, offered: Mapping[str, str] = OFFERED) -> None:
        self.orders += 1
        order, body = f"o-{self.name}-{self.orders}", cart(*PRICES, **offered)
        answer = await self.caller.must("PUT", "checkout", f"/orders/{order}", body)
        if refused := answer.body["refused"]:
            raise RuntimeError(f"{order}: {refused}")

    async def check_read_models(self) -> None:
        """Raise unless the read models count exactly what was done."""
        bought = (await self.caller.must("GET", "checkout", f"/buyers/{self.name}")).body
        account = (await self.caller.must("GET", "bonus", f"/accounts/{self.name}")).body
        counted = (
            bought["orders"], bought["vouchers_redeemed"], bought["rewards_redeemed"],
            account["orders_accrued"], account["points_redeemed"], account["points_held"],
        )  # fmt: skip
        all_of_them, with_reward = self.orders, self.orders - 1
        if counted != (all_of_them, with_reward, with_reward, all_of_them, with_reward, 0):
            raise RuntimeError(f"{self.name}: {counted} after {self.orders} orders")


@dataclass
class Load:
    """Concurrent buyers, each of whom orders for users of their own."""

    shop: Shop
    buyers: Sequence[Sequence[User]]
    milliseconds: list[float] = field(default_factory=list)

    async def run(self, seconds: float) -> Used:
        """Order until the time is up; done when everything is visible. Keeps the milliseconds."""
        self.milliseconds.clear()
        until = time.perf_counter() + seconds

        async def buyer(users: Sequence[User]) -> None:
            for user in itertools.cycle(users):
                began = time.perf_counter()
                if began > until:
                    return
                await user.order()
                self.milliseconds.append((time.perf_counter() - began) * 1_000)

        async with self.shop.used() as used:
            await asyncio.gather(*(buyer(users) for users in self.buyers))
            await self.shop.until_current()
        return used

    async def each(self, work: Callable[[User], Awaitable[None]]) -> None:
        """Do it for every user, those of different buyers concurrently."""

        async def in_order(users: Sequence[User]) -> None:
            for user in users:
                await work(user)

        await asyncio.gather(*(in_order(users) for users in self.buyers))


async def load_of(shop: Shop, buyers: int, replicas: Sequence[str] = ("",)) -> Load:
    """New users, each with the points that rewards cost and a first reward; buyers take turns in
    going to the replicas."""
    await shop.open()
    load_number, replica = next(LOADS), itertools.cycle(replicas)
    names = [[f"u{load_number}-{n}-{m}" for m in range(USERS_EACH)] for n in range(buyers)]
    places = zip(names, replica, strict=False)
    buyers_users = [[User(name, shop.buyer(name, at)) for name in group] for group, at in places]
    load = Load(shop, buyers_users)
    await load.each(lambda user: user.order({}))
    await shop.until_current()
    await load.each(User.order)
    await shop.until_current()
    return load


async def run(shop: Shop, numbers: Sequence[int] = BUYERS) -> list[Result]:
    return [result for buyers in numbers for result in await measured(shop, buyers)]


async def curve(shop: Shop) -> list[Result]:
    return await run(shop, CURVE)


def of(buyers: int) -> str:
    return f"{buyers} buyer{'s' if buyers > 1 else ''}"


async def measured(shop: Shop, buyers: int) -> list[Result]:
    """Measure rate, latency, CPU and requests to MongoDB; and check what the read models say."""
    name = f"orders, {of(buyers)}"
    with console.status(name):
        load = await load_of(shop, buyers)
        used = await load.run(SECONDS)
        await load.each(User.check_read_models)
    orders, ms = len(load.milliseconds), percentiles(load.milliseconds)
    cpu = {process: 1_000 * seconds / orders for process, seconds in used.cpu.items()}
    requests = {kind: count / orders for kind, count in used.requests.items()}
    at_least, at_most = BARS.get(buyers, (None, None))
    results = [
        absolute(name, orders / used.seconds, "/s", at_least=at_least),
        absolute(f"{name}, placing, p50", ms[49], " ms"),
        absolute(f"{name}, placing, p99", ms[98], " ms", at_most=at_most),
        absolute(f"{name}, CPU per order", sum(cpu.values()), " ms", more=cpu),
        absolute(f"{name}, requests per order", sum(requests.values()), "", more=requests),
    ]
    console.print(f"  CPU: {split(cpu, 'ms')}")
    console.print(f"  requests: {split(requests, '')}")
    return results


async def by_process(shop: Shop) -> list[Result]:
    """Print the requests to MongoDB of each process, by kind."""
    for buyers in (1, 16):
        with console.status(f"requests by process, {buyers} buyers"):
            load = await load_of(shop, buyers)
            async with logged(shop) as counts:
                await load.run(LOGGED_SECONDS)
        print_table(f"Requests per order, {of(buyers)}", counts, len(load.milliseconds))
    return []


def print_table(title: str, counts: Counter[tuple[str, str]], orders: int) -> None:
    by_kind, by_process = Counter[str](), Counter[str]()
    for (process, kind), count in counts.items():
        by_kind[kind] += count
        by_process[process] += count
    processes = [process for process, _ in by_process.most_common()]
    table = Table("", *processes, "all", title=title)
    for kind, total in by_kind.most_common():
        cells = [counts[process, kind] for process in processes]
        table.add_row(kind, *(f"{count / orders:.2f}" for count in (*cells, total)))
    sums = [by_process[process] for process in processes]
    table.add_row("all", *(f"{count / orders:.2f}" for count in (*sums, sum(sums))))
    console.print(table)
