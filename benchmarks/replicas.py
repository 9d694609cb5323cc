"""Two replicas of checkout, vouchers and bonus on the cores of one, against one."""

import psutil

from benchmarks.measuring import Result, console, ratio_of
from benchmarks.orders import load_of
from benchmarks.shop import LOGS, Shop

BUYERS, SECONDS, ROUNDS = 16, 8.0, 3
SECOND = "-2"


async def run(shop: Shop) -> list[Result]:
    pairs = []
    for number in range(ROUNDS):
        with console.status(f"replicas: round {number + 1} of {ROUNDS}"):
            one = await rate(shop, ("",))
            await start_second(shop)
            pairs.append((await rate(shop, ("", SECOND)), one))
            for service in LOGS:
                await shop.stack.stop_process(f"{service}{SECOND}")
    return [ratio_of(f"two replicas against one, {BUYERS} buyers", pairs, unit="/s")]


async def rate(shop: Shop, replicas: tuple[str, ...]) -> float:
    load = await load_of(shop, BUYERS, replicas)
    used = await load.run(SECONDS)
    return len(load.milliseconds) / used.seconds


async def start_second(shop: Shop) -> None:
    """Start second replicas; that of checkout asks those of vouchers and bonus."""
    for service in ("vouchers", "bonus"):
        await shop.stack.start_process(service, replica=2)
    addresses = shop.stack.addresses
    first = psutil.Process(shop.stack.pids()["checkout"]).environ()
    changed = {name: value for name, value in first.items() if name.startswith("ZUGABE_")}
    for service in ("vouchers", "bonus"):
        for name, value in changed.items():
            changed[name] = value.replace(addresses[service], addresses[f"{service}{SECOND}"])
    changed = {name: value for name, value in changed.items() if value != first[name]}
    await shop.stack.start_process("checkout", replica=2, extra_env=changed)
