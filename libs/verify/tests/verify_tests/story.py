"""A dealer's small day, told through the services' HTTP, with what each client was told."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import httpx

from verify_tests.audited import consumers_at_rest
from zugabe.supervisor import Stack
from zugabe_testing.eventually import eventually

DEALER = "musikhaus"
LONG_AGO, FAR_AHEAD = "2020-01-01", "2199-12-31"


class Day:
    """`history` are the lines that a client would write; see `zugabe_verify.history`."""

    def __init__(self, stack: Stack, http: httpx.AsyncClient) -> None:
        self._stack = stack
        self._http = http
        self.history: list[dict[str, Any]] = []

    async def ask(
        self,
        who: Mapping[str, Any],
        method: str,
        service: str,
        path: str,
        body: Any = None,
        token: str = "",
    ) -> httpx.Response:
        tenant = None if who["role"] == "central" else DEALER
        bearer = self._stack.token(dealer=tenant, **who)
        url = f"{self._stack.addresses[service]}/dealers/{DEALER}{path}"
        headers = {"Authorization": f"Bearer {bearer}", "Zugabe-Token": token}
        return await self._http.request(method, url, json=body, headers=headers)

    async def staff(self, token: str, method: str, service: str, path: str, body: Any) -> None:
        """`token` stands for what the command waits for."""
        who = {
            "role": "dealer-staff",
            "user": "chef",
            "rights": ["edit-bonus-settings", "edit-campaigns"],
        }
        (await self.ask(who, method, service, path, body, token)).raise_for_status()

    async def order(
        self, user: str, order_id: str, *cents: int, token: str = "", **more: Any
    ) -> int:
        lines = [
            {"article": "A-1", "product_group": "Schreiben", "brand": "Feder"}
            | {"quantity": 1, "unit_cents": unit_cents}
            for unit_cents in cents
        ]
        cart = {"lines": lines, **more}
        customer = "k1" if user in "anna berta" else "k2"
        who = {"role": "user", "user": user, "customer": customer, "rights": ["set-prices"]}
        answer = await self.ask(who, "PUT", "checkout", f"/orders/{order_id}", cart, token)
        self._note("order", order_id, answer)
        return answer.status_code

    async def _order_by_number(self, user: str, order_id: str, number: str, quantity: int) -> None:
        """At the price of the catalogue."""
        rights = ["edit-articles", "edit-prices"]
        keeper = {"role": "dealer-staff", "user": "lager", "rights": rights}
        path, token = f"/articles/{number}", ""
        prices = {"prices": [{"steps": [{"amount": "3.49"}], "quantity": 100}]}
        for more, body in (("", {"name": "Schraube"}), ("/prices", prices)):
            done = await self.ask(keeper, "PUT", "catalog-shops", f"{path}{more}", body, token)
            token = done.raise_for_status().headers["Zugabe-Token"]
        who = {"role": "user", "user": user, "customer": "k2"}
        cart = {"lines": [{"article": number, "quantity": quantity}]}
        answer = await self.ask(who, "PUT", "checkout", f"/orders/{order_id}", cart, token)
        assert answer.status_code == 201, answer.text
        self._note("order", order_id, answer)

    async def cancel(self, user: str, order_id: str) -> None:
        who = {"role": "user", "user": user, "customer": "k1" if user in "anna berta" else "k2"}
        path = f"/orders/{order_id}/cancellation"
        self._note(
            "cancel",
            order_id,
            await self.ask(who, "POST", "checkout", path, {"reason": "changed-mind"}),
        )

    def _note(self, kind: str, order_id: str, answer: httpx.Response) -> None:
        line = {"kind": kind, "dealer": DEALER, "order": order_id, "attempt": order_id}
        body = answer.json() if answer.content else None
        self.history.append(line | {"status": answer.status_code, "body": body, "at": None})

    async def tell(self) -> None:
        await self._lay_down()
        await asyncio.sleep(1.1)  # rules count for orders of a later second
        assert await self.order("anna", "a-1", 15_000) == 201
        assert await self.order("berta", "b-1", 20_000) == 201
        assert await self.order("carl", "c-1", 1_050, 1_050) == 201
        await self._granted("anna", "a-2", 5_000, voucher_code="ZWEITER", reward_id="praemie")
        await self._granted("anna", "a-3", 3_333, 3_333, voucher_code="SOMMER")
        await self._granted("berta", "b-2", 4_000, voucher_code="SOMMER", reward_id="praemie")
        await self.cancel("berta", "b-2")
        await self._granted("berta", "b-3", 4_000, voucher_code="ZWEITER")
        # The voucher is held, then the reward refused: its points are missing.
        both = {"voucher_code": "SOMMER", "reward_id": "praemie"}
        assert await self.order("carl", "c-2", 2_000, **both) == 409
        # Its release must be counted before the next hold.
        await consumers_at_rest(self._stack.addresses["mongod"])
        assert await self.order("carl", "c-3", 2_000, **both, if_refused="order-without") == 201
        await self.cancel("carl", "c-1")
        await self._order_by_number("dora", "d-1", "V-1", 250)
        together = {"voucher_code": "FUENF", "more_codes": ["ZEHN"]}
        await self._granted("dora", "d-2", 4_000, 6_000, **together)
        await self._granted("dora", "d-3", 4_000, 6_000, **together)
        await self.cancel("dora", "d-3")
        await self._come_back_in_parts()

    async def _come_back_in_parts(self) -> None:
        """Points wait for shipping; a line comes back before it, another after it."""
        who = {"role": "dealer-staff", "user": "chef", "rights": ["edit-sales-terms"]}
        set_ = await self.ask(who, "PUT", "checkout", "/sales-terms", {"points_on": "shipped"})
        token = set_.raise_for_status().headers["Zugabe-Token"]
        for order_id in ("b-4", "b-5"):
            assert await self.order("berta", order_id, 3_333, 6_666, token=token) == 201
        first = {"lines": [{"number": 1, "quantity": 1}], "reason": "damaged"}
        for path, body in (
            ("/orders/b-4/shipments/s-1", {}),
            ("/orders/b-4/returns/r-1", first),
            ("/orders/b-5/returns/r-1", first | {"unshipped": True}),
        ):
            await self.staff("", "PUT", "checkout", path, body)

    async def _granted(self, user: str, order_id: str, *cents: int, **more: Any) -> None:
        """Repeat the order until the rewards of earlier ones have arrived."""

        async def placed() -> None:
            assert await self.order(user, order_id, *cents, **more) == 201, self.history[-1]

        await eventually(placed)

    async def _lay_down(self) -> None:
        usual = {
            "discount_type": "percent", "value": 1_000, "minimum_cents": 0,
            "valid_from": LONG_AGO, "valid_until": FAR_AHEAD,
        }  # fmt: skip
        second = {"title": "Zweitkauf", "code": "ZWEITER", "kind": "second-purchase"}
        summer = {"title": "Sommer", "code": "SOMMER", "max_uses": 3, "max_per_customer": 2}
        ten = {"title": "Zehn", "code": "ZEHN", "combines": True, "max_per_user": 5}
        five = {"title": "Fünf", "code": "FUENF", "combines": True, "max_uses": 2}
        five |= {"discount_type": "fixed", "value": 500, "max_per_user": 5}
        terms = {"pending_days": 0, "starts_on": LONG_AGO, "needs_acceptance": False}
        reward = {"title": "Prämie", "points": 100, "discount_cents": 500}
        promotion = {"title": "Doppelt", "factor": 2, "brands": ["Feder"], "product_groups": []}
        support = {"role": "central", "user": "support", "rights": ["unlock-dealers"]}
        source = {"gift_source": "none"}
        module = await self.ask(support, "PUT", "catalog-shops", "/marketing-module", source)
        module.raise_for_status()
        token = module.headers["Zugabe-Token"]
        for method, service, path, body in (
            ("PUT", "vouchers", "/campaigns/zweitkauf", usual | second | {"max_per_user": 2}),
            ("POST", "vouchers", "/campaigns/zweitkauf/activation", None),
            ("PUT", "vouchers", "/campaigns/sommer", usual | summer | {"max_per_user": 1}),
            ("POST", "vouchers", "/campaigns/sommer/activation", None),
            ("PUT", "vouchers", "/campaigns/zehn", usual | ten),
            ("POST", "vouchers", "/campaigns/zehn/activation", None),
            ("PUT", "vouchers", "/campaigns/fuenf", usual | five),
            ("POST", "vouchers", "/campaigns/fuenf/activation", None),
            ("PUT", "bonus", "/programme", terms),
            ("PUT", "bonus", "/programme/rewards/praemie", reward),
            ("PUT", "bonus", "/programme/promotions/doppelt", promotion),
            ("POST", "bonus", "/programme/activation", None),
            *(("PUT", "bonus", f"/customers/{one}/programme", None) for one in ("k1", "k2")),
        ):
            await self.staff(token, method, service, path, body)

    def lines(self) -> str:
        return "".join(json.dumps(line) + "\n" for line in self.history)
