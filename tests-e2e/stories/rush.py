"""Many users order at once, whatever is killed meanwhile; and what must be true afterwards."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime

from stories import topics
from stories.dealer import Dealer, Person, cart, line
from zugabe_events.domain.calendar import day_of
from zugabe_testing.eventually import eventually

USERS = 30
ORDERS = 5
CODE, CAMPAIGN = "ZWEITER", "zweitkauf"
GOODS = (line(5_000), line(3_000), line(2_000))
GOODS_CENTS, POINTS = 10_000, 100
REWARD_POINTS, REWARD_CENTS = 200, 500
VOUCHER_CENTS = 1_000


class Rush:
    """Each user orders five times: the second time with the voucher that the first order earned,
    the fourth with a reward; the fifth is cancelled. Requests without an answer are repeated."""

    def __init__(self, dealer: Dealer) -> None:
        self.dealer = dealer
        self.users = [dealer.user(f"u{number:02}") for number in range(USERS)]
        self.numbers: list[str] = []
        self.net_cents: Counter[str] = Counter()
        self._acknowledged = asyncio.Condition()

    @asynccontextmanager
    async def under_way(self, acknowledged: int = USERS * ORDERS // 4) -> AsyncGenerator[None]:
        """Entered when a number of orders are placed; left when all are."""
        await self.dealer.campaign(CAMPAIGN, CODE, kind="second-purchase")
        await self.dealer.programme(REWARD_POINTS, REWARD_CENTS)
        async with asyncio.TaskGroup() as tasks:
            for user in self.users:
                tasks.create_task(self._day_of(user))
            await self.until(acknowledged)
            yield

    async def until(self, acknowledged: int) -> None:
        async with self._acknowledged:
            await self._acknowledged.wait_for(lambda: len(self.numbers) >= acknowledged)

    async def _day_of(self, user: Person) -> None:
        await self._order(user, 1)
        [voucher] = (await user.insist("GET", "vouchers", f"/users/{user.name}/vouchers")).of(200)[
            "items"
        ]
        await self._order(user, 2, voucher_code=voucher["code"])
        await self._order(user, 3)
        account = (await user.insist("GET", "bonus", f"/accounts/{user.name}")).of(200)
        assert account["active_points"] == 3 * POINTS
        await self._order(user, 4, reward_id="praemie")
        await self._order(user, 5)
        await user.cancel(f"{user.name}-5")

    async def _order(self, user: Person, number: int, **offered: str) -> None:
        order = await user.place(f"{user.name}-{number}", cart(*GOODS, **offered))
        async with self._acknowledged:
            self.numbers.append(order["order_number"])
            self.net_cents[user.name] += order["net_cents"]
            self._acknowledged.notify_all()

    async def holds(self) -> None:
        """Every acknowledged order exists once; points and vouchers moved exactly once."""
        assert len(set(self.numbers)) == len(self.numbers) == USERS * ORDERS
        for user in self.users:
            await eventually(lambda user=user: self._look_at(user))  # type: ignore[misc]
        await self._look_at_topics()

    async def _look_at(self, user: Person) -> None:
        buyer = (await user.insist("GET", "checkout", f"/buyers/{user.name}")).of(200)
        net = ORDERS * GOODS_CENTS - VOUCHER_CENTS - REWARD_CENTS
        assert self.net_cents[user.name] == net
        page = (await user.insist("GET", "checkout", "/orders")).of(200)
        days = {
            one["order_id"]: day_of(datetime.fromisoformat(one["placed_at"]))
            for one in page["items"]
        }
        kept = [day for order, day in days.items() if order != f"{user.name}-{ORDERS}"]
        last = max(days.values())
        assert {name: value for name, value in buyer.items() if value} == {
            "dealer": self.dealer.name,
            "user": user.name,
            "orders": ORDERS,
            "cancelled": 1,
            "goods_cents": ORDERS * GOODS_CENTS,
            "net_cents": net,
            "cancelled_goods_cents": GOODS_CENTS,
            "cancelled_net_cents": GOODS_CENTS,
            "vouchers_redeemed": 1,
            "voucher_discount_cents": VOUCHER_CENTS,
            "rewards_redeemed": 1,
            "reward_discount_cents": REWARD_CENTS,
            "day": str(last),
            "day_goods_cents": kept.count(last) * GOODS_CENTS,
        }
        assert sorted((one["order_id"], one["status"]) for one in page["items"]) == [
            (f"{user.name}-{number}", "cancelled" if number == ORDERS else "placed")
            for number in range(1, ORDERS + 1)
        ]
        account = (await user.insist("GET", "bonus", f"/accounts/{user.name}")).of(200)
        assert account["orders_accrued"] == ORDERS
        assert account["points_accrued"] == ORDERS * POINTS
        assert account["points_redeemed"] == REWARD_POINTS
        assert account["points_reversed"] == POINTS
        assert account["active_points"] == (ORDERS - 1) * POINTS - REWARD_POINTS
        assert account["points_held"] == account["points_owed"] == account["points_returned"] == 0
        path = f"/users/{user.name}/vouchers"
        [voucher] = (await user.insist("GET", "vouchers", path)).of(200)["items"]
        assert (voucher["status"], voucher["uses"], voucher["holds"]) == ("redeemed", 1, [])

    async def _look_at_topics(self) -> None:
        """The events themselves: each effect stands in the log once."""
        kafka = self.dealer.stack.addresses["kafka"]
        counted: Counter[str] = Counter()
        for topic in ("checkout", "vouchers", "bonus"):
            told = await topics.everything(kafka, topic, self.dealer.name)
            counted.update(one.name for one in told)
        once_per_user = (
            "order-cancelled",
            "voucher-issued",
            "voucher-redeemed",
            "reward-redeemed",
            "points-reversed",
        )
        assert counted["order-placed"] == counted["points-accrued"] == USERS * ORDERS
        assert {name: counted[name] for name in once_per_user} == dict.fromkeys(
            once_per_user, USERS
        )
        assert counted["voucher-held"] - counted["voucher-released"] == USERS
        assert counted["reward-held"] - counted["reward-released"] == USERS
