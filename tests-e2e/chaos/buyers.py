"""Buyers who want what is scarce, change their minds, hang up, and ask again."""

import asyncio
import random
from collections.abc import Mapping
from typing import Any

import httpx
from chaos.asking import TIMEOUT_SECONDS, Asking
from chaos.deciding import cancel, ship_and_return, submit
from chaos.history import PLACED, History
from chaos.shop import ARTICLE, REWARD, SECOND, People, Shop
from chaos.system import System
from stories.dealer import cart, line

ORDERS_EACH = 8
HANGING_UP_SECONDS = (0.01, 0.25)

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
            name = f"b{number}-{count}"
            people = shop.people(self._system, http, name, number)
            buyer = Buyer(name, people, shop, self._history, chance, self.wrong)
            for order in range(ORDERS_EACH):
                if self.stopping.is_set():
                    break
                await buyer.order(f"{name}-{order}")
                await asyncio.sleep(chance.uniform(0, 2 * think_seconds))
            count += 1


class Buyer:
    """With the staff who ship what they order, and the boss who approves it."""

    def __init__(
        self,
        name: str,
        people: People,
        shop: Shop,
        history: History,
        chance: random.Random,
        wrong: list[str],
    ) -> None:
        self.name = name
        self._shop = shop
        self._chance = chance
        self._wrong = wrong
        self._buyer, self._staff, self._employee, self._boss = (
            Asking(person, shop.dealer.name, history, chance, wrong) for person in people
        )

    async def order(self, order_id: str) -> None:
        chance = self._chance
        if chance.random() < 0.15:
            await submit(self._employee, self._boss, order_id, self._wish(of_catalogue=True))
            return
        wanted, key = self._wish(), self._buyer.key()
        behaviour = chance.choices(
            (self._insist, self._twice, self._gone, self._other_mind), (70, 12, 5, 13)
        )[0]
        placed = await behaviour(order_id, wanted, key)
        if placed and chance.random() < 0.1:
            again = await self._insist(order_id, placed[0], placed[1])
            if again is None:
                self._wrong.append(f"{order_id} was placed, and its repeat was refused")
        what_follows = chance.random()
        if placed and what_follows < 0.2:
            await cancel(self._buyer, order_id)
        elif placed and what_follows < 0.4:
            await ship_and_return(self._buyer, self._staff, order_id, placed[0]["lines"])

    def _wish(self, *, of_catalogue: bool = False) -> dict[str, Any]:
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
        return self._cart(of_catalogue=of_catalogue, **offered)

    def _cart(self, *, of_catalogue: bool = False, **offered: str) -> dict[str, Any]:
        chance = self._chance
        if of_catalogue:
            return cart({"article": ARTICLE, "quantity": chance.randint(1, 30)}, **offered)
        goods = [
            line(chance.randint(1_000, 20_000), chance.randint(1, 3), f"A-{chance.randint(1, 20)}")
            for _ in range(chance.randint(1, 4))
        ]
        return cart(*goods, **offered)

    async def _insist(
        self, order_id: str, wanted: Mapping[str, Any], key: str
    ) -> tuple[Mapping[str, Any], str] | None:
        """The same request until it is answered; None: refused."""
        answer = await self._buyer.insist("order", "PUT", order_id, "", wanted, key)
        return (wanted, key) if answer is not None and answer.status in PLACED else None

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
        await self._hang_up(order_id, wanted, key)

    async def _other_mind(
        self, order_id: str, wanted: Mapping[str, Any], key: str
    ) -> tuple[Mapping[str, Any], str] | None:
        """Hangs up, and orders something without voucher and reward under the same order id."""
        await self._hang_up(order_id, wanted, key)
        return await self._insist(order_id, self._cart(), self._buyer.key())

    async def _hang_up(self, order_id: str, wanted: Mapping[str, Any], key: str) -> None:
        seconds = self._chance.uniform(*HANGING_UP_SECONDS)
        await self._buyer.once("order", "PUT", order_id, "", wanted, key, seconds)
