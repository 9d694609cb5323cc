"""Dealers with codes that many buyers compete for."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import httpx
from chaos.system import System
from stories.catalogue import editor, sell
from stories.dealer import SET_PRICES, Dealer, Person

DEALERS = 2
HOT_CODES = 12
SHARED_CODES = 4
CUSTOMERS = 5
SECOND, PER_USER = "ZWEITER", 2
APPROVING, ARTICLE = "kfreigabe", "stift"
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


class People(NamedTuple):
    """A buyer who brings prices, staff, and a buyer at our prices with the boss who approves."""

    buyer: Person
    staff: Person
    employee: Person
    boss: Person


@dataclass(frozen=True, slots=True)
class Shop:
    """`hot` codes are limited in all, `shared` ones by customer; `most` says how often, by code."""

    dealer: Dealer
    hot: tuple[str, ...]
    shared: tuple[str, ...]
    most: Mapping[str, int]

    def people(self, system: System, http: httpx.AsyncClient, name: str, n: int) -> People:
        chance = random.Random(f"{self.dealer.name} {name}")

        def person(role: Any, user: str, rights: Sequence[str], **claims: Any) -> Person:
            dealer = self.dealer.name
            bearer = system.stack.token(role, user=user, dealer=dealer, rights=rights, **claims)
            return Person(http, AnyReplica(system, chance), f"/dealers/{dealer}", user, bearer)

        return People(
            person("user", name, [SET_PRICES], customer=f"k{n % CUSTOMERS}"),
            person("dealer-staff", f"staff-{n}", []),
            person("user", f"{name}-e", [], customer=APPROVING),
            person("user", f"boss-{n}", ["approve-orders"], customer=APPROVING),
        )


async def open_shop(dealer: Dealer, chance: random.Random) -> Shop:
    hot = {f"HEISS{number}": chance.randint(3, 60) for number in range(HOT_CODES)}
    shared = {f"KUNDE{number}": chance.randint(2, 15) for number in range(SHARED_CODES)}
    for code, most in hot.items():
        await dealer.campaign(code.lower(), code, max_uses=most, max_per_user=3)
    for code, most in shared.items():
        await dealer.campaign(code.lower(), code, max_per_customer=most, max_per_user=PER_USER)
    await dealer.campaign("zweitkauf", SECOND, kind="second-purchase", max_per_user=PER_USER)
    customers = [APPROVING, *(f"k{n}" for n in range(CUSTOMERS))]
    await dealer.programme(REWARD_POINTS, REWARD_CENTS, customers)
    await sell_with_approval(dealer)
    return Shop(dealer, tuple(hot), tuple(shared), hot | shared)


async def sell_with_approval(dealer: Dealer) -> None:
    """An article at our price, for a customer whose orders are approved."""
    rights = ("edit-articles", "edit-prices", "edit-customer-terms")
    seller = editor(dealer, "dealer-staff", dealer.name, *rights)
    await sell(seller, ARTICLE, "12.34")
    rule = {"approval": "always"}
    (await seller.ask("PUT", "checkout", f"/customers/{APPROVING}/terms", rule)).of(204)
    wanted = {"lines": [{"article": ARTICLE, "quantity": 1}]}
    shopper = dealer.shopper("shopper", APPROVING)
    (await shopper.insist("POST", "checkout", "/quotes", wanted, tokens=seller.tokens)).of(200)
