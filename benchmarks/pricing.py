"""Quotes of a cart of 50 lines with voucher, reward and gifts, by CPU against those of one line.

The whole request within the process, at prices of the caller; `vouchers` and `bonus` answer at
once, since their part is measured by `voucher_checks` and `promotions`.
"""

import random
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from datetime import date
from typing import Any

import msgspec
from fastapi import FastAPI

from benchmarks.latency import arrivals
from benchmarks.measuring import Result, in_turns, open_loop, percentiles, ratio_of
from benchmarks.samples import NOON
from checkout.access import RIGHTS
from checkout.gift.offer import GiftOffer
from checkout.order.api import quote_api
from checkout.peer.ports import Buyer, RewardCheck, VoucherCheck
from checkout.pricing.goods import CartLine, Goods, WantedLine, at_own_prices
from checkout.pricing.quote import Quotes
from checkout.pricing.sale import Sale
from checkout.pricing.vat_rates import GERMANY
from checkout.quotas import Quotas
from zugabe.testing import Parts
from zugabe_events.contracts.checkout import OrderLine, RewardApplied, VoucherApplied
from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.gifts import Gift
from zugabe_events.domain.money import allocate, percent_of
from zugabe_events.http.app import http_app
from zugabe_events.http.authorization import Access
from zugabe_events.http.principal import Principal
from zugabe_events.http.throttling import InMemoryTally
from zugabe_testing.callers import known

LINES, GIFTS, QUOTES, ROUNDS = 50, 10, 200, 9
MAX_COST = 2
"""CPU of the large cart, by that of the small one."""

MAX_TAIL = 5
"""p99 by p50 at a third of the maximum rate."""

SECONDS = 15
ANNA = Principal("anna", "user", "acme", "k1", rights=frozenset({"set-prices"}))
OFFERED = tuple(
    Gift(f"gift{number}", f"G{number}", f"Geschenk {number}", 10_000, date(2026, 1, 1))
    for number in range(GIFTS)
)
SALE = Sale(gifts=GiftOffer("acme", 1, "per", OFFERED), vouchers_run=True)


class OwnPrices:
    """Lines at the prices of the caller, and ten gifts."""

    async def caught_up(self, tokens: Sequence[Token]) -> None:
        pass

    async def second_purchase_runs(self, buyer: Buyer) -> bool:
        return False

    async def goods(
        self, _: Buyer, __: Sequence[WantedLine], lines: Sequence[CartLine], **more: bool
    ) -> Goods:
        return at_own_prices(lines, SALE)


class TenPercent:
    """A check of `vouchers`."""

    async def check(
        self, _: Buyer, codes: Sequence[str], lines: Sequence[OrderLine], *more: object
    ) -> VoucherCheck:
        nets = [line.net_cents for line in lines]
        discount = percent_of(sum(nets), 1_000)
        voucher = VoucherApplied(
            hold_id="",
            campaign_id="spring",
            campaign_version=1,
            code=codes[0],
            discount_type="percent",
            base_cents=sum(nets),
            discount_cents=discount,
            shares=allocate(discount, nets),
            free_shipping=False,
            streams=(),
            explanation="10 % auf den Netto-Warenwert",
        )
        return VoucherCheck((voucher,), ())


class FiveEuros:
    """A check of `bonus`."""

    async def check(
        self,
        _: Buyer,
        reward_id: str | None,
        lines: Sequence[OrderLine],
        *more: object,
        **least: int,
    ) -> RewardCheck:
        if reward_id is None:
            return RewardCheck(None, (), 700, 42)
        rests = [line.net_cents - line.voucher_cents for line in lines]
        reward = RewardApplied(
            hold_id="",
            reward_id=reward_id,
            title="5 Euro",
            points=500,
            base_cents=sum(rests),
            discount_cents=500,
            shares=allocate(500, rests),
            streams=(),
            explanation="500 Punkte für 5,00 €",
        )
        return RewardCheck(reward, (), 700, 42)


def app() -> FastAPI:
    prices: Any = OwnPrices()
    vouchers: Any = TenPercent()
    bonus: Any = FiveEuros()
    access = Access(known(ANNA), RIGHTS, now=lambda: NOON)
    quotas = Quotas(InMemoryTally())
    quotes = Quotes(prices, vouchers, bonus, GERMANY)
    return http_app("checkout", [quote_api(prices, quotes, quotas, access)])


def lines(count: int) -> list[Mapping[str, object]]:
    return [
        {
            "article": f"{number:08}",
            "product_group": f"g{number % 7}",
            "brand": f"b{number % 5}",
            "quantity": 3,
            "unit_cents": 1_000 + number,
            "tax": "reduced" if number % 4 == 3 else "standard",
        }
        for number in range(count)
    ]


PATH = "/dealers/acme/quotes"
SMALL = msgspec.json.encode({"lines": lines(1)})
LARGE = msgspec.json.encode(
    {
        "lines": lines(LINES),
        "voucher_code": "SPRING",
        "reward_id": "fiver",
        "gifts": [{"gift": gift.gift, "pieces": 1} for gift in OFFERED[:3]],
    }
)


async def run(parts: Parts) -> list[Result]:
    cashier = Cashier(app())
    answer = await cashier.quote(LARGE)
    quoted = msgspec.json.decode(answer)
    assert quoted["voucher"], answer
    assert quoted["reward"], answer
    assert len(quoted["gifts"]) == 3, answer

    def quotes(body: bytes) -> Callable[[], Awaitable[float]]:
        async def measured() -> float:
            began = time.process_time()
            for _ in range(QUOTES):
                await cashier.quote(body)
            return QUOTES / (time.process_time() - began)

        return measured

    cost = await in_turns(
        f"quote of {LINES} lines with voucher, reward and gifts, by CPU, against one line",
        quotes(LARGE),
        quotes(SMALL),
        bar=1 / MAX_COST,
        rounds=ROUNDS,
    )
    tails = []
    for seed in range(3):
        began = time.perf_counter()
        await quotes(LARGE)()
        per_second = QUOTES / (time.perf_counter() - began) / 3
        times = arrivals(per_second, SECONDS, random.Random(seed))
        took = percentiles(await open_loop(cashier.large, times))
        tails.append((took[98], took[49]))
    tail = ratio_of(
        "that quote at a third of the maximum rate, p99 against p50",
        tails,
        unit=" ms",
        at_most=MAX_TAIL,
    )
    return [cost, tail]


class Cashier:
    """Asks an application without a client, whose work would count on both sides."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    async def large(self) -> None:
        await self.quote(LARGE)

    async def quote(self, body: bytes) -> bytes:
        parts: list[bytes] = []
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": PATH,
            "raw_path": PATH.encode(),
            "root_path": "",
            "query_string": b"",
            "headers": [
                (b"host", b"checkout"),
                (b"authorization", f"Bearer {ANNA.subject}".encode()),
                (b"content-type", b"application/json"),
                (b"content-length", str(len(body)).encode()),
            ],
            "client": ("127.0.0.1", 1),
            "server": ("checkout", 80),
        }

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: MutableMapping[str, Any]) -> None:
            assert message.get("status", 200) == 200, message
            parts.append(message.get("body", b""))

        await self._app(scope, receive, send)
        return b"".join(parts)
