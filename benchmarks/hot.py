"""One hot code: 64 concurrent buyers compete for its 20 uses; every round has a new code.

The second one has a budget, which is for 20 uses, and three limits that are a little higher.
"""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from itertools import count

from benchmarks.measuring import Result, absolute, ratio_of
from benchmarks.shop import Caller, Shop

BUYERS, LIMIT = 64, 20
CODES, ATTEMPTS = 5, 1_000


BUDGET = {
    "budget_cents": LIMIT * 1_000,
    "max_uses": LIMIT + 5,
    "max_per_customer": LIMIT + 3,
    "max_per_user": 2,
}


async def run(shop: Shop) -> list[Result]:
    checkout = shop.caller("service", "checkout")
    rates: list[float] = []
    pairs: list[tuple[float, float]] = []
    for number in range(CODES + 1):
        code = f"HEISS{number}"
        await shop.campaign(f"heiss{number}", code, max_uses=LIMIT)
        rates.append(await rush(checkout, code, "campaign-limit"))
        code = f"TEUER{number}"
        await shop.campaign(f"teuer{number}", code, **BUDGET)
        pairs.append((await rush(checkout, code, "budget-used-up"), rates[-1]))
    rates = sorted(rates[1:])  # the first one warms up
    return [
        absolute(
            f"one hot code, {BUYERS} buyers, exactly {LIMIT} uses", rates[len(rates) // 2], "/s",
            at_least=500, more={"lowest": rates[0], "highest": rates[-1]},
        ),
        ratio_of("one hot code, a budget and three limits", pairs[1:], unit="/s", at_least=0.6),
    ]  # fmt: skip


async def rush(checkout: Caller, code: str, refusal: str) -> float:
    """Measure attempts per second: hold a use, as checkout does, until a definite answer."""
    numbers = count()
    granted, refused = 0, 0
    now = datetime.now(UTC)
    body = {
        "codes": [code],
        "customer": "k1",
        "lines": [{"number": 1, "net_cents": 10_000}],
        "placed_at": now.isoformat(),
        "deadline": (now + timedelta(minutes=15)).isoformat(),
    }

    async def buyer() -> None:
        nonlocal granted, refused
        while (number := next(numbers)) < ATTEMPTS:
            path = f"/holds/{code}-{number}/1"
            answer = await checkout.ask("PUT", "vouchers", path, {**body, "user": f"u{number}"})
            match answer.status, answer.body:
                case 200, _:
                    granted += 1
                case 409, {"code": reason} if reason == refusal:
                    refused += 1
                case unexpected:
                    raise RuntimeError(f"{code}: {unexpected}")

    began = time.perf_counter()
    await asyncio.gather(*(buyer() for _ in range(BUYERS)))
    seconds = time.perf_counter() - began
    if (granted, refused) != (LIMIT, ATTEMPTS - LIMIT):
        raise RuntimeError(f"{code}: {granted} granted, {refused} refused")
    return ATTEMPTS / seconds
