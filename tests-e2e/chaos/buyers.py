"""Buyers who want what is scarce, change their minds, hang up, and ask again."""

import asyncio
import random
import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import httpx
from chaos.history import LATER, PLACED, History
from chaos.shop import REWARD, SECOND, Shop
from chaos.system import System
from stories.dealer import Person, cart, line

ORDERS_EACH = 8
TIMEOUT_SECONDS = 6.0
HANGING_UP_SECONDS = (0.01, 0.25)
PATIENCE_SECONDS = 120.0
PAUSE_SECONDS = (0.2, 0.5)

type Offered = dict[str, str]


class Buyers:
    """`wrong` are answers that no failure excuses."""

    def __init__(self, system: System, shops: list[Shop], history: History, seed: int) -> None:
        self.wrong: list[str] = []
        self.stopping = asyncio.Event()
        self._system = system
        self._shops = shops
        self._history = history
        self._seed = seed

    async def run(self, how_many: int, think_seconds: float) -> None:
        """Until `stopping`; what was begun is finished."""
        limits = httpx.Limits(max_connections=400)
        async with (
            httpx.AsyncClient(timeout=TIMEOUT_SECONDS, limits=limits) as http,
            asyncio.TaskGroup() as tasks,
        ):
            for number in range(how_many):
                tasks.create_task(self._buy(http, number, think_seconds))

    async def _buy(self, http: httpx.AsyncClient, number: int, think_seconds: float) -> None:
        """One after the other comes to this place, each with a few orders."""
        chance = random.Random(f"{self._seed} buyer {number}")
        count = 0
        while not self.stopping.is_set():
            shop = chance.choice(self._shops)
            person = shop.buyer(self._system, http, f"b{number}-{count}", number)
            buyer = Buyer(person, shop, self._history, chance, self.wrong)
            for order in range(ORDERS_EACH):
                if self.stopping.is_set():
                    break
                await buyer.order(f"{person.name}-{order}")
                await asyncio.sleep(chance.uniform(0, 2 * think_seconds))
            count += 1


class Buyer:
    def __init__(
        self, person: Person, shop: Shop, history: History, chance: random.Random, wrong: list[str]
    ) -> None:
        self._person = person
        self._shop = shop
        self._history = history
        self._chance = chance
        self._wrong = wrong

    async def order(self, order_id: str) -> None:
        wanted = self._wish()
        chance, key = self._chance, self._key()
        behaviour = chance.choices(
            (self._insist, self._twice, self._gone, self._other_mind), (70, 12, 5, 13)
        )[0]
        placed = await behaviour(order_id, wanted, key)
        if placed and chance.random() < 0.1:
            again = await self._insist(order_id, placed[0], placed[1])
            if again is None:
                self._wrong.append(f"{order_id} was placed, and its repeat was refused")
        if placed and chance.random() < 0.2:
            await self._cancel(order_id)

    def _wish(self) -> dict[str, Any]:
        chance = self._chance
        offered: Offered = {}
        kind = chance.choices(("none", "hot", "shared", "second", "nonsense"), (25, 40, 15, 15, 5))
        match kind[0]:
            case "hot":
                offered["voucher_code"] = chance.choice(self._shop.hot)
            case "shared":
                offered["voucher_code"] = chance.choice(self._shop.shared)
            case "second":
                offered["voucher_code"] = SECOND
            case "nonsense":
                offered["voucher_code"] = "GIBTSNICHT"
        if chance.random() < 0.3:
            offered["reward_id"] = REWARD
        if offered and chance.random() < 0.4:
            offered["if_refused"] = "order-without"
        return self._cart(**offered)

    def _cart(self, **offered: str) -> dict[str, Any]:
        chance = self._chance
        goods = [
            line(chance.randint(1_000, 20_000), chance.randint(1, 3), f"A-{chance.randint(1, 20)}")
            for _ in range(chance.randint(1, 4))
        ]
        return cart(*goods, **offered)

    def _key(self) -> str:
        return str(UUID(int=self._chance.getrandbits(128), version=4))

    async def _insist(
        self, order_id: str, wanted: Mapping[str, Any], key: str
    ) -> tuple[Mapping[str, Any], str] | None:
        """The same request until it is answered with more than "not now"; None: refused."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            status = await self._put(order_id, wanted, key)
            if status in PLACED:
                return wanted, key
            if status not in (None, LATER) or time.monotonic() > deadline:
                return None
            await asyncio.sleep(self._chance.uniform(*PAUSE_SECONDS))

    async def _twice(
        self, order_id: str, wanted: Mapping[str, Any], key: str
    ) -> tuple[Mapping[str, Any], str] | None:
        """The same at the same time, to whichever replicas."""
        one, other = await asyncio.gather(
            self._insist(order_id, wanted, key), self._insist(order_id, wanted, key)
        )
        return one or other

    async def _gone(self, order_id: str, wanted: Mapping[str, Any], key: str) -> None:
        """Hangs up and never comes back; the request lapses, or is an order."""
        await self._put(order_id, wanted, key, self._chance.uniform(*HANGING_UP_SECONDS))

    async def _other_mind(
        self, order_id: str, wanted: Mapping[str, Any], key: str
    ) -> tuple[Mapping[str, Any], str] | None:
        """Hangs up, and orders something without voucher and reward under the same order id."""
        await self._put(order_id, wanted, key, self._chance.uniform(*HANGING_UP_SECONDS))
        return await self._insist(order_id, self._cart(), self._key())

    async def _cancel(self, order_id: str) -> None:
        key, times = self._key(), self._chance.choice((1, 1, 2))
        await asyncio.gather(*(self._insist_on_cancelling(order_id, key) for _ in range(times)))

    async def _insist_on_cancelling(self, order_id: str, key: str) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        path = f"/orders/{order_id}/cancellation"
        while time.monotonic() < deadline:
            body = {"reason": "ordered-twice"}
            status = await self._ask("cancel", "POST", order_id, path, body, key)
            if status not in (None, LATER):
                return
            await asyncio.sleep(self._chance.uniform(*PAUSE_SECONDS))

    async def _put(
        self, order_id: str, wanted: Mapping[str, Any], key: str, seconds: float = TIMEOUT_SECONDS
    ) -> int | None:
        path = f"/orders/{order_id}"
        return await self._ask("order", "PUT", order_id, path, wanted, key, seconds)

    async def _ask(
        self,
        kind: Any,
        method: str,
        order_id: str,
        path: str,
        body: Mapping[str, Any],
        key: str,
        seconds: float = TIMEOUT_SECONDS,
    ) -> int | None:
        status, told = None, None
        try:
            async with asyncio.timeout(seconds):
                answer = await self._person.ask(method, "checkout", path, body, key=key)
            status, told = answer.status, answer.body
        except (httpx.TransportError, TimeoutError, ValueError):
            pass  # no answer, or half of one
        if status is not None and status not in (200, 201, 204, 409, 503):
            self._wrong.append(f"{method} {path}: {status} {told}")
        dealer = self._shop.dealer.name
        self._history.note(kind, dealer, order_id, key, status, told)
        return status
