"""Dealers with codes that many buyers compete for."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import httpx
from chaos.system import System
from stories.dealer import SET_PRICES, Dealer, Person

DEALERS = 2
HOT_CODES = 12
SHARED_CODES = 4
CUSTOMERS = 5
SECOND, PER_USER = "ZWEITER", 2
REWARD, REWARD_POINTS, REWARD_CENTS = "praemie", 200, 500


class AnyReplica(Mapping[str, str]):
    """Each look answers the address of some replica of a service."""

    def __init__(self, system: System, chance: random.Random) -> None:
        self._system = system
        self._chance = chance

    def __getitem__(self, service: str) -> str:
        return self._chance.choice(self._system.replicas(service))

    def __iter__(self) -> Iterator[str]:
        return iter(self._system.stack.addresses)

    def __len__(self) -> int:
        return len(self._system.stack.addresses)


@dataclass(frozen=True, slots=True)
class Shop:
    """`hot` codes are limited in all, `shared` ones by customer; `most` says how often, by code."""

    dealer: Dealer
    hot: tuple[str, ...]
    shared: tuple[str, ...]
    most: Mapping[str, int]

    def buyer(self, system: System, http: httpx.AsyncClient, name: str, n: int) -> Person:
        chance = random.Random(f"{self.dealer.name} {name}")
        bearer = system.stack.token(
            "user",
            user=name,
            dealer=self.dealer.name,
            customer=f"k{n % CUSTOMERS}",
            rights=[SET_PRICES],
        )
        return Person(
            http, AnyReplica(system, chance), f"/dealers/{self.dealer.name}", name, bearer
        )


async def open_shop(dealer: Dealer, chance: random.Random) -> Shop:
    hot = {f"HEISS{number}": chance.randint(3, 60) for number in range(HOT_CODES)}
    shared = {f"KUNDE{number}": chance.randint(2, 15) for number in range(SHARED_CODES)}
    for code, most in hot.items():
        await dealer.campaign(code.lower(), code, max_uses=most, max_per_user=3)
    for code, most in shared.items():
        await dealer.campaign(code.lower(), code, max_per_customer=most, max_per_user=PER_USER)
    await dealer.campaign("zweitkauf", SECOND, kind="second-purchase", max_per_user=PER_USER)
    customers = [f"k{n}" for n in range(CUSTOMERS)]
    await dealer.programme(REWARD_POINTS, REWARD_CENTS, customers)
    return Shop(dealer, tuple(hot), tuple(shared), hot | shared)
