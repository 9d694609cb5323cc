"""A dealer of a test's own, and the people who talk to the services on their behalf."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

from zugabe.supervisor import Stack

SHARED_CUSTOMER = "So.COMMERCE"
TOKEN = "Zugabe-Token"
INSISTING_SECONDS = 90.0
LONG_AGO, FAR_AHEAD = "2020-01-01", "2199-12-31"

SET_PRICES = "set-prices"
"""The right of those whose carts bring prices; most stories are not about the catalogue."""

type Line = Mapping[str, Any]


def line(unit_cents: int, quantity: int = 1, article: str = "A-1") -> Line:
    """A position of a cart, with a price of its own."""
    return {
        "article": article,
        "product_group": "Schreiben",
        "brand": "Soennecken",
        "quantity": quantity,
        "unit_cents": unit_cents,
    }


def cart(*lines: Line, **more: Any) -> dict[str, Any]:
    return {"lines": list(lines), **more}


def instant_of(token: str) -> tuple[int, int]:
    _part, seconds, increment = token.rsplit(".", 2)
    return int(seconds), int(increment)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Any

    def of(self, *statuses: int) -> Any:
        """The body, when the status is one of these."""
        assert self.status in statuses, (self.status, self.body)
        return self.body

    def refused(self, code: str, status: int = 409) -> Any:
        """The problem, when it is this one (X-7)."""
        assert (self.status, self.body["code"]) == (status, code), self.body
        return self.body


class Person:
    """Somebody with a token, who reads their own writes: queries carry what commands returned.

    `root` is what their paths begin with, such as `/dealers/acme`."""

    def __init__(
        self, http: httpx.AsyncClient, urls: Mapping[str, str], root: str, name: str, bearer: str
    ) -> None:
        self.name = name
        self.bearer = bearer
        self._http = http
        self._urls = urls
        self._root = root
        self._tokens: dict[str, str] = {}

    def url(self, service: str, path: str) -> str:
        return f"{self._urls[service]}{self._root}{path}"

    async def ask(
        self,
        method: str,
        service: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        tokens: str | None = None,
        **query: str,
    ) -> Answer:
        """Queries wait for what this one saw, commands for `tokens` if there are any. Bytes are
        sent as they are."""
        headers = {"Authorization": f"Bearer {self.bearer}"}
        sent: dict[str, Any] = {"json": body}
        if isinstance(body, bytes):
            sent = {"content": body}
            headers["Content-Type"] = "application/octet-stream"
        if key is not None:
            headers["Idempotency-Key"] = key
        if waited_for := self.tokens if tokens is None and method == "GET" else tokens:
            headers[TOKEN] = waited_for
        answer = await self._http.request(
            method, self.url(service, path), headers=headers, params=query, **sent
        )
        if token := answer.headers.get(TOKEN):
            self._saw(token)
        return Answer(answer.status_code, answer.json() if answer.content else None)

    async def insist(
        self, method: str, service: str, path: str, body: Any = None, *, tokens: str | None = None
    ) -> Answer:
        """The same request again and again, until it is answered with more than "not now"."""
        deadline = time.monotonic() + INSISTING_SECONDS
        while True:
            try:
                answer = await self.ask(method, service, path, body, tokens=tokens)
            except httpx.TransportError:
                assert time.monotonic() < deadline, f"{service} is gone"
            else:
                if answer.status != httpx.codes.SERVICE_UNAVAILABLE:
                    return answer
                assert time.monotonic() < deadline, answer.body
            await asyncio.sleep(0.1)

    @property
    def tokens(self) -> str:
        """What stands for all that this one saw."""
        return ",".join(self._tokens.values())

    def saw(self, other: "Person") -> None:
        """From now on this one sees what the other did, too."""
        for token in other._tokens.values():
            self._saw(token)

    def _saw(self, token: str) -> None:
        """Of each part of a log, the latest stands for all before."""
        part = token.rsplit(".", 2)[0]
        self._tokens[part] = max(token, self._tokens.get(part, token), key=instant_of)

    async def place(self, order_id: str, order: Mapping[str, Any]) -> Any:
        """The order, placed now or by an earlier request for it."""
        return (await self.insist("PUT", "checkout", f"/orders/{order_id}", order)).of(200, 201)

    async def cancel(self, order_id: str) -> None:
        path = f"/orders/{order_id}/cancellation"
        (await self.insist("POST", "checkout", path, {"reason": "ordered-twice"})).of(204)

    async def vouchers(self, **query: str) -> Sequence[Any]:
        path = f"/users/{self.name}/vouchers"
        page = (await self.ask("GET", "vouchers", path, **query)).of(200)
        items: Sequence[Any] = page["items"]
        return items

    async def account(self) -> Any:
        return (await self.ask("GET", "bonus", f"/accounts/{self.name}")).of(200)


class Dealer:
    """Nobody else's: what a test finds here, it did."""

    def __init__(self, stack: Stack, http: httpx.AsyncClient) -> None:
        self.name = f"d-{uuid4().hex[:10]}"
        self.stack = stack
        self.http = http
        self.staff = self._person(
            "dealer-staff", "staff", rights=["edit-bonus-settings", "edit-campaigns"]
        )
        self.service = self._person("service", "checkout")
        self.support = self._person("central", "support", rights=["unlock-dealers"])
        self._has_module = False

    def user(
        self, name: str, customer: str = SHARED_CUSTOMER, rights: Sequence[str] = ()
    ) -> Person:
        claims = {"name": name.title(), "email": f"{name}@{self.name}.test"}
        return self._person("user", name, customer=customer, rights=rights, **claims)

    def shopper(self, name: str, customer: str = SHARED_CUSTOMER) -> Person:
        """A user without single rights, as most are."""
        return self._with_rights("user", name, [], customer=customer)

    def _person(self, role: Any, subject: str, rights: Sequence[str] = (), **claims: Any) -> Person:
        return self._with_rights(role, subject, [SET_PRICES, *rights], **claims)

    def _with_rights(self, role: Any, subject: str, rights: Sequence[str], **claims: Any) -> Person:
        bearer = self.token(role, subject, rights, **claims)
        root = f"/dealers/{self.name}"
        return Person(self.http, self.stack.addresses, root, subject, bearer)

    def token(self, role: Any, subject: str, rights: Sequence[str] = (), **claims: Any) -> str:
        """Of this dealer; a central token that named a dealer would be bound to him."""
        tenant = None if role == "central" else self.name
        return self.stack.token(role, user=subject, dealer=tenant, rights=rights, **claims)

    async def order_module(self) -> str:
        """What campaigns and programmes need; the answer stands for it."""
        if not self._has_module:
            body = {"gift_source": "none"}
            module = "/marketing-module"
            (await self.support.insist("PUT", "catalog-shops", module, body)).of(204)
            self._has_module = True
        return self.support.tokens

    async def campaign(self, campaign_id: str, code: str, **terms: Any) -> None:
        """Drawn up and activated; 10 % off, once per user, unless the terms say otherwise."""
        usual = {
            "title": campaign_id.title(),
            "code": code,
            "discount_type": "percent",
            "value": 1_000,
            "minimum_cents": 0,
            "valid_from": LONG_AGO,
            "valid_until": FAR_AHEAD,
        }
        path = f"/campaigns/{campaign_id}"
        module = await self.order_module()
        (await self.staff.insist("PUT", "vouchers", path, usual | terms, tokens=module)).of(200)
        (await self.staff.insist("POST", "vouchers", f"{path}/activation")).of(200)

    async def programme(
        self,
        reward_points: int,
        reward_cents: int,
        customers: Sequence[str] = (SHARED_CUSTOMER,),
        **terms: Any,
    ) -> None:
        """One point per euro at once, and the reward `praemie`, unless the terms say otherwise."""
        usual = {"pending_days": 0, "starts_on": LONG_AGO, "needs_acceptance": False}
        reward = {"title": "Prämie", "points": reward_points, "discount_cents": reward_cents}
        module = await self.order_module()
        for method, path, body in (
            ("PUT", "/programme", usual | terms),
            ("PUT", "/programme/rewards/praemie", reward),
            ("POST", "/programme/activation", None),
            *(("PUT", f"/customers/{customer}/programme", None) for customer in customers),
        ):
            (await self.staff.insist(method, "bonus", path, body, tokens=module)).of(204)
